"""What the list is asked for in its address: year, status, premises, page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from ebok.billing.domain.overview import InvoiceStatus
from ebok.customers.domain import CustomerScope

STATES: Final = {
    "do-zaplaty": (InvoiceStatus.DUE, "Do zapłaty"),
    "po-terminie": (InvoiceStatus.OVERDUE, "Po terminie"),
    "zaplacone": (InvoiceStatus.PAID, "Zapłacone"),
    "skorygowane": (InvoiceStatus.CORRECTED, "Skorygowane"),
    "na-plus": (InvoiceStatus.CREDIT, "Korekty na plus"),
}
SIZES: Final = (20, 80)
LARGEST_ID: Final = 2**63 - 1
_FIRST_YEAR, _LAST_YEAR = 1, 9998


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The filters and the page. What the address says wrongly is left out, not refused."""

    year: int | None
    state: str
    account_id: int | None
    size: int
    cursor: str

    @property
    def status(self) -> InvoiceStatus | None:
        """The status asked for."""
        return STATES[self.state][0] if self.state else None

    @property
    def filtered(self) -> bool:
        """Say whether anything narrows the list."""
        return bool(self.year or self.state or self.account_id)

    def query(self, *, cursor: str = "") -> str:
        """The same choices as an address, at another page."""
        values = {
            "rok": self.year or "",
            "stan": self.state,
            "konto": self.account_id or "",
            "ile": self.size if self.size != SIZES[0] else "",
            "po": cursor,
        }
        said = {name: value for name, value in values.items() if value}
        return f"?{urlencode(said)}" if said else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a filter."""

    value: str
    word: str
    chosen: bool


def choices(asked: Mapping[str, str], *, scope: CustomerScope) -> Choices:
    """Read the address. An account that is not in scope is as good as none."""
    year, account, size = (whole_number(asked.get(name, "")) for name in ("rok", "konto", "ile"))
    state = asked.get("stan", "")
    return Choices(
        year=year if year is not None and _FIRST_YEAR <= year <= _LAST_YEAR else None,
        state=state if state in STATES else "",
        account_id=account if account is not None and scope.allows(account) else None,
        size=size if size in SIZES else SIZES[0],
        cursor=asked.get("po", ""),
    )


def whole_number(text: str) -> int | None:
    """Read an id or a year; None when it is none, or larger than any."""
    if not (text.isascii() and text.isdigit()):
        return None
    number = int(text) if len(text) <= len(str(LARGEST_ID)) else LARGEST_ID + 1
    return number if number <= LARGEST_ID else None


def options(pairs: Iterable[tuple[object, str]], *, chosen: object) -> tuple[Option, ...]:
    """Make options of (value, word) pairs."""
    return tuple(Option(value=str(value), word=word, chosen=value == chosen) for value, word in pairs)
