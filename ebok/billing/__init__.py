"""Invoices as issued, the ledger, settlement, balance."""
