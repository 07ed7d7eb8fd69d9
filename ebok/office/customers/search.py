"""Searching for a customer. What was typed is kept encrypted in the session, never in an address."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ebok.access.domain import StaffAction, StaffMember
from ebok.audit.domain import AuditFact
from ebok.audit.operations import record
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope, Premises, SearchKind, SearchTerms, search_terms
from ebok.foundation import clock
from ebok.metering.queries import accounts_of_meter
from ebok.office.frame import page
from ebok.office.scope import acting_staff, staff_scope, staff_view
from ebok.web.kept import Kept

SEARCHED: Final = Kept(name="office_searched")
MOST_FOUND: Final = 50


@staff_view(StaffAction.SEARCH_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Take what somebody searches for, and show who fits. Each showing is one row of audit, without the words typed."""
    typed = str(request.POST.get("words", "") if request.method == "POST" else SEARCHED.get(request.session) or "")
    terms = search_terms(typed)
    if request.method == "POST":
        SEARCHED.put(request.session, terms.typed)
        return redirect("office_customers")
    found = who_fits(scope=staff_scope(staff, reason="search"), terms=terms)
    _note(request, terms, found)
    context = {
        "searched": terms.typed,
        "found": [_line(one) for one in found[:MOST_FOUND]],
        "more": MOST_FOUND if len(found) > MOST_FOUND else 0,
    }
    return page(request, staff, "office/customers/search.html", context)


def who_fits(*, scope: CustomerScope, terms: SearchTerms) -> list[Premises]:
    """The customers that fit, one more than are shown; a meter's number counts, too."""
    if not terms.typed:
        return []
    found = customers.search(scope=scope, terms=terms, limit=MOST_FOUND + 1)
    if found or terms.kind is SearchKind.EMAIL:
        return found
    ids = accounts_of_meter(scope=scope, serial=terms.typed)
    narrowed = CustomerScope.for_staff(ids, reason=scope.reason)
    return customers.premises(scope=narrowed) if ids else []


def _note(request: HttpRequest, terms: SearchTerms, found: list[Premises]) -> None:
    if not terms.typed:
        return
    details = {"kind": terms.kind.value, "found": min(len(found), MOST_FOUND), "more": len(found) > MOST_FOUND}
    fact = AuditFact(action="customer.search", subject="customers", details=details)
    record(facts=[fact], acting=acting_staff(request), now=clock.now())


def _line(one: Premises) -> dict[str, str]:
    return {
        "id": str(one.account_id),
        "number": one.number,
        "name": one.name,
        "place": one.address.words,
        "closed": "zamknięte" if one.closed_on else "",
    }
