"""Answers for the steps staff take: accept, ask, refuse, confirm. Of two clerks at once one wins, kindly."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ebok.access.domain import StaffAction, StaffMember
from ebok.enrolment.domain.application_views import ApplicationView, AskedAccount
from ebok.enrolment.domain.applications import ApplicationState
from ebok.enrolment.operations import (
    ApplicationRefusal,
    UnableToApply,
    accept_application,
    ask_applicant,
    confirm_application,
    refuse_application,
)
from ebok.foundation import clock
from ebok.office.applications.forms import AcceptForm, AskForm, RefuseForm, StepForm
from ebok.office.applications.views import compared, found_or_404, steps_open
from ebok.office.frame import page
from ebok.office.scope import acting_staff, staff_view

TAKEN: Final = "W międzyczasie ktoś inny zajął się tym wnioskiem. Sprawdź historię i zdecyduj jeszcze raz."
DONE_ALREADY: Final = "Tego kroku nie da się już zrobić: wniosek jest teraz w innym miejscu."
SAME_PERSON: Final = "Dostęp firmy potwierdza inna osoba niż ta, która przyjęła wniosek. Poproś kogoś z biura."
ENTERED_IT: Final = "Ten formularz jest wpisany przez Ciebie. O przyjęciu decyduje druga osoba. Poproś kogoś z biura."
REFUSED: Final = {
    ApplicationRefusal.ENTERED_IT: ENTERED_IT,
    ApplicationRefusal.NO_ACCOUNTS: "Wybierz konta jeszcze raz: któregoś z nich już nie ma.",
    ApplicationRefusal.WORDS: "Wpisz tekst zwykłymi literami, najwyżej 2000 znaków.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its name among those open, its operation, its title and button, and what is said afterwards."""

    name: str
    operation: Callable[..., Any]
    title: str
    lead: str
    button: str
    done: str
    kind: str = ""


ACCEPT: Final = Step(
    name="accept", operation=accept_application, title="Przyjąć wniosek?", button="Przyjmij wniosek",
    lead="Wnioskodawca dostanie kod aktywacyjny: e-mailem, a bez e-maila listem na adres z umowy.",
    done="Wniosek przyjęty.",
)  # fmt: skip
ASK: Final = Step(
    name="ask", operation=ask_applicant, title="O co zapytać?", button="Wyślij pytanie",
    lead="Wniosek poczeka na odpowiedź.", done="Pytanie zapisane.",
)  # fmt: skip
REFUSE: Final = Step(
    name="refuse", operation=refuse_application, title="Odrzucić wniosek?", button="Odrzuć wniosek",
    lead="Odrzuconego wniosku nie da się przywrócić. Wnioskodawca może złożyć nowy.",
    done="Wniosek odrzucony.", kind="danger",
)  # fmt: skip
CONFIRM: Final = Step(
    name="confirm", operation=confirm_application, title="Potwierdzić przyjęcie?", button="Potwierdź przyjęcie",
    lead="Jesteś drugą osobą. Wnioskodawca dostanie kod aktywacyjny: e-mailem, a bez e-maila listem na adres z umowy.",
    done="Wniosek potwierdzony.",
)  # fmt: skip


@staff_view(StaffAction.DECIDE_APPLICATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, application_id: int, *, staff: StaffMember) -> HttpResponse:
    """Accept for the accounts chosen among those asked for."""
    view = found_or_404(application_id)
    if view.entered_by == staff.user_id:
        messages.info(request, ENTERED_IT)
        return redirect("office_application", application_id=application_id)
    asked = compared(request, staff, application_id)
    among = list({str(one.account_id): _choice(one) for one in asked if one.account_id is not None}.items())
    fits = [str(one.account_id) for one in asked if one.account_id is not None and one.identity_fits and not one.closed]
    form = AcceptForm(_typed(request), among=among, initial={"seen": view.seen, "accounts": fits})
    return _step(request, staff, view, ACCEPT, form)


@staff_view(StaffAction.DECIDE_APPLICATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, application_id: int, *, staff: StaffMember) -> HttpResponse:
    """Ask the applicant something."""
    view = found_or_404(application_id)
    return _step(request, staff, view, ASK, AskForm(_typed(request), initial={"seen": view.seen}))


@staff_view(StaffAction.DECIDE_APPLICATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, application_id: int, *, staff: StaffMember) -> HttpResponse:
    """Refuse with a reason."""
    view = found_or_404(application_id)
    return _step(request, staff, view, REFUSE, RefuseForm(_typed(request), initial={"seen": view.seen}))


@staff_view(StaffAction.DECIDE_APPLICATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, application_id: int, *, staff: StaffMember) -> HttpResponse:
    """Confirm what another person accepted."""
    view = found_or_404(application_id)
    if view.accepted_by == staff.user_id:
        messages.info(request, SAME_PERSON)
        return redirect("office_application", application_id=application_id)
    return _step(request, staff, view, CONFIRM, StepForm(_typed(request), initial={"seen": view.seen}))


def _step(request: HttpRequest, staff: StaffMember, view: ApplicationView, step: Step, form: StepForm) -> HttpResponse:
    if not steps_open(view)[step.name]:
        messages.info(request, DONE_ALREADY)
        return redirect("office_application", application_id=view.application_id)
    if form.is_valid() and _taken(request, staff, view, step, form):
        messages.success(request, f"{step.done} {what_next(found_or_404(view.application_id))}")
        return redirect("office_application", application_id=view.application_id)
    context = {"form": form, "step": step, "number": view.number, "name": view.answers.name, "seen": str(view.seen)}
    return page(request, staff, "office/applications/step.html", context | {"id": str(view.application_id)})


def _taken(request: HttpRequest, staff: StaffMember, view: ApplicationView, step: Step, form: StepForm) -> bool:
    try:
        step.operation(
            application_id=view.application_id, seen=form.cleaned_data["seen"], staff_id=staff.user_id,
            acting=acting_staff(request), now=clock.now(), **form.answers(),
        )  # fmt: skip
    except UnableToApply as unable:
        form.add_error(None, REFUSED.get(unable.reason, TAKEN))
        return False
    return True


def what_next(view: ApplicationView) -> str:
    """What the applicant gets of the step just taken, or whom the application waits for."""
    if view.state is ApplicationState.HALF_ACCEPTED:
        return "Czeka teraz na drugą osobę z biura. Wnioskodawca jeszcze nic nie dostanie."
    if view.answers.email:
        return "Wnioskodawca dostanie e-mail."
    if view.state is ApplicationState.ACCEPTED:
        return "Kod pójdzie listem na adres z umowy: wydrukuj go w Listach."
    return "Wnioskodawca nie podał e-maila. Zobaczy to na stronie wniosku, możesz też zadzwonić."


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _choice(one: AskedAccount) -> str:
    owner = ", ma właściciela: powstanie prośba do niego" if one.has_owner else ""
    return f"{one.number}: {one.holder_name}{', konto zamknięte' if one.closed else ''}{owner}"
