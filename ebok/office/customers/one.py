"""One customer: the reason for opening them, what is on file, and what a clerk does there."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from ebok.access.domain import OpenVisit, StaffAction, StaffMember
from ebok.access.operations import UnableToOpenCustomer, leave_customer, open_customer
from ebok.access.queries import open_invitations, people_with_access, waiting_requests
from ebok.audit.queries import deeds
from ebok.billing.queries.accounts import balances
from ebok.billing.queries.invoices import list_invoices
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope
from ebok.einvoicing.queries.transmissions import transmissions
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.office.customers.forms import VisitForm
from ebok.office.customers.words import (
    balance_words,
    change_line,
    consent_lines,
    invoice_line,
    on_file,
    people_lines,
)
from ebok.office.frame import page
from ebok.office.journal.words import deed_lines
from ebok.office.scope import acting_staff, scope_of, staff_view, visit_here
from ebok.terms.queries import standings

INVOICES_SHOWN: Final = 6
DEEDS_SHOWN: Final = 12
CHANGES_SHOWN: Final = 5


@staff_view(StaffAction.OPEN_CUSTOMER)
@require_http_methods(["GET", "HEAD", "POST"])
def customer(request: HttpRequest, account_id: int, *, staff: StaffMember) -> HttpResponse:
    """Ask once a visit for the reason, then show the customer."""
    visit = visit_here(request, staff, account_id)
    if visit is not None:
        return redirect("office_customer", account_id) if request.method == "POST" else _shown(request, staff, visit)
    form = VisitForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return page(request, staff, "office/customers/reason.html", {"form": form, "name": _name(account_id)})
    _open(request, staff, account_id, form.reason())
    return redirect("office_customer", account_id)


@staff_view(StaffAction.OPEN_CUSTOMER)
@require_POST
def leave(request: HttpRequest, account_id: int, *, staff: StaffMember) -> HttpResponse:
    """End the visit: opening the customer again asks for a reason again."""
    visit_here(request, staff, account_id)
    leave_customer(session_key=request.session.session_key or "", account_id=account_id, now=clock.now())
    messages.success(request, "Klient zamknięty. Następne otwarcie zapyta o powód.")
    return redirect("office_customers")


def _open(request: HttpRequest, staff: StaffMember, account_id: int, reason: str) -> None:
    try:
        open_customer(
            staff=staff,
            account_id=account_id,
            reason=reason,
            session_key=request.session.session_key or "",
            acting=acting_staff(request),
            now=clock.now(),
        )
    except UnableToOpenCustomer as unable:
        raise Http404 from unable


def _name(account_id: int) -> str:
    """The account's number: whose it is stands behind the reason."""
    scope = CustomerScope.for_staff(frozenset({account_id}), reason="open")
    found = customers.account(scope=scope, account_id=account_id)
    return found.number if found else ""


def _shown(request: HttpRequest, staff: StaffMember, visit: OpenVisit) -> HttpResponse:
    today, scope = clock.today(), scope_of(visit)
    held = customers.account(scope=scope, account_id=visit.account_id)
    if held is None:
        raise Http404
    label, value, note = balance_words(balances(scope=scope, today=today).get(held.id))
    rows = list_invoices(scope=scope, today=today, limit=INVOICES_SHOWN).rows
    ways = transmissions(scope=scope, invoice_ids=[row.id for row in rows])
    trail = deeds(account_ids=scope.account_ids, limit=DEEDS_SHOWN)
    context = {
        "held": held,
        "account_id": str(held.id),
        "facts": on_file(held),
        "balance": {"label": label, "value": value, "note": note},
        "invoices": [invoice_line(row, ways.get(row.id)) for row in rows],
        "consents": consent_lines(standings(scope=scope, account_id=held.id, day=today)),
        "may_enter_consents": staff.may(StaffAction.ENTER_CONSENTS),
        "deeds": deed_lines(trail, numbers={held.id: held.number}),
        "visit": {"reason": visit.reason, "since": moment(visit.opened_at)},
        "may_print": staff.may(StaffAction.PRINT_LETTERS),
    }
    return page(request, staff, "office/customers/one.html", context | _access(scope, staff) | _changes(scope, staff))


def _changes(scope: CustomerScope, staff: StaffMember) -> dict[str, Any]:
    asked = customers.data_changes(scope=scope, limit=CHANGES_SHOWN)
    may = staff.may(StaffAction.DECIDE_DATA_CHANGES)
    return {"changes": [change_line(one) for one in asked], "may_change": may}


def _access(scope: CustomerScope, staff: StaffMember) -> dict[str, Any]:
    today = clock.today()
    return {
        "people": people_lines(people_with_access(scope=scope, today=today), today=today),
        "invited": len(open_invitations(scope=scope, now=clock.now())),
        "asked": len(waiting_requests(scope=scope)),
        "may_decide": staff.may(StaffAction.DECIDE_ACCESS),
    }
