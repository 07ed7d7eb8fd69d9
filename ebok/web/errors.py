"""Pages for when something did not work. Those for 500 and 503 ask neither the database nor any context."""

import secrets

import structlog
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from ebok.foundation.utility import utility
from ebok.web.appearance import Appearance
from ebok.web.sessions import STAFF

SIGNED_IN_ALREADY = "Logowanie już się udało, w innej karcie. Chcesz wejść innym loginem? Najpierw się wyloguj."
REFERENCE_CHARACTERS = 8
MAINTENANCE_RETRY_SECONDS = 120
DOWNLOADS_RETRY_SECONDS = 60 * 60
log = structlog.get_logger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be understood."""
    return render(request, "web/errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not allowed here."""
    return render(request, "web/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing of yours."""
    return render(request, "web/errors/404.html", status=404)


def too_many_downloads(request: HttpRequest) -> HttpResponse:
    """429: so many files in an hour that somebody else would wait for theirs."""
    answer = render(request, "web/errors/429.html", status=429)
    answer.headers["Retry-After"] = str(DOWNLOADS_RETRY_SECONDS)
    return answer


def file_unavailable(request: HttpRequest, fault: Exception) -> HttpResponse:
    """503: a file we keep cannot be read. `fault` says which one, by its hash, and goes to the log only."""
    log_unavailable(fault)
    return render(request, "web/errors/file.html", status=503)


def log_unavailable(fault: Exception) -> None:
    """Tell the operator which stored file cannot be read."""
    log.error("stored_file_unavailable", sha256=str(fault), fault=type(fault).__name__)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or came from elsewhere.

    A form for signing in left open in another tab while somebody signed in leads on to where they are signed in.
    """
    if request.path == reverse("account_login") and SESSION_KEY in request.session:
        messages.info(request, SIGNED_IN_ALREADY)
        return redirect("/biuro/" if STAFF in request.session else "/panel/")
    return render(request, "web/errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The reference number stands on the page and in the log."""
    return HttpResponse(alone(request, "web/errors/500.html", reference=reference()), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: closed for a moment, for example while the database is away."""
    page = alone(request, "web/errors/503.html", reference=reference())
    return HttpResponse(page, status=503, headers={"Retry-After": str(MAINTENANCE_RETRY_SECONDS)})


def alone(request: HttpRequest, template: str, *, reference: str) -> str:
    """Render a page from the utility's facts and the cookie of looks only: no session, user, or database."""
    facts = {
        "utility": utility(),
        "appearance": Appearance.from_cookies(request.COOKIES),
        "reference": reference,
    }
    return render_to_string(template, facts)


def reference() -> str:
    """A short number to read over the phone: of the request's id in the log, or one made and logged now."""
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    if request_id:
        return request_id.replace("-", "")[:REFERENCE_CHARACTERS].upper()
    made = secrets.token_hex(REFERENCE_CHARACTERS // 2).upper()
    log.error("error_page_shown", reference=made)
    return made
