"""What a clerk does for an opened customer: an activation letter, the end of an ownership."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ebok.access.domain import AccountGrant, GrantRole, StaffAction, StaffMember
from ebok.access.operations import UnableToGrant, end_ownership
from ebok.access.queries import people_with_access
from ebok.customers import queries as customers
from ebok.customers.domain import Account, CustomerScope
from ebok.enrolment.operations import LetterRefusal, UnableToOrderLetter, order_letter
from ebok.enrolment.queries import letters_waiting
from ebok.foundation import clock
from ebok.foundation.formats import short_date
from ebok.office.customers.forms import EndOwnershipForm
from ebok.office.frame import page
from ebok.office.scope import acting_staff, customer_opened

NO_ADDRESS: Final = "Na koncie nie ma adresu. Uzupełnij adres w systemie rozliczeń, a potem zamów list."
CLOSED: Final = "To konto zamknięto ponad rok temu. Listu już nie wysyłamy: pod adresem może mieszkać ktoś inny."


@customer_opened(StaffAction.PRINT_LETTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, account_id: int, *, staff: StaffMember, scope: CustomerScope) -> HttpResponse:
    """Order an activation letter to the address on file, after saying where it goes."""
    held = _held(scope, account_id)
    if any(held.number in one.account_numbers for one in letters_waiting(now=clock.now())):
        messages.info(request, "List do tego klienta już czeka na wydruk. Drugiego nie trzeba.")
        return redirect("office_customer", account_id)
    if request.method != "POST":
        at = customers.letter_addresses(held=[held], now=clock.now())[held.id]
        context = {"account_id": str(account_id), "name": held.name, "number": held.number, "place": at.words}
        return page(request, staff, "office/customers/letter.html", context)
    try:
        order_letter(scope=scope, account_id=account_id, acting=acting_staff(request), now=clock.now())
        messages.success(request, "List zamówiony. Wydrukujesz go w miejscu Listy.")
    except UnableToOrderLetter as unable:
        messages.error(request, CLOSED if unable.reason is LetterRefusal.CLOSED else NO_ADDRESS)
    return redirect("office_customer", account_id)


@customer_opened(StaffAction.DECIDE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def end_owner(
    request: HttpRequest, account_id: int, grant_id: int, *, staff: StaffMember, scope: CustomerScope
) -> HttpResponse:
    """End an ownership from a day on, for a reason."""
    held, grant = _held(scope, account_id), _ownership(scope, grant_id)
    form = EndOwnershipForm(request.POST if request.method == "POST" else None, today=clock.today())
    if not form.is_valid():
        context = {"form": form, "account_id": str(account_id), "number": held.number, "name": grant.name}
        return page(request, staff, "office/customers/end_owner.html", context)
    day = form.cleaned_data["ends_on"]
    try:
        end_ownership(
            scope=scope, grant_id=grant_id, ends_on=day, reason=form.cleaned_data["reason"], today=clock.today(),
            acting=acting_staff(request), now=clock.now(),
        )  # fmt: skip
        messages.success(request, f"Własność kończy się {short_date(day)}. {grant.name} dostanie o tym wiadomość.")
    except UnableToGrant:
        messages.info(request, "Ktoś już zakończył tę własność. Nic nie zmieniliśmy.")
    return redirect("office_customer", account_id)


def _held(scope: CustomerScope, account_id: int) -> Account:
    held = customers.account(scope=scope, account_id=account_id)
    if held is None:
        raise Http404
    return held


def _ownership(scope: CustomerScope, grant_id: int) -> AccountGrant:
    for one in people_with_access(scope=scope, today=clock.today()):
        if one.grant_id == grant_id and one.role is GrantRole.OWNER:
            return one
    raise Http404
