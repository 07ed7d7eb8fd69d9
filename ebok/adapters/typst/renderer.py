"""Invoices as documents people can read."""

import typst

from ebok.adapters.typst.compiler import TypstCompiler
from ebok.adapters.typst.content import content
from ebok.billing.domain.visualization import InvoiceDocument
from ebok.billing.ports import UnableToDraw


class TypstInvoiceRenderer:
    """Draws invoices with the compiler it is given, or one of its own; safe to share between threads."""

    def __init__(self, compiler: TypstCompiler | None = None) -> None:
        self.compiler = compiler or TypstCompiler()

    def render(self, document: InvoiceDocument) -> bytes:
        """Return the PDF, dated by the invoice's issue date. It ends with a newline, as a later seal needs."""
        inputs = self.inputs(document)
        try:
            return self.compiler.compile("invoice.typ", inputs=inputs, dated=document.invoice.issue_date)
        except typst.TypstError as error:
            raise UnableToDraw(document.invoice.number) from error

    def inputs(self, document: InvoiceDocument) -> dict[str, str]:
        """Everything the template is given, as strings; an XML that is not UTF-8 goes as a list of its octets."""
        page = content(document, with_file=True)
        try:
            return {**self.compiler.inputs(page), "xml": document.xml.decode("utf-8")}
        except UnicodeDecodeError:
            return self.compiler.inputs(page | {"xml_octets": list(document.xml)})
