"""Answers for checking and sending an application, and for its paper form."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from ebok.enrolment.operations import ApplicationRefusal, UnableToApply, submit_application
from ebok.enrolment.queries.application_papers import application_pdf
from ebok.enrolment.queries.applications import applicant_view
from ebok.foundation import clock
from ebok.foundation.formats import long_date
from ebok.portal.applications.doors import furthest, switched_on, with_draft
from ebok.portal.applications.keeping import Kept, kept
from ebok.portal.applications.limits import may_have_file, may_send_to
from ebok.portal.applications.words import CHECK, TERMS, before, facts, progress
from ebok.portal.scope import acting_user
from ebok.web.clause import CLAUSE_VERSION, clause
from ebok.web.errors import too_many_downloads

TOO_MANY: Final = "Na ten e-mail wysłano dziś już kilka wniosków. Spróbuj jutro albo zadzwoń do nas."
TERMS_CHANGED: Final = "Regulamin właśnie się zmienił. Przeczytaj nowy i zaznacz zgodę jeszcze raz."
FORM_NAME: Final = "formularz-ebok.pdf"


@with_draft
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, *, held: Kept) -> HttpResponseBase:
    """Show every answer; send the application when told to."""
    page = furthest(held)
    if page is not CHECK:
        return redirect(page.url)
    fault = ""
    if request.method == "POST":
        if not may_send_to(held.draft.answers.email):
            fault = TOO_MANY
        else:
            return redirect(_sent(request, held))
    return render(request, "portal/applications/check.html", _check_page(held, fault))


def _sent(request: HttpRequest, held: Kept) -> str:
    """Send it. Returns the name of the page that follows: the confirmation, or what has to be mended first."""
    try:
        submit_application(
            application_id=held.draft.application_id,
            code=held.code,
            terms_version_id=held.terms_version_id or 0,
            clause_version=CLAUSE_VERSION,
            today=clock.today(),
            acting=acting_user(request),
            now=clock.now(),
        )
    except UnableToApply as unable:
        if unable.reason is ApplicationRefusal.TERMS:
            messages.warning(request, TERMS_CHANGED)
            return TERMS.url_name
        # Changed or forgotten in another window meanwhile: the check page knows what lacks.
        return CHECK.url_name
    return "application_sent"


def _check_page(held: Kept, fault: str) -> dict[str, Any]:
    return {
        "page": CHECK,
        "back": before(CHECK),
        "steps": progress(CHECK),
        "facts": facts(held.draft.answers),
        "fault": fault,
        "number": held.draft.number,
        "code": held.code_words,
    }


@switched_on
@require_safe
def sent(request: HttpRequest) -> HttpResponseBase:
    """Confirm: the number, the code, what happens next and how long it takes."""
    held = kept(request)
    view = applicant_view(application_id=held.draft.application_id) if held else None
    if held is None or view is None:
        return redirect("application")
    context = {
        "number": view.number,
        "code": held.code_words,
        "email": view.answers.email,
        "decide_by": long_date(view.decide_by.date()),
    }
    return render(request, "portal/applications/sent.html", context)


@switched_on
@require_safe
def pdf(request: HttpRequest) -> HttpResponseBase:
    """Send this browser's application as the paper form."""
    held = kept(request)
    if held is None:
        return redirect("application_state")
    name = f"wniosek-{held.draft.number.replace('/', '-')}.pdf"
    return _file(request, application_id=held.draft.application_id, name=name)


@switched_on
@require_safe
def empty_form(request: HttpRequest) -> HttpResponseBase:
    """Send the empty form, to fill by hand."""
    return _file(request, application_id=None, name=FORM_NAME)


def _file(request: HttpRequest, *, application_id: int | None, name: str) -> HttpResponse:
    if not may_have_file(request):
        return too_many_downloads(request)
    made = application_pdf(
        application_id=application_id,
        clause_of=lambda version: clause(version=version or CLAUSE_VERSION),
        site=settings.EBOK_PUBLIC_URL,
        today=clock.today(),
    )
    if made is None:
        raise Http404
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
