"""The answer for the panel."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ebok.access.domain import AccountAction
from ebok.billing import queries as billing
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.foundation.formats import long_date
from ebok.foundation.utility import utility
from ebok.metering import queries as metering
from ebok.metering.domain.readings import InstalledMeter
from ebok.payments import queries as payments
from ebok.portal.looking import PANEL, looked
from ebok.portal.panel.events import SHOWN, last_events
from ebok.portal.panel.number import as_of, late_feed, number
from ebok.portal.panel.todo import todos
from ebok.portal.panel.use import bars, sentence
from ebok.portal.scope import chosen_account, customer_view

READINGS_LOOKED_AT = 12


@customer_view(AccountAction.SEE_ACCOUNT)
@require_safe
def panel(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show one number and what to do, for the premises looked at."""
    chosen, today = chosen_account(request, scope), clock.today()
    places = customers.premises(scope=scope)
    context: dict[str, Any] = {"premises": places, "chosen": chosen}
    place = next((p for p in places if p.account_id == chosen), None)
    closed_on = long_date(place.closed_on) if place and place.closed_on else ""
    context |= {"name": _greeting(request), "place": place, "closed_on": closed_on}
    looked(request, place=PANEL, account_ids=[chosen])
    if chosen is not None:
        context |= _of_account(scope.narrowed(chosen), chosen, today)
    return render(request, "portal/panel/panel.html", context)


def _greeting(request: HttpRequest) -> str:
    user = request.user
    return user.get_full_name() if user.is_authenticated else ""


def _of_account(scope: CustomerScope, account_id: int, today: date) -> dict[str, Any]:
    balance = billing.balances(scope=scope, today=today).get(account_id)
    invoices = billing.list_invoices(scope=scope, today=today, limit=SHOWN).rows
    among = metering.installations(scope=scope)
    readings = metering.history(among=among, limit=READINGS_LOOKED_AT)
    check = billing.balance_checks(scope=scope).get(account_id)
    shown = number(balance, account_id=account_id, check=check, has_invoices=bool(invoices), today=today)
    installed = [meter for meter in among if meter.removed_on is None and meter.covers(today)]
    paid = billing.last_payments(scope=scope, limit=SHOWN)
    return {
        "number": shown,
        "todos": todos(balance=balance, pay_url=shown.pay_url, meters=installed, readings=readings, today=today),
        "events": last_events(invoices=invoices, payments=paid, readings=readings),
        **_use(among, today),
        **_freshness(today),
    }


def _use(among: Sequence[InstalledMeter], today: date) -> dict[str, Any]:
    months = metering.consumption_of(among=among, today=today)
    known = any(month.volume_m3 is not None for month in months)
    return {"bars": bars(months) if known else [], "use": sentence(months) if known else ""}


def _freshness(today: date) -> dict[str, Any]:
    reach = payments.bank_reach(own_nrbs=utility().ibans)
    return {"as_of": as_of(reach=reach, fresh=billing.freshness()), "late_feed": late_feed(reach, today=today)}
