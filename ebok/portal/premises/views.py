"""The answer for the list of premises."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ebok.access.domain import AccountAction
from ebok.billing import queries as billing
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope, Premises
from ebok.foundation import clock
from ebok.portal.invoices.choices import options
from ebok.portal.premises.choices import CLOSED, STATES, TYPED_AT_MOST, Choices, choices, is_in_state
from ebok.portal.premises.rows import Line, Money, line
from ebok.portal.premises.search import found, in_order
from ebok.portal.scope import chosen_account, customer_view, held_grants

ON_A_PAGE: Final = 50


@customer_view(AccountAction.SEE_ACCOUNT)
@require_safe
def premises_list(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show the premises in scope, found by words and narrowed by state, each with a button that switches to it."""
    everything, money, names = customers.premises(scope=scope), _money(request), _named(request)
    states = (STATES if money else {}) | CLOSED
    asked = choices(request.GET.dict(), states=states)
    rows = found(among=everything, typed=asked.typed, names=names)
    rows = in_order(one for one in rows if is_in_state(one, asked.state, money.get(one.account_id)))
    context = {
        "lines": _lines(_page(rows, asked.page), money, names, chosen_account(request, scope)),
        "asked": asked,
        "count": str(len(rows)),
        "everything": str(len(everything)),
        "states": options(states.items(), chosen=asked.state),
        "typed_at_most": str(TYPED_AT_MOST),
        "list_url": reverse("premises"),
        "clear_url": reverse("premises") if asked.filtered else "",
        **_neighbors(asked, len(rows)),
    }
    return render(request, "portal/premises/list.html", context)


def _money(request: HttpRequest) -> dict[int, Money]:
    """What is known of the money of every account whose balance the person may see."""
    scope = held_grants(request).scope(AccountAction.SEE_BALANCE)
    if not scope.account_ids:
        return {}
    balances, checks = billing.balances(scope=scope, today=clock.today()), billing.balance_checks(scope=scope)
    differing = {account for account, check in checks.items() if check.differs}
    return {one: Money(balance=balances.get(one), differs=one in differing) for one in scope.account_ids}


def _named(request: HttpRequest) -> frozenset[int]:
    """The accounts whose holder's name the person may see: it stands on their invoices."""
    return held_grants(request).scope(AccountAction.SEE_INVOICES).account_ids or frozenset()


def _lines(rows: list[Premises], money: Mapping[int, Money], names: frozenset[int], chosen: int | None) -> list[Line]:
    return [
        line(
            one,
            name=one.name if one.account_id in names else "",
            money=money.get(one.account_id),
            current=one.account_id == chosen,
        )
        for one in rows
    ]


def _page(rows: list[Premises], page: int) -> list[Premises]:
    return rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]


def _neighbors(asked: Choices, count: int) -> dict[str, Any]:
    here, last = reverse("premises"), max(-(-count // ON_A_PAGE), 1)
    before, after = min(asked.page - 1, last), asked.page + 1
    return {
        "before_url": here + asked.query(page=before) if asked.page > 1 else "",
        "after_url": here + asked.query(page=after) if after <= last else "",
        "page": str(min(asked.page, last)),
        "pages": str(last),
    }
