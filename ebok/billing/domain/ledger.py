"""The ledger of a customer account: entries that are only ever added. Positive = the customer owes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ebok.billing.domain.invoices import InvoiceFacts, InvoiceKind


class EntryKind(StrEnum):
    """What an entry records."""

    INVOICE = "invoice"
    CORRECTION = "correction"
    PAYMENT = "payment"
    PAYMENT_REVERSAL = "payment_reversal"
    OPENING = "opening"
    REFUND = "refund"
    INTEREST_NOTE = "interest_note"
    WRITE_OFF = "write_off"
    OTHER = "other"


class EntrySource(StrEnum):
    """Where an entry came from; with the external id it is unique (I4)."""

    INVOICE = "invoice"
    STATEMENT = "statement"
    BILLING = "billing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One entry to add. `amount` in złoty, signed: positive = owes more.

    `settles_first` are invoice numbers that a credit names (a transfer's title, a correction's original).
    `reverses` is the id of the entry this one undoes: what that entry had settled becomes due again.
    """

    account_id: int
    kind: EntryKind
    source: EntrySource
    external_id: str
    amount: Decimal
    booked_on: date
    due_on: date | None = None
    invoice_id: int | None = None
    document_number: str = ""
    title: str = ""
    settles_first: tuple[str, ...] = ()
    reverses: int | None = None


class ContraAccount(StrEnum):
    """The other side of an entry: every entry moves its amount between this and the customer's receivable."""

    REVENUE = "revenue"
    BANK = "bank"
    OPENING = "opening"
    INTEREST = "interest"
    WRITE_OFF = "write_off"
    OTHER = "other"


CONTRA: Final[Mapping[EntryKind, ContraAccount]] = {
    EntryKind.INVOICE: ContraAccount.REVENUE,
    EntryKind.CORRECTION: ContraAccount.REVENUE,
    EntryKind.PAYMENT: ContraAccount.BANK,
    EntryKind.PAYMENT_REVERSAL: ContraAccount.BANK,
    EntryKind.REFUND: ContraAccount.BANK,
    EntryKind.OPENING: ContraAccount.OPENING,
    EntryKind.INTEREST_NOTE: ContraAccount.INTEREST,
    EntryKind.WRITE_OFF: ContraAccount.WRITE_OFF,
    EntryKind.OTHER: ContraAccount.OTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedEntries:
    """What became of postings, position by position.

    `entry_ids[i]` is the entry of posting i, also when it was there before; `duplicates` are the
    positions that were there before (I4), so nothing was added for them.
    """

    entry_ids: tuple[int, ...]
    duplicates: frozenset[int]

    @property
    def new(self) -> int:
        """How many entries were added."""
        return len(self.entry_ids) - len(self.duplicates)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceToIssue:
    """An invoice with the account it belongs to, the whole of it as the codec writes it, and the hash of its bytes."""

    account_id: int
    facts: InvoiceFacts
    content: str
    xml_sha256: bytes


SAME_PAYMENT_DAYS: Final = 7


def due_date_of(invoice: InvoiceFacts, *, default_days: int) -> date:
    """The day that counts: the first `TerminPlatnosci`; without one, the issue date and `default_days`."""
    return invoice.due_date or invoice.issue_date + timedelta(days=default_days)


def invoice_external_id(invoice: InvoiceFacts) -> str:
    """The external id of the entry that an invoice posts."""
    return f"{invoice.kind}:{invoice.number}"


def invoice_posting(issue: InvoiceToIssue, *, invoice_id: int, due_on: date) -> Posting:
    """What an invoice posts: `P_15` on its issue date. A correction first settles what it corrects."""
    invoice = issue.facts
    return Posting(
        account_id=issue.account_id,
        kind=EntryKind.CORRECTION if invoice.kind is InvoiceKind.KOR else EntryKind.INVOICE,
        source=EntrySource.INVOICE,
        external_id=invoice_external_id(invoice),
        amount=invoice.gross_total,
        booked_on=invoice.issue_date,
        due_on=due_on,
        invoice_id=invoice_id,
        document_number=invoice.number,
        settles_first=tuple(c.number for c in invoice.corrects),
    )


def paid_posting(issue: InvoiceToIssue, position: int) -> Posting:
    """What a payment that the invoice states posts: it settles this invoice; below zero it is a refund."""
    invoice, paid = issue.facts, issue.facts.paid[position]
    return Posting(
        account_id=issue.account_id,
        kind=EntryKind.PAYMENT if paid.amount > 0 else EntryKind.REFUND,
        source=EntrySource.INVOICE,
        external_id=f"{invoice_external_id(invoice)}:paid:{position + 1}",
        amount=-paid.amount,
        booked_on=paid.paid_on,
        document_number=invoice.number if paid.amount > 0 else "",
        settles_first=(invoice.number,),
    )
