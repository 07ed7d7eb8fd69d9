"""What billing does: posting to the ledger, issuing invoices. Callers are inside their own transaction."""

from ebok.billing.operations.ledger import UnableToPostEntries, UnableToPostReason, post_entries

__all__ = ["UnableToPostEntries", "UnableToPostReason", "post_entries"]
