"""What every answer goes through: the request log, the security headers, what is refused, the limits of a session."""

from collections.abc import Callable
from typing import Final

import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django_structlog.middlewares import RequestMiddleware

from ebok.foundation import clock
from ebok.foundation.logs import without_drawn
from ebok.web.errors import bad_request
from ebok.web.sessions import limit, loaded_session

REFUSED_METHODS: Final = frozenset({"TRACE", "TRACK", "CONNECT"})
CHARSETS: Final = frozenset({"utf-8", "utf8", "utf_8"})
ALLOWED_METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
}


GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestLogMiddleware(RequestMiddleware):
    """Gives every request a number and logs it, without the query string and without asking the database."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Write the method and the path; the printed code of an invoice, or the mark of a mail's link, is left out.

        Whoever reads logs must not be able to press the link.
        """
        return f"{request.method} {without_drawn(request.path)}"

    @staticmethod
    def bind_user_id(request: HttpRequest) -> None:
        """Name the user by number, when the request had to find out who it is."""
        user_id = loaded_session(request).get(SESSION_KEY)
        if user_id is not None:
            structlog.contextvars.bind_contextvars(user_id=user_id)


class HeadersMiddleware:
    """Adds the security headers to every answer: pages, errors, static files and documents."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers; what signed-in people see is stored nowhere."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if SESSION_KEY in loaded_session(request):
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class MethodsMiddleware:
    """Refuses methods that echo or tunnel (ASVS 13.4.4), static files included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 405, or pass the request on."""
        return (
            HttpResponseNotAllowed(ALLOWED_METHODS) if request.method in REFUSED_METHODS else self.get_response(request)
        )


class CharsetMiddleware:
    """Refuses requests that say they are written otherwise than in UTF-8, as no browser says of our pages.

    Python knows "charsets" that are no writing at all (rot13, base64, idna); Django would read a form by them and fail.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 400, or pass the request on."""
        charset = (request.content_params or {}).get("charset")
        if charset is None:
            return self.get_response(request)
        request.encoding = "utf-8"
        return self.get_response(request) if charset.lower() in CHARSETS else bad_request(request)


class SessionLimitsMiddleware:
    """Ends a signed-in session 30 minutes after the last visit and 12 hours after its start (ASVS 7.3.1, 7.3.2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out who stayed too long, then answer."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            limit(request, now=clock.now().timestamp())
        return self.get_response(request)
