"""Tables of billing: invoices as issued, the ledger, what settles what. Triggers refuse to change what is issued."""

from ebok.billing.models.invoices import Invoice, InvoiceCorrection, InvoiceQuerySet, KsefRegistration, SuppliedPdf
from ebok.billing.models.ledger import (
    AccountLedger,
    Allocation,
    BalanceComparison,
    LedgerEntry,
    OpenItem,
    PaidByStatement,
)

__all__ = [
    "AccountLedger",
    "Allocation",
    "BalanceComparison",
    "Invoice",
    "InvoiceCorrection",
    "InvoiceQuerySet",
    "KsefRegistration",
    "LedgerEntry",
    "OpenItem",
    "PaidByStatement",
    "SuppliedPdf",
]
