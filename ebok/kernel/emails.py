"""E-mail addresses: one rule for whatever is typed, kept, or written to."""

import re
from typing import Final

LONGEST: Final = 254
"""Letters of a whole address (RFC 5321, 4.5.3.1.3, without its angle brackets)."""
_LOCAL_LONGEST: Final = 64
_DOMAIN_LONGEST: Final = 253
_ATOM: Final = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")


def email_address(typed: str) -> str | None:
    """Return the address in small letters, or None when it is none that a message can be sent to.

    Plain ASCII only, so that no address looks like another one; a domain with other letters is written as IDNA writes
    it (`xn--…`). No quoted local parts, no numbers of hosts in brackets: nobody has these, and mail servers differ.
    """
    # Before the small letters: the Kelvin sign becomes a k.
    if len(typed) > LONGEST or not typed.isascii():
        return None
    address = typed.lower()
    local, _, domain = address.rpartition("@")
    fits = len(local) <= _LOCAL_LONGEST and len(domain) <= _DOMAIN_LONGEST
    return address if fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) else None
