"""A request as the product reads it: in UTF-8, whatever its header says."""

from typing import Any, Final

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

UNREADABLE: Final = "unreadable"


class Utf8Request(WSGIRequest):
    """Notes the charset a request declares and reads by none but UTF-8; `CharsetMiddleware` then refuses others.

    Django reads the address by the declared charset while it makes the request, before any middleware, and some
    charsets that Python knows are no writing at all.
    """

    def _set_content_type_params(self, meta: Any) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            self.content_type, self.content_params = "", {"charset": UNREADABLE}


class Utf8Handler(WSGIHandler):
    """Django's handler with requests of ours."""

    request_class = Utf8Request
