"""Entries of the ledger in words, ready for a template."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.urls import reverse

from ebok.billing.domain.ledger import EntryKind
from ebok.billing.domain.overview import EntryDetail, LedgerSums, SettledPart, StatementLine
from ebok.foundation.formats import long_date, short_date, zloty

KIND: Final = {
    EntryKind.INVOICE: "Faktura",
    EntryKind.CORRECTION: "Faktura korygująca",
    EntryKind.PAYMENT: "Wpłata",
    EntryKind.PAYMENT_REVERSAL: "Cofnięcie wpłaty",
    EntryKind.OPENING: "Saldo początkowe",
    EntryKind.REFUND: "Zwrot",
    EntryKind.INTEREST_NOTE: "Nota odsetkowa",
    EntryKind.WRITE_OFF: "Umorzenie",
    EntryKind.OTHER: "Inna pozycja",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedLine:
    """One line of the statement. `charge` or `paid` is empty; `balance` says the sum after it in words."""

    day: str
    title: str
    number: str
    url: str
    charge: str
    paid: str
    balance: str


def listed(line: StatementLine) -> ListedLine:
    """Put one entry into words."""
    return ListedLine(
        day=short_date(line.booked_on),
        title=KIND[line.kind],
        number=line.document_number,
        url=document_url(invoice_id=line.invoice_id, entry_id=line.id, kind=line.kind),
        charge=zloty(line.amount) if line.amount > 0 else "",
        paid=zloty(-line.amount) if line.amount <= 0 else "",
        balance=balance_words(line.balance),
    )


def document_url(*, invoice_id: int | None, entry_id: int, kind: EntryKind) -> str:
    """Where an entry's document opens: the invoice itself, or the entry's own page."""
    if invoice_id is not None and kind in {EntryKind.INVOICE, EntryKind.CORRECTION}:
        return reverse("invoice", args=[invoice_id])
    return reverse("ledger_entry", args=[entry_id])


def balance_words(balance: Decimal) -> str:
    """Write a balance without a bare sign: `do zapłaty 12,00 zł`, `nadpłata 5,00 zł`, `0,00 zł`."""
    if balance > 0:
        return f"do zapłaty {zloty(balance)}"
    return f"nadpłata {zloty(-balance)}" if balance < 0 else zloty(balance)


def sums_words(sums: LedgerSums) -> dict[str, str]:
    """The account as a simple sum: amounts without a sign, and the word that says which way each goes."""
    return {
        "opening": zloty(abs(sums.opening)),
        "opening_word": _side(sums.opening),
        "charges": zloty(sums.charges),
        "credits": zloty(sums.credits),
        "closing": zloty(abs(sums.closing)),
        "closing_word": _side(sums.closing),
    }


def _side(balance: Decimal) -> str:
    """Say after the name of a sum which way it goes, so that the sum itself needs no sign."""
    if balance == 0:
        return ""
    return " do zapłaty" if balance > 0 else " nadpłaty"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPart:
    """One document that an entry settles, or that settles it."""

    title: str
    url: str
    note: str
    amount: str


def listed_parts(parts: Iterable[SettledPart]) -> list[ListedPart]:
    """Put what an entry is settled with into words."""
    return [
        ListedPart(
            title=f"{KIND[part.kind]} {part.document_number}".strip(),
            url=document_url(invoice_id=part.invoice_id, entry_id=part.entry_id, kind=part.kind),
            note=short_date(part.booked_on),
            amount=zloty(part.amount),
        )
        for part in parts
    ]


def entry_context(detail: EntryDetail) -> dict[str, object]:
    """One entry for its page."""
    is_credit = detail.amount < 0
    left = "Jeszcze niewykorzystane" if is_credit else "Pozostało do zapłaty"
    return {
        "title": KIND[detail.kind],
        "amount": zloty(abs(detail.amount)),
        "number": detail.document_number,
        "remittance": detail.title,
        "day": long_date(detail.booked_on),
        "due": long_date(detail.due_on) if detail.due_on and not is_credit else "",
        "parts": listed_parts(detail.parts),
        "parts_title": "Na co ją zaliczyliśmy" if is_credit else "Czym jest rozliczona",
        "elsewhere": zloty(detail.elsewhere) if detail.elsewhere else "",
        "left_label": left if detail.left else "",
        "left": zloty(detail.left),
        "invoice_url": reverse("invoice", args=[detail.invoice_id]) if detail.invoice_id else "",
    }
