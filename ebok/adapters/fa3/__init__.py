"""Invoices of the structure FA(3), as KSeF takes them."""

from ebok.adapters.fa3.reader import Fa3InvoiceReader

__all__ = ["Fa3InvoiceReader"]
