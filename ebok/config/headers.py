"""What browsers may load into our pages: only what we serve ourselves."""

from typing import Final

NONE: Final = "'none'"
SELF: Final = "'self'"

CONTENT_SECURITY_POLICY: Final = {
    "default-src": [NONE],
    "img-src": [SELF, "data:"],
    "style-src": [SELF],
    "script-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "manifest-src": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
