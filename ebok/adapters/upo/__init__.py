"""Receipts of KSeF (UPO)."""

from ebok.adapters.upo.reader import UpoReceiptReader

__all__ = ["UpoReceiptReader"]
