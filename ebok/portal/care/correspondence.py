"""Answer for changing where letters go."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ebok.access.domain import AccountAction
from ebok.customers.domain import Account, CustomerScope, parts_of
from ebok.customers.operations import UnableToChangeContact, change_correspondence
from ebok.foundation import clock
from ebok.portal.care.forms import ELSEWHERE, PREMISES, AddressForm
from ebok.portal.care.place import place_of, shown_account
from ebok.portal.scope import acting_user, customer_view
from ebok.web.step_up import fresh_sign_in

NO_SUCH_ADDRESS: Final = "Na taki adres nie dojdzie list. Sprawdź go."


@customer_view(AccountAction.CHANGE_DETAILS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show where letters go, take another address, and hold to it at once."""
    account = shown_account(request, scope)
    if account is None:
        return render(request, "portal/care/none.html", {"title": "Adres do korespondencji"})
    form = _form(request, account)
    if request.method == "POST" and form.is_valid() and _changed(request, scope, account, form):
        messages.success(request, f"Listy wyślemy na adres: {(form.address() or account.address).words}.")
        return redirect("me")
    now = (account.correspondence or account.address).words
    context = {**place_of(account, scope), "form": form, "now": now}
    return render(request, "portal/care/correspondence.html", context)


def _form(request: HttpRequest, account: Account) -> AddressForm:
    away = account.correspondence
    initial = {"where": ELSEWHERE if away else PREMISES, **parts_of(away)}
    return AddressForm(request.POST or None, initial=initial, premises=account.address.words)


def _changed(request: HttpRequest, scope: CustomerScope, account: Account, form: AddressForm) -> bool:
    try:
        change_correspondence(
            scope=scope, account_id=account.id, address=form.address(), acting=acting_user(request), now=clock.now()
        )
    except UnableToChangeContact:
        form.add_error("city", NO_SUCH_ADDRESS)
    return not form.errors
