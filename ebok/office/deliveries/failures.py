"""Answers for mailings that failed: the list, and what becomes of one: sent again, printed, or settled."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.access.queries import account_numbers
from ebok.billing.queries import papers_of
from ebok.einvoicing.operations.failures import (
    FailureRefusal,
    UnableToDealWithFailure,
    send_again,
    send_on_paper,
    settle_failure,
)
from ebok.einvoicing.queries.backlog import failures_waiting
from ebok.einvoicing.queries.documents import document_troubles
from ebok.einvoicing.queries.failures import failures
from ebok.einvoicing.queries.printing import prints_here
from ebok.foundation import clock
from ebok.foundation.formats import grouped
from ebok.kernel.identifiers import hint
from ebok.office import looking
from ebok.office.deliveries.words import failure_line
from ebok.office.frame import page
from ebok.office.scope import acting_staff, staff_view

UNMADE_SHOWN: Final = 200
REFUSALS: Final = {
    FailureRefusal.NOTHING_FAILED: "Ta faktura jest już w drodze albo doszła. Nic nie zmieniliśmy.",
    FailureRefusal.ON_PAPER: "Ta faktura idzie już na papierze. Nic nie zmieniliśmy.",
    FailureRefusal.NO_ADDRESS: "Nie ma adresu, na który można ją wysłać. Wydrukuj ją albo zadzwoń do klienta.",
    FailureRefusal.ONLY_A_COPY: "Faktura jest w KSeF, a e-mail to tylko kopia. Papieru nie trzeba.",
    FailureRefusal.ALREADY_SETTLED: "Ktoś już się tym zajął. Nic nie zmieniliśmy.",
}


@staff_view(StaffAction.SEND_INVOICES)
@require_safe
def failed(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show what could not be sent. Addresses are shown, so that looking leaves a row of audit."""
    shown, waiting = failures(), failures_waiting().count
    looking.listed(request, action=looking.DELIVERY_FAILURES_LISTED, rows=len(shown))
    numbers = account_numbers({one.account_id for one in shown})
    lines = [failure_line(one, numbers) for one in shown]
    context = {
        "stuck": [one for one in lines if not one.failure_id],
        "failed": [one for one in lines if one.failure_id],
        "unmade": _unmade(),
        "more": grouped(str(waiting - len(shown))) if waiting > len(shown) else "",
        "may_open": staff.may(StaffAction.OPEN_CUSTOMER),
    }
    return page(request, staff, "office/deliveries/failures.html", context)


@staff_view(StaffAction.SEND_INVOICES)
@require_POST
def again(request: HttpRequest, invoice_id: int, *, staff: StaffMember) -> HttpResponse:
    """Send the invoice once more, to the address that is confirmed now."""
    with _refusing(request):
        send_again(invoice_id=invoice_id, acting=acting_staff(request), now=clock.now())
        messages.success(request, "Faktura pójdzie jeszcze raz.")
    return redirect("office_failures")


@staff_view(StaffAction.SEND_INVOICES)
@require_POST
def paper(request: HttpRequest, invoice_id: int, *, staff: StaffMember) -> HttpResponse:
    """Send the invoice on paper after all."""
    with _refusing(request):
        send_on_paper(invoice_id=invoice_id, acting=acting_staff(request), now=clock.now())
        said = "Faktura czeka na wydruk." if prints_here() else "Fakturę wydrukuje system rozliczeń."
        messages.success(request, said)
    return redirect("office_failures")


@staff_view(StaffAction.SEND_INVOICES)
@require_POST
def settle(request: HttpRequest, failure_id: int, *, staff: StaffMember) -> HttpResponse:
    """Note that the failure is dealt with in another way."""
    with _refusing(request):
        settle_failure(failure_id=failure_id, acting=acting_staff(request), now=clock.now())
        messages.success(request, "Załatwione. Sama ta faktura już nie wyjdzie.")
    return redirect("office_failures")


def _unmade() -> list[dict[str, str]]:
    """Documents that could not be made or sealed: whose invoice, and why."""
    troubles = dict(islice(document_troubles().items(), UNMADE_SHOWN))
    papers = papers_of(invoice_ids=list(troubles)) if troubles else {}
    numbers = account_numbers({one.account_id for one in papers.values()})
    return [
        {"number": papers[one].number, "account_end": hint(numbers[papers[one].account_id]), "words": words,
         "account_id": str(papers[one].account_id)}
        for one, words in troubles.items()
    ]  # fmt: skip


@contextmanager
def _refusing(request: HttpRequest) -> Iterator[None]:
    """Say why nothing was done; what does not exist is not there."""
    try:
        yield
    except UnableToDealWithFailure as unable:
        if unable.reason is FailureRefusal.NO_SUCH:
            raise Http404 from unable
        messages.info(request, REFUSALS[unable.reason])
