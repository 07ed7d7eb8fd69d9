"""What billing knows, asked through a scope."""

from ebok.billing.queries.accounts import (
    balance_checks,
    balances,
    entries_by_external_id,
    freshness,
    last_payments,
    payments_told_by_invoices,
    statement_of_account,
)
from ebok.billing.queries.documents import invoice_document, ksef_url, transfer_code_text
from ebok.billing.queries.drawing import invoice_documents
from ebok.billing.queries.entries import entry_detail, ledger_sums, ledger_years
from ebok.billing.queries.first import first_invoice_since
from ebok.billing.queries.invoices import (
    find_invoices_by_number,
    hashes_by_number,
    invoice_detail,
    invoice_ids_by_hash,
    invoice_years,
    invoices_by_id,
    invoices_outstanding,
    list_invoices,
)
from ebok.billing.queries.letters import (
    booked_invoices,
    invoice_ids_after,
    invoice_ids_in_scope,
    invoice_letters,
    registered_in_ksef,
)
from ebok.billing.queries.newest import newest_invoices
from ebok.billing.queries.papers import invoice_numbers_of_files, papers_of
from ebok.billing.queries.proofs import broken_promises, count_entries, count_invoices

__all__ = [
    "balance_checks",
    "balances",
    "booked_invoices",
    "broken_promises",
    "count_entries",
    "count_invoices",
    "entries_by_external_id",
    "entry_detail",
    "find_invoices_by_number",
    "first_invoice_since",
    "freshness",
    "hashes_by_number",
    "invoice_detail",
    "invoice_document",
    "invoice_documents",
    "invoice_ids_after",
    "invoice_ids_by_hash",
    "invoice_ids_in_scope",
    "invoice_letters",
    "invoice_numbers_of_files",
    "invoice_years",
    "invoices_by_id",
    "invoices_outstanding",
    "ksef_url",
    "last_payments",
    "ledger_sums",
    "ledger_years",
    "list_invoices",
    "newest_invoices",
    "papers_of",
    "payments_told_by_invoices",
    "registered_in_ksef",
    "statement_of_account",
    "transfer_code_text",
]
