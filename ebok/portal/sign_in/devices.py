"""The cookie by which a login knows a browser it was used from. It opens nothing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ebok.access.operations import see_device
from ebok.access.operations.devices import DEVICE_KEPT
from ebok.audit.domain import Actor
from ebok.foundation import clock
from ebok.web.browsers import browser_words


def device_cookie(request: HttpRequest) -> str:
    """What the browser shows of itself; empty when it shows nothing."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def note_device(request: HttpRequest, answer: HttpResponse, *, user_id: int, acting: Actor) -> None:
    """Note a good sign-in from this browser, tell of a new one, and let the browser keep its cookie."""
    words = browser_words(request.headers.get("User-Agent", ""))
    cookie = device_cookie(request)
    seen = see_device(user_id=user_id, cookie=cookie, description=words, acting=acting, now=clock.now())
    answer.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        seen.cookie,
        max_age=DEVICE_KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
