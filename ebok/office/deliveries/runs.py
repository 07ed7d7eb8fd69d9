"""Answers for one run: how far it is, stopping it and letting it go on."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.einvoicing.operations.runs import RunRefusal, UnableToChangeRun, resume_run, stop_run
from ebok.einvoicing.queries.runs import run_progress
from ebok.foundation import clock
from ebok.office.deliveries.words import run_lines
from ebok.office.frame import page
from ebok.office.scope import acting_staff, staff_view
from ebok.web.sessions import asks_by_itself

REFUSALS: Final = {
    RunRefusal.HAS_ENDED: "Ta wysyłka już się skończyła. Nic nie zmieniliśmy.",
    RunRefusal.ALREADY_STOPPED: "Ktoś już zatrzymał tę wysyłkę.",
    RunRefusal.NOT_STOPPED: "Ta wysyłka nie jest zatrzymana.",
}


@staff_view(StaffAction.SEND_INVOICES)
@require_safe
def run(request: HttpRequest, run_id: int, *, staff: StaffMember) -> HttpResponse:
    """Show how far a run is. While it is open the page asks for its own part again, and is loaded anew at the end."""
    progress = run_progress(run_id=run_id)
    if progress is None:
        raise Http404
    (line,) = run_lines([progress])
    answer = page(request, staff, "office/deliveries/run.html", {"run": line})
    if asks_by_itself(request) and not line.open:
        answer.headers["HX-Refresh"] = "true"
    return answer


@staff_view(StaffAction.SEND_INVOICES)
@require_POST
def stop(request: HttpRequest, run_id: int, *, staff: StaffMember) -> HttpResponse:
    """Hold a run: what the server has is sent, nothing more goes out."""
    try:
        stop_run(run_id=run_id, acting=acting_staff(request), now=clock.now())
        messages.success(request, "Wysyłka zatrzymana. Wznowisz ją w każdej chwili.")
    except UnableToChangeRun as unable:
        _refused(request, unable.reason)
    return redirect("office_run", run_id)


@staff_view(StaffAction.SEND_INVOICES)
@require_POST
def resume(request: HttpRequest, run_id: int, *, staff: StaffMember) -> HttpResponse:
    """Let a held run go on where it stood."""
    try:
        resume_run(run_id=run_id, acting=acting_staff(request), now=clock.now())
        messages.success(request, "Wysyłka wznowiona.")
    except UnableToChangeRun as unable:
        _refused(request, unable.reason)
    return redirect("office_run", run_id)


def _refused(request: HttpRequest, reason: RunRefusal) -> None:
    if reason is RunRefusal.NO_SUCH_RUN:
        raise Http404
    messages.info(request, REFUSALS[reason])
