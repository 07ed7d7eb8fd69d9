"""After a change: whether the new e-mail or phone becomes the contact of one's accounts, too."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ebok.access.domain import AccountAction
from ebok.customers import queries as customers
from ebok.customers.domain import Account, ContactField, CustomerScope
from ebok.customers.operations import change_contacts
from ebok.foundation import clock
from ebok.kernel.phones import shown_phone
from ebok.portal.identity.forms import ContactForm
from ebok.portal.scope import acting_user, chosen_account, customer_view
from ebok.web.step_up import fresh_sign_in

OFFERED_AT_MOST: Final = 20
"""With more accounts than this only the chosen one is offered; the others are changed one by one."""
DONE: Final = "Gotowe. O zaznaczonych kontach piszemy teraz na ten kontakt."


@customer_view(AccountAction.CHANGE_DETAILS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Offer the login's e-mail as the contact of accounts."""
    return _offer(request, scope, ContactField.EMAIL, getattr(request.user, "email", ""))


@customer_view(AccountAction.CHANGE_DETAILS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Offer the login's phone as the contact of accounts."""
    return _offer(request, scope, ContactField.PHONE, getattr(request.user, "phone", ""))


def _offer(request: HttpRequest, scope: CustomerScope, field: ContactField, value: str) -> HttpResponse:
    """Take only what the login has, which a code has proved; a value never comes from the form."""
    offered = _differing(request, scope, field, value)
    if not value or not offered:
        return redirect("me")
    form = ContactForm(request.POST if request.method == "POST" else None, accounts=offered)
    if form.is_valid():
        change_contacts(
            scope=scope, account_ids=form.cleaned_data["accounts"], field=field, value=value,
            acting=acting_user(request), now=clock.now(),
        )  # fmt: skip
        messages.success(request, DONE)
        return redirect("me")
    context = {"form": form, "value": shown_phone(value), "is_email": field is ContactField.EMAIL}
    return render(request, "portal/identity/contact.html", context)


def _differing(request: HttpRequest, scope: CustomerScope, field: ContactField, value: str) -> list[Account]:
    ids = scope.account_ids or frozenset()
    if len(ids) > OFFERED_AT_MOST:
        chosen = chosen_account(request, scope)
        one = customers.account(scope=scope, account_id=chosen) if chosen is not None else None
        found = [one] if one is not None else []
    else:
        found = customers.accounts(scope=scope) if ids else []
    return [one for one in found if (one.email if field is ContactField.EMAIL else one.phone) != value]
