"""Accepting and withdrawing e-invoices, deciding ways, making documents, sending, printing."""
