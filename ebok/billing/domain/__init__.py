"""The rules of billing: invoices as issued, the ledger, settlement. Import from the modules below."""
