"""Rows of the invoice list: every cell already in words, because a template is slow at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ebok.billing.domain.overview import InvoiceRow, InvoiceStatus
from ebok.billing.domain.wording import KIND
from ebok.foundation.formats import NBSP, period_words, short_date, zloty

WAITS_FOR_KSEF: Final = "Czeka na numer KSeF"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWords:
    """A status as word, color and icon."""

    word: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedInvoice:
    """One row of the list. `id` is text: a template would group the digits of a number."""

    id: str
    url: str
    number: str
    kind: str
    issued: str
    period: str
    premises: str
    waiting: str
    due: str
    status: StatusWords
    amount: str


def listed(
    row: InvoiceRow, *, today: date, premises: Mapping[int, str], list_url: str, waits_for_ksef: bool = False
) -> ListedInvoice:
    """Put one invoice into words. `premises` names each account's place; an invoice's page lies below `list_url`."""
    return ListedInvoice(
        id=str(row.id),
        url=f"{list_url}{row.id}/",
        number=row.number,
        kind=KIND[row.kind],
        issued=short_date(row.issue_date),
        period=period_words(row.period) if row.period else "–",
        premises=premises.get(row.account_id, ""),
        waiting=WAITS_FOR_KSEF if waits_for_ksef else "",
        due=short_date(row.due_date) if row.gross_total > 0 else "–",
        status=status_words(row, today=today),
        amount=zloty(row.gross_total),
    )


def status_words(row: InvoiceRow, *, today: date) -> StatusWords:
    """Say where an invoice stands, with the days that matter."""
    match row.status:
        case InvoiceStatus.OVERDUE:
            return StatusWords(word=f"Po terminie {days_words((today - row.due_date).days)}", kind="late", icon="late")
        case InvoiceStatus.DUE:
            return StatusWords(word=f"Do zapłaty {_until(row.due_date, today)}", kind="soon", icon="clock")
        case InvoiceStatus.CORRECTED | InvoiceStatus.NOT_TOLD:
            return _SAID_ALONE[row.status]
        case InvoiceStatus.CREDIT if row.outstanding:
            return StatusWords(word=f"Do wykorzystania {zloty(-row.outstanding)}", kind="", icon="info")
        case InvoiceStatus.CREDIT:
            return StatusWords(word="Rozliczona", kind="done", icon="check")
    return StatusWords(word="Zapłacona" if row.gross_total else "Bez opłaty", kind="done", icon="check")


_SAID_ALONE: Final = {
    InvoiceStatus.CORRECTED: StatusWords(word="Skorygowana", kind="", icon="info"),
    InvoiceStatus.NOT_TOLD: StatusWords(word="Z dawnego konta", kind="", icon="document"),
}


def days_words(days: int) -> str:
    """Write a number of days: `1 dzień`, `5 dni`."""
    return f"{days}{NBSP}{'dzień' if days == 1 else 'dni'}"


def _until(due: date, today: date) -> str:
    days = (due - today).days
    return {0: "dziś", 1: "jutro"}.get(days, f"za {days_words(days)}")
