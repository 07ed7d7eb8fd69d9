"""What a message about an invoice says of it, and what deciding its way asks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ebok.billing.domain.invoices import InvoiceKind
from ebok.kernel.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedInvoice:
    """A booked invoice as far as its way depends on it. `buyer_nip` is empty for a consumer."""

    id: int
    account_id: int
    issue_date: date
    buyer_nip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLetter:
    """What a message about an invoice says. Amounts in PLN.

    `to_pay` is what the invoice asks for, never below zero; `gross_total` of a correction is a difference.
    `payment_nrb` is the account it prints, may be empty. `corrects` are the numbers a correction corrects.
    """

    id: int
    account_id: int
    number: str
    kind: InvoiceKind
    issue_date: date
    due_date: date
    period: Period | None
    gross_total: Decimal
    to_pay: Decimal
    payment_nrb: str
    corrects: tuple[str, ...]
