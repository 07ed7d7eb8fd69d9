"""One line of the list of premises, in words."""

from dataclasses import dataclass
from typing import Final

from ebok.billing.domain.overview import AccountBalance
from ebok.customers.domain import Premises
from ebok.foundation.formats import short_date, zloty
from ebok.kernel.money import ZERO

SETTLED: Final = ("Nic do zapłaty", "done", "check")
CHECKING: Final = ("Saldo sprawdzamy", "soon", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What is known of an account's money: its balance, or that it is being compared and no sum is said."""

    balance: AccountBalance | None = None
    differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the list. `kind` and `icon` colour the words of its state; empty words show nothing."""

    account_id: str
    place: str
    town: str
    number: str
    name: str
    state: str
    kind: str
    icon: str
    current: bool


def line(one: Premises, *, name: str, money: Money | None, current: bool) -> Line:
    """Premises as the list shows them; `money` is None for those who may not see it."""
    state, kind, icon = _state(money) if money is not None else ("", "", "")
    if one.closed_on is not None:
        state, kind, icon = f"Zamknięte {short_date(one.closed_on)}{_and(state)}", kind or "info", icon or "info"
    address = one.address
    return Line(
        account_id=str(one.account_id),
        place=address.place or address.city or one.number,
        town=f"{address.postal_code} {address.city}".strip() if address.place else "",
        number=one.number,
        name=name,
        state=state,
        kind=kind,
        icon=icon,
        current=current,
    )


def _and(state: str) -> str:
    return f", {state[0].lower()}{state[1:]}" if state else ""


def _state(money: Money) -> tuple[str, str, str]:
    balance = money.balance
    if money.differs:
        return CHECKING
    if balance is None or balance.balance == ZERO:
        return SETTLED
    if balance.balance < ZERO:
        return f"Nadpłata {zloty(-balance.balance)}", "info", "info"
    if balance.overdue > ZERO:
        return f"Do zapłaty {zloty(balance.balance)}, po terminie {zloty(balance.overdue)}", "late", "late"
    return f"Do zapłaty {zloty(balance.balance)}", "soon", "clock"
