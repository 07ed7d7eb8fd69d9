"""Answers for whoever comes back by number and code: to a draft, or to see where an application stands."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ebok.enrolment.domain.application_views import ApplicantView
from ebok.enrolment.domain.applications import ApplicationState
from ebok.enrolment.operations import UnableToApply, answer_question, withdraw_application
from ebok.enrolment.queries.applications import applicant_view, application_by_code
from ebok.foundation import clock
from ebok.portal.applications.doors import furthest, switched_on
from ebok.portal.applications.forms import AnswerForm, NumberAndCodeForm
from ebok.portal.applications.keeping import keep, kept, leave
from ebok.portal.applications.limits import asked_rightly, may_ask_about
from ebok.portal.applications.words import facts, history, state_words
from ebok.portal.scope import acting_user

WRONG: Final = "Ten numer i kod do siebie nie pasują. Sprawdź je albo zadzwoń do nas."
TOO_MANY: Final = "Za dużo prób. Odczekaj ponad godzinę albo zadzwoń do nas."
CHANGED: Final = "Wniosek zmienił się w międzyczasie. Sprawdź, co jest teraz."


@switched_on
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest) -> HttpResponse:
    """Find an application by number and code: a draft goes on, a sent one shows where it stands."""
    form = NumberAndCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _found(request, form):
        held = kept(request)
        if held is not None and held.draft.state is ApplicationState.DRAFT:
            return redirect(furthest(held).url)
        return redirect("application_state")
    return render(request, "portal/applications/come_back.html", {"form": form})


def _found(request: HttpRequest, form: NumberAndCodeForm) -> bool:
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    if not may_ask_about(request, number=number):
        form.add_error("code", TOO_MANY)
        return False
    application_id = application_by_code(number=number, code=code)
    if application_id is None:
        form.add_error("code", WRONG)
        return False
    asked_rightly(request, number=number)
    keep(request, application_id=application_id, code=code)
    return True


@switched_on
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def state(request: HttpRequest) -> HttpResponseBase:
    """Show where the application of this browser stands; without one ask for number and code."""
    held = kept(request)
    if request.method == "POST" or held is None:
        return come_back(request)
    view = applicant_view(application_id=held.draft.application_id)
    if view is None:
        return redirect(furthest(held).url)
    return _state_page(request, view, AnswerForm())


@switched_on
@require_POST
def answer(request: HttpRequest) -> HttpResponseBase:
    """Take the answer to our question."""
    held = kept(request)
    view = applicant_view(application_id=held.draft.application_id) if held else None
    if held is None or view is None:
        return redirect("application_state")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _state_page(request, view, form)
    try:
        answer_question(
            application_id=view.application_id,
            answer=form.cleaned_data["answer"],
            acting=acting_user(request),
            now=clock.now(),
        )
        messages.success(request, "Mamy Twoją odpowiedź.")
    except UnableToApply:
        messages.warning(request, CHANGED)
    return redirect("application_state")


@switched_on
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponseBase:
    """Ask once, then withdraw the application."""
    held = kept(request)
    if held is None or held.draft.state is ApplicationState.DRAFT or held.draft.state.is_final:
        return redirect("application_state")
    if request.method != "POST":
        return render(request, "portal/applications/withdraw.html", {"number": held.draft.number})
    try:
        withdraw_application(application_id=held.draft.application_id, acting=acting_user(request), now=clock.now())
    except UnableToApply:
        messages.warning(request, CHANGED)
    return redirect("application_state")


@switched_on
@require_POST
def leave_device(request: HttpRequest) -> HttpResponse:
    """Forget the application on this device."""
    leave(request)
    messages.info(request, "Na tym urządzeniu nie ma już Twojego wniosku. Wrócisz do niego numerem i kodem.")
    return redirect("application_back")


def _state_page(request: HttpRequest, view: ApplicantView, form: AnswerForm) -> HttpResponse:
    context = {
        "form": form,
        "view": view,
        "state": state_words(view),
        "history": history(view),
        "facts": facts(view.answers),
        "asked": view.state is ApplicationState.ASKED,
        "accepted": view.state is ApplicationState.ACCEPTED,
        "refused": view.state is ApplicationState.REFUSED,
        "open": not view.state.is_final,
        "number": view.number,
    }
    return render(request, "portal/applications/state.html", context)
