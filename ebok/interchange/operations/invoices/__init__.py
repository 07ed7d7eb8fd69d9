"""Takes FA(3) invoices: booked when their account is known, parked until it is."""

from ebok.interchange.operations.invoices.importing import import_invoices
from ebok.interchange.operations.invoices.parking import book_parked

__all__ = ["book_parked", "import_invoices"]
