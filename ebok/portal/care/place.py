"""Which account a page of care is about: named in the form, so that another tab never moves it."""

from typing import Any

from django.http import Http404, HttpRequest

from ebok.customers import queries as customers
from ebok.customers.domain import Account, CustomerScope
from ebok.foundation.formats import long_date
from ebok.portal.invoices.choices import whole_number
from ebok.portal.scope import chosen_account


def shown_account(request: HttpRequest, scope: CustomerScope) -> Account | None:
    """The account a form was sent for, else the chosen one; None when the person has none for this.

    :raises Http404: when a form names an account that is not theirs.
    """
    sent = request.method == "POST"
    wanted = whole_number(request.POST.get("account", "")) if sent else chosen_account(request, scope)
    found = customers.account(scope=scope, account_id=wanted) if wanted is not None else None
    if sent and found is None:
        raise Http404
    return found


def place_of(account: Account, scope: CustomerScope) -> dict[str, Any]:
    """What every page of care says of its account: the switcher, the place, the number."""
    places = customers.premises(scope=scope)
    here = next((one for one in places if one.account_id == account.id), None)
    return {
        "premises": places,
        "chosen": account.id,
        "account_id": str(account.id),
        "place": (here.address if here else account.address).words or account.name,
        "number": account.number,
        "closed_on": long_date(account.closed_on) if account.closed_on else "",
    }
