"""The one number of the panel: what is owed and by when, in words."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.urls import reverse

from ebok.billing.domain.overview import AccountBalance, BalanceCheck, Freshness
from ebok.foundation.formats import long_date, moment, short_date, zloty
from ebok.kernel.money import ZERO
from ebok.payments.domain import BankReach
from ebok.portal.invoices.rows import days_words

CHECKING: Final = (
    "System rozliczeń podaje na {day} inną kwotę, niż wynika z dokumentów w eBOK. "
    "Wyjaśniamy to. Do tego czasu płać według faktur."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """The strong card: label, value, a sentence, how it looks, and where its button leads.

    An empty `value` is no sum to say, an empty `pay_url` no button.
    """

    label: str
    value: str
    note: str
    kind: str
    icon: str
    pay_url: str


def number(
    balance: AccountBalance | None, *, account_id: int, check: BalanceCheck | None, has_invoices: bool, today: date
) -> Number:
    """Say what the customer owes. While a comparison differs, say that instead of a sum."""
    if check is not None and check.differs:
        return _card("Saldo sprawdzamy", "", CHECKING.format(day=short_date(check.as_of)), kind="soon", icon="info")
    if balance is None and not has_invoices:
        return _card("Twoje saldo", zloty(ZERO), "Pierwszą fakturę zobaczysz tu, gdy ją wystawimy.", icon="info")
    if balance is None or balance.balance == 0:
        return _card("Wszystko zapłacone", zloty(ZERO), "Nie masz nic do zapłaty.", kind="done", icon="check")
    if balance.balance < 0:
        note = "Zaliczymy ją na następne faktury. Możesz też poprosić o zwrot."
        return _card("Nadpłata", zloty(-balance.balance), note, kind="done", icon="check")
    pay = f"{reverse('pay')}?konto={account_id}"
    kind, icon = ("late", "late") if balance.overdue else ("soon", "clock")
    note = _by_when(balance, today)
    return Number(label="Do zapłaty", value=zloty(balance.balance), note=note, kind=kind, icon=icon, pay_url=pay)


def _card(label: str, value: str, note: str, *, kind: str = "", icon: str) -> Number:
    return Number(label=label, value=value, note=note, kind=kind, icon=icon, pay_url="")


def _by_when(balance: AccountBalance, today: date) -> str:
    if balance.overdue == balance.balance:
        return "Termin już minął. Jeśli płatność jest w drodze, nic nie rób."
    due = balance.next_due
    later = f"do {long_date(due.on)} ({_until(due.on, today)})" if due else ""
    if balance.overdue:
        return f"W tym po terminie {zloty(balance.overdue)}. Reszta {later}."
    if due and due.amount < balance.balance:
        return f"Z tego {zloty(due.amount)} {later}, reszta później."
    return later


def _until(day: date, today: date) -> str:
    days = (day - today).days
    return {0: "dziś", 1: "jutro"}.get(days, f"za {days_words(days)}")


def as_of(*, reach: BankReach | None, fresh: Freshness) -> str:
    """Say how fresh each figure is and where it comes from."""
    invoices = f"faktury z systemu rozliczeń z {moment(fresh.invoices)}" if fresh.invoices else ""
    return "Stan na: " + ", ".join(part for part in (_bank(reach), invoices) if part) + "."


def _bank(reach: BankReach | None) -> str:
    if reach is None:
        return "wpłat z banku jeszcze nie ma"
    return f"wpłaty z banku do {short_date(reach.last_day)}" if reach.last_day else "wpłaty z banku niepełne"


def late_feed(reach: BankReach | None, *, today: date) -> str:
    """Say that payments may be missing here, and since when; nothing when statements are as new as they should be."""
    if reach is None:
        return ""
    if reach.last_day is None:
        return "Z jednego z naszych rachunków nie mamy jeszcze wyciągu. Wpłaty na ten rachunek jeszcze tu nie widać."
    if (today - reach.last_day).days <= settings.EBOK_STALE_FEED_DAYS:
        return ""
    return f"Ostatnie wpłaty mamy z {long_date(reach.last_day)}. Późniejszej wpłaty jeszcze tu nie widać."
