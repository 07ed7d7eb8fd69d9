"""The way to the sign-in page and back to where one was going, for both faces."""

from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseRedirect
from django.urls import reverse

from ebok.web.sessions import ENDED, ENDED_WORDS, GONE_WORDS


def to_sign_in(request: HttpRequest, *, home: str) -> HttpResponseRedirect:
    """Ask to sign in and come back: to the page asked for, to the one that sent a form, or to `home`."""
    if request.META.get(ENDED):
        messages.info(request, ENDED_WORDS)
    elif _names_an_ended_session(request):
        messages.info(request, GONE_WORDS)
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else page_before(request, home)
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': back})}")


def _names_an_ended_session(request: HttpRequest) -> bool:
    """Whether the browser still holds the cookie of a session that is no more: ended elsewhere, or too old."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.session_key is None


def network_address(request: HttpRequest) -> str:
    """The address the request comes from, as the trusted proxies tell it."""
    address: str = get_adapter(request).get_client_ip(request)
    return address


def page_before(request: HttpRequest, home: str) -> str:
    """Return the page of ours that sent this form, so that one comes back to it and not to the form's address."""
    before = urlsplit(request.headers.get("Referer", ""))
    ours = before.netloc == request.get_host() and before.path.startswith("/")
    return before.path + (f"?{before.query}" if before.query else "") if ours else home
