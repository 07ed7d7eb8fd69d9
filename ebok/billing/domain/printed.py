"""What an invoice prints of its own payment: all that a public check may compare, and nothing of anybody."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPayment:
    """The payment part of one booked invoice or correction. Amounts in złoty.

    `nrbs` are the bank accounts it prints, in their order; empty when it prints none. `to_pay` is what it asks for,
    never below zero; it may hold older debts, so it is compared with what was typed and never shown.
    """

    invoice_id: int
    account_id: int
    nrbs: tuple[str, ...]
    gross_total: Decimal
    to_pay: Decimal
    due_date: date
