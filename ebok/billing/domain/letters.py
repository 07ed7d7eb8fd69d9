"""What a message about an invoice says of it, and what deciding its way asks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ebok.billing.domain.invoices import InvoiceKind
from ebok.kernel.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedInvoice:
    """A booked invoice as far as its way depends on it. `buyer_nip` is empty for a consumer.

    `period_end` is the day after its last, None without a period; `corrected_on` the day of the earliest invoice
    it corrects, None where it corrects none.
    """

    id: int
    account_id: int
    issue_date: date
    buyer_nip: str
    period_end: date | None
    corrected_on: date | None

    def names_holder_before(self, since: date) -> bool:
        """Whether it speaks of whoever held the account before this day, whenever it was issued itself.

        A bill for the time before, or a correction of an invoice of then; as the windows of logins see it.
        """
        bill = self.period_end is not None and self.period_end <= since
        return bill or (self.corrected_on is not None and self.corrected_on < since)


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
