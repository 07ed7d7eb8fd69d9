"""Invoices as the customer sees them: the list, one invoice, its files."""
