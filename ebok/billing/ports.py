"""What billing needs from outside: somebody who draws invoices."""

from typing import Protocol

from ebok.billing.domain.visualization import InvoiceDocument


class UnableToDraw(Exception):
    """The template did not make a document of this invoice; the text is for the log."""


class InvoiceRenderer(Protocol):
    """Makes a document people can read from an issued invoice."""

    def render(self, document: InvoiceDocument) -> bytes:
        """Return a PDF/A-3a and PDF/UA-1 file with the invoice's XML attached; equal input gives equal bytes.

        :raises UnableToDraw: when the template cannot make one.
        """
        ...
