"""The answer for the panel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ebok.access.domain import AccountAction, GrantRole
from ebok.access.queries import had_access
from ebok.billing import queries as billing
from ebok.billing.domain.overview import AccountBalance, BookedPayment, InvoiceRow
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope, Point
from ebok.foundation import clock
from ebok.foundation.formats import long_date
from ebok.foundation.utility import utility
from ebok.metering import queries as metering
from ebok.metering.domain.readings import InstalledMeter
from ebok.payments import queries as payments
from ebok.portal.looking import PANEL, looked
from ebok.portal.panel.consents import e_invoice_part
from ebok.portal.panel.events import SHOWN, last_events
from ebok.portal.panel.number import Number, as_of, late_feed, number
from ebok.portal.panel.todo import todos
from ebok.portal.panel.use import bars, sentence
from ebok.portal.scope import chosen_account, customer_view, held_grants

READINGS_LOOKED_AT = 12
Allowed = frozenset[AccountAction]


@customer_view(AccountAction.SEE_ACCOUNT)
@require_safe
def panel(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show one number and what to do, for the premises looked at."""
    chosen, today = chosen_account(request, scope), clock.today()
    points = customers.points(scope=scope)
    places = customers.premises(scope=scope, among=points)
    context: dict[str, Any] = {"premises": places, "chosen": chosen}
    place = next((p for p in places if p.account_id == chosen), None)
    closed_on = long_date(place.closed_on) if place and place.closed_on else ""
    context |= {"name": _greeting(request), "place": place, "closed_on": closed_on}
    looked(request, place=PANEL, account_ids=[chosen])
    if chosen is not None:
        held = held_grants(request)
        its = _Its(scope=scope.narrowed(chosen), account_id=chosen, may=held.actions_on(chosen), today=today)
        context |= _of_account(its, [point for point in points if point.account_id == chosen], closed=bool(closed_on))
        context["limited_to"] = _limit(held.role_on(chosen))
    else:
        context["had_access"] = had_access(user_id=request.user.pk or 0)
    return render(request, "portal/panel/panel.html", context)


def _greeting(request: HttpRequest) -> str:
    user = request.user
    return user.get_full_name() if user.is_authenticated else ""


def _limit(role: GrantRole | None) -> str:
    """The role in words, where it leaves something out."""
    return "" if role in {None, GrantRole.OWNER, GrantRole.FULL} else GrantRole(role).word


@dataclass(frozen=True, slots=True, kw_only=True)
class _Its:
    """The account looked at, what may be done with it, and the day."""

    scope: CustomerScope
    account_id: int
    may: Allowed
    today: date


def _of_account(its: _Its, points: Sequence[Point], *, closed: bool) -> dict[str, Any]:
    """What of the account the person may see, and nothing asked of the rest."""
    may, today = its.may, its.today
    money = _Money.of(its.scope, its.account_id, may, today)
    among = metering.installations(scope=its.scope, at_points=points) if AccountAction.SEE_READINGS in may else []
    readings = metering.history(among=among, limit=READINGS_LOOKED_AT) if among else []
    installed = [meter for meter in among if meter.removed_on is None and meter.covers(today)]
    to_read = installed if AccountAction.SEND_READINGS in may else []
    pay_url = money.number.pay_url if money.number else ""
    part = e_invoice_part(scope=its.scope, account_id=its.account_id, may=may, closed=closed, today=today)
    return {
        "number": money.number,
        "ledger_url": reverse("ledger") if AccountAction.SEE_LEDGER in may else "",
        "todos": todos(
            balance=money.balance,
            pay_url=pay_url,
            meters=to_read,
            readings=readings,
            today=today,
            offers=part.offers,
        ),
        "refusing_address": part.refusing_address,
        "by_ksef": part.by_ksef,
        "may_change_address": AccountAction.GIVE_CONSENTS in may,
        "has_todos": money.number is not None or AccountAction.SEND_READINGS in may,
        "has_use": AccountAction.SEE_READINGS in may,
        "events": last_events(invoices=money.invoices, payments=money.payments, readings=readings),
        **_use(among, today),
        **(_freshness(today) if money.number else {}),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Money:
    """What the person may see of the account's money; `number` is None where its balance is not theirs to see."""

    balance: AccountBalance | None
    number: Number | None
    invoices: tuple[InvoiceRow, ...]
    payments: tuple[BookedPayment, ...]

    @classmethod
    def of(cls, scope: CustomerScope, account_id: int, may: Allowed, today: date) -> "_Money":
        seen = AccountAction.SEE_INVOICES in may
        invoices = billing.list_invoices(scope=scope, today=today, limit=SHOWN).rows if seen else ()
        payments = billing.last_payments(scope=scope, limit=SHOWN) if AccountAction.SEE_LEDGER in may else ()
        if AccountAction.SEE_BALANCE not in may:
            return cls(balance=None, number=None, invoices=invoices, payments=payments)
        balance = billing.balances(scope=scope, today=today).get(account_id)
        check = billing.balance_checks(scope=scope).get(account_id)
        shown = number(balance, account_id=account_id, check=check, has_invoices=bool(invoices), today=today)
        if AccountAction.PAY not in may:
            shown = replace(shown, pay_url="")
        return cls(balance=balance, number=shown, invoices=invoices, payments=payments)


def _use(among: Sequence[InstalledMeter], today: date) -> dict[str, Any]:
    months = metering.consumption_of(among=among, today=today)
    known = any(month.volume_m3 is not None for month in months)
    return {"bars": bars(months) if known else [], "use": sentence(months) if known else ""}


def _freshness(today: date) -> dict[str, Any]:
    reach = payments.bank_reach(own_nrbs=utility().ibans)
    return {"as_of": as_of(reach=reach, fresh=billing.freshness()), "late_feed": late_feed(reach, today=today)}
