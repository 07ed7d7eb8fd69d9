"""Answers for the pages anyone may read."""

from itertools import groupby

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from ebok.documents import queries as documents
from ebok.documents.domain import DocumentUnavailable
from ebok.foundation.utility import utility
from ebok.portal.pages import statement
from ebok.portal.pages.forms import AppearanceForm
from ebok.portal.pages.listing import ListedDocument, listed
from ebok.web.appearance import COOKIE, COOKIE_SECONDS, Appearance
from ebok.web.clause import clause
from ebok.web.errors import file_unavailable
from ebok.web.rules import public

HOME = "/"
DIALED_AS_ONE_WORD = 4


@public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the three doors."""
    context = {
        "long_alarm": len(utility().alarm_phone) > DIALED_AS_ONE_WORD,
        "applications": settings.EBOK_APPLICATIONS,
    }
    return render(request, "portal/pages/start.html", context)


@public
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """List what the utility publishes, the versions of one document together."""
    rows = [listed(publication) for publication in documents.published()]
    titles: list[tuple[str, list[ListedDocument]]] = [
        (title, list(versions)) for title, versions in groupby(rows, key=lambda row: row.title)
    ]
    return render(
        request, "portal/pages/documents.html", {"titles": titles, "applications": settings.EBOK_APPLICATIONS}
    )


@public
@require_safe
def document_file(request: HttpRequest, publication_id: int) -> HttpResponse:
    """Send one version of a published document to be saved."""
    found = documents.publication(publication_id=publication_id)
    if found is None:
        raise Http404
    try:
        content = documents.read(sha256=found.sha256)
    except DocumentUnavailable as fault:
        return file_unavailable(request, fault)
    answer = HttpResponse(content, content_type=found.media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.file_name)
    return answer


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the whole information clause of art. 13 RODO."""
    return render(request, "portal/pages/privacy.html", {"clause": clause()})


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility declaration (warunki techniczne v2.0 of 2024-07-31)."""
    return render(request, "portal/pages/accessibility.html", statement.facts())


@public
@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: HttpRequest) -> HttpResponse:
    """Let a person choose colours, contrast and size of text; keep it in a cookie and go back where they were."""
    if request.method != "POST":
        back = safe_path(request, request.GET.get("wroc", ""))
        return _choice(request, form=_form_now(request), back=back)
    back = safe_path(request, request.POST.get("wroc", ""))
    form = AppearanceForm(request.POST)
    if not form.is_valid():
        return _choice(request, form=form, back=back)
    answer = redirect(back)
    answer.set_cookie(
        COOKIE,
        form.chosen().cookie_value(),
        max_age=COOKIE_SECONDS,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


def safe_path(request: HttpRequest, wanted: str) -> str:
    """Return the place to go back to when it is one of ours, the start page otherwise."""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    return wanted if ours else HOME


def _form_now(request: HttpRequest) -> AppearanceForm:
    now = Appearance.from_cookies(request.COOKIES)
    return AppearanceForm(initial={"theme": now.theme, "contrast": now.contrast, "text": now.text})


def _choice(request: HttpRequest, *, form: AppearanceForm, back: str) -> HttpResponse:
    return render(request, "portal/pages/appearance.html", {"form": form, "back": back})
