"""Answers for sending invoices: what waits, the runs there were, and starting one."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.einvoicing.operations.runs import RunRefusal, UnableToStartRun, start_run
from ebok.einvoicing.queries.backlog import failures_waiting, waiting_kinds
from ebok.einvoicing.queries.documents import seal_trouble, seal_warning
from ebok.einvoicing.queries.reports import count_open_reports
from ebok.einvoicing.queries.runs import open_runs, runs, to_send
from ebok.foundation import clock
from ebok.foundation.formats import grouped, moment
from ebok.office.deliveries.words import run_lines
from ebok.office.frame import page
from ebok.office.scope import acting_staff, staff_view
from ebok.office.words import counted, waiting_for

RUNS_SHOWN: Final = 20
REFUSALS: Final = {
    RunRefusal.NOTHING_TO_SEND: "Żadna faktura nie czeka na wysyłkę. Nic nie wysłano.",
    RunRefusal.ONE_IS_STOPPED: "Poprzednia wysyłka stoi. Najpierw ją wznów.",
}


@staff_view(StaffAction.SEND_INVOICES)
@require_safe
def deliveries(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show how many invoices wait to be sent and since when, and the runs there were."""
    context = {
        "waiting": _waiting(),
        "open_runs": run_lines(open_runs()),
        "runs": run_lines(runs(limit=RUNS_SHOWN)),
        "failed": grouped(str(failures_waiting().count)),
        "reported": grouped(str(count_open_reports())),
        "seal_trouble": seal_trouble(now=clock.now()),
        "seal_warning": seal_warning(now=clock.now()),
    }
    return page(request, staff, "office/deliveries/list.html", context)


@staff_view(StaffAction.SEND_INVOICES)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Say what a run would send, and start it when it is confirmed."""
    if request.method != "POST":
        context = {"waiting": _waiting(), "kinds": _kinds(), "open_runs": run_lines(open_runs())}
        return page(request, staff, "office/deliveries/start.html", context)
    try:
        run_id = start_run(acting=acting_staff(request), now=clock.now())
    except UnableToStartRun as unable:
        messages.info(request, REFUSALS[unable.reason])
        return redirect("office_deliveries")
    messages.success(request, "Wysyłka ruszyła. Możesz zamknąć tę stronę, wysyłka pójdzie dalej.")
    return redirect("office_run", run_id)


def _waiting() -> dict[str, str]:
    waits = to_send()
    if waits.oldest is None:
        return {"count": "", "since": "", "age": ""}
    return {
        "count": counted(waits.count, "faktura", "faktury", "faktur"),
        "since": moment(waits.oldest),
        "age": waiting_for(clock.now() - waits.oldest),
    }


def _kinds() -> list[tuple[str, str]]:
    kinds = waiting_kinds()
    told = (("Faktury", kinds.invoices), ("Korekty", kinds.corrections), ("Kopie faktur z KSeF", kinds.copies))
    return [(word, grouped(str(count))) for word, count in told]
