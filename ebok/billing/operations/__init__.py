"""What billing does: posting to the ledger, issuing invoices. Callers are inside their own transaction."""

from ebok.billing.operations.comparison import compare_balances
from ebok.billing.operations.invoices import attach_pdfs, issue_invoices
from ebok.billing.operations.ledger import UnableToPostEntries, UnableToPostReason, lock_accounts, post_entries
from ebok.billing.operations.receipts import register_receipts

__all__ = [
    "UnableToPostEntries",
    "UnableToPostReason",
    "attach_pdfs",
    "compare_balances",
    "issue_invoices",
    "lock_accounts",
    "post_entries",
    "register_receipts",
]
