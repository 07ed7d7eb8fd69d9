"""What the list of premises is asked for in its address: words, state, page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from ebok.customers.domain import Premises
from ebok.kernel.money import ZERO
from ebok.portal.invoices.choices import whole_number
from ebok.portal.premises.rows import Money

TYPED_AT_MOST: Final = 100
STATES: Final = {"do-zaplaty": "Do zapłaty", "po-terminie": "Po terminie", "nadplata": "Nadpłata"}
CLOSED: Final = {"zamkniete": "Zamknięte"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The words to find, the state and the page. What the address says wrongly is left out, not refused."""

    typed: str
    state: str
    page: int

    @property
    def filtered(self) -> bool:
        """Say whether anything narrows the list."""
        return bool(self.typed or self.state)

    def query(self, *, page: int) -> str:
        """The same choices as an address, at another page."""
        said = {"szukaj": self.typed, "stan": self.state, "strona": str(page) if page > 1 else ""}
        said = {name: value for name, value in said.items() if value}
        return f"?{urlencode(said)}" if said else ""


def choices(asked: Mapping[str, str], *, states: Mapping[str, str]) -> Choices:
    """Read the address. A state that is not offered is as good as none, and words end where the field does."""
    typed = "".join(letter for letter in asked.get("szukaj", "") if letter.isprintable()).strip()
    state = asked.get("stan", "")
    return Choices(
        typed=typed[:TYPED_AT_MOST].strip(),
        state=state if state in states else "",
        page=max(whole_number(asked.get("strona", "")) or 1, 1),
    )


def is_in_state(one: Premises, state: str, money: Money | None) -> bool:
    """Say whether premises are what a state of the filter means; a sum that is being compared is in none."""
    if state in CLOSED or not state:
        return not state or one.closed_on is not None
    balance = money.balance if money is not None and not money.differs else None
    if balance is None:
        return False
    return {
        "do-zaplaty": balance.balance > ZERO,
        "po-terminie": balance.balance > ZERO and balance.overdue > ZERO,
        "nadplata": balance.balance < ZERO,
    }[state]
