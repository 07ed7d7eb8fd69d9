"""What pages and exports are told about invoices and balances: plain values, already worked out."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from ebok.billing.domain.invoices import InvoiceKind, IssuedInvoice
from ebok.billing.domain.ledger import EntryKind
from ebok.kernel.periods import Period


class InvoiceStatus(StrEnum):
    """Where an invoice stands.

    `credit`: its total is below zero (a correction in the customer's favor), used or not. `due` and `overdue`:
    something is left to pay; overdue from the day after the due date. `corrected`: nothing is left, and a
    correction of it is here. `paid`: nothing is left. `not_told`: it was issued to somebody whose account this is
    no more, and what became of it later is not theirs to know.
    """

    DUE = "due"
    OVERDUE = "overdue"
    PAID = "paid"
    CORRECTED = "corrected"
    CREDIT = "credit"
    NOT_TOLD = "not_told"


def invoice_status(
    *, gross_total: Decimal, outstanding: Decimal, due_date: date, corrected: bool, today: date
) -> InvoiceStatus:
    """Say where an invoice stands on `today`."""
    if gross_total < 0:
        return InvoiceStatus.CREDIT
    if outstanding > 0:
        return InvoiceStatus.OVERDUE if due_date < today else InvoiceStatus.DUE
    return InvoiceStatus.CORRECTED if corrected else InvoiceStatus.PAID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """One invoice of a list. `outstanding` ≥ 0; for a correction below zero what is not yet used, negative."""

    id: int
    account_id: int
    number: str
    kind: InvoiceKind
    issue_date: date
    due_date: date
    period: Period | None
    gross_total: Decimal
    outstanding: Decimal
    status: InvoiceStatus
    payment_nrb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePage:
    """A page of a list, newest first; `next_cursor` is empty on the last one."""

    rows: tuple[InvoiceRow, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedInvoice:
    """What somebody copies from an invoice to show that they have it: its number and its gross total."""

    number: str
    gross_total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedInvoice:
    """The other side of a correction; `id` is None when that invoice is not here (or not of this account)."""

    number: str
    issue_date: date
    id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDetail:
    """Everything about one invoice. `pdf_sha256` only when the billing system supplied a PDF."""

    row: InvoiceRow
    invoice: IssuedInvoice
    xml_sha256: bytes
    pdf_sha256: bytes | None
    ksef_number: str
    corrects: tuple[LinkedInvoice, ...]
    corrected_by: tuple[LinkedInvoice, ...]
    imported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountDue:
    """Złoty due on a day."""

    amount: Decimal
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """One account on a day: `balance` positive when the customer owes; `overdue` ≥ 0.

    `next_due` sums what is outstanding at the earliest date not yet overdue.
    """

    account_id: int
    balance: Decimal
    overdue: Decimal
    next_due: AmountDue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One entry of the account's statement with the running sum after it. `invoice_id` opens its document."""

    id: int
    account_id: int
    booked_on: date
    kind: EntryKind
    amount: Decimal
    balance: Decimal
    document_number: str
    title: str
    invoice_id: int | None
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage:
    """A page of the statement, newest first; `next_cursor` is empty on the last one."""

    lines: tuple[StatementLine, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceCheck:
    """The latest comparison of an account with the billing system."""

    account_id: int
    as_of: date
    theirs: Decimal
    ours: Decimal
    compared_at: datetime

    @property
    def differs(self) -> bool:
        """Say whether the panel must say "Saldo sprawdzamy" instead of a sum."""
        return self.theirs != self.ours


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedPayment:
    """A payment in the ledger; `amount` positive."""

    entry_id: int
    account_id: int
    booked_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """When the newest invoice came in; None when there is none."""

    invoices: datetime | None


class Promise(StrEnum):
    """The invariants a ledger keeps, as docs/reliability names them."""

    I1 = "I1"
    I2 = "I2"
    I3 = "I3"
    I4 = "I4"
    I5 = "I5"
    I6 = "I6"
    I7 = "I7"
    I10 = "I10"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPromise:
    """An invariant that does not hold, and where."""

    promise: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSums:
    """A stretch of an account in sums: opening + charges − credits = closing. `charges` and `credits` are ≥ 0."""

    opening: Decimal
    charges: Decimal
    credits: Decimal

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the stretch."""
        return self.opening + self.charges - self.credits


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledPart:
    """`amount` złoty of an entry that settle, or are settled by, another entry."""

    entry_id: int
    kind: EntryKind
    booked_on: date
    amount: Decimal
    document_number: str
    invoice_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDetail:
    """One entry of the ledger with what it settles. `left` ≥ 0 is what is not settled or not used yet.

    `elsewhere` is what it settles, or is settled by, among entries that are not in scope: those of an earlier holder.
    """

    id: int
    account_id: int
    kind: EntryKind
    booked_on: date
    due_on: date | None
    amount: Decimal
    document_number: str
    title: str
    invoice_id: int | None
    parts: tuple[SettledPart, ...]
    elsewhere: Decimal
    left: Decimal
