"""Accepting electronic invoices and notices, changing the address, withdrawing."""

from ebok.einvoicing.operations.withdrawal_links import withdraw_path

__all__ = ["withdraw_path"]
