"""Documents made by Typst: accessible (PDF/UA-1), archivable (PDF/A-3a), the same bytes for the same input."""

from ebok.adapters.typst.compiler import TypstCompiler
from ebok.adapters.typst.papers import TypstEnrolmentPapers
from ebok.adapters.typst.printer import TypstInvoicePrinter
from ebok.adapters.typst.receipts import TypstConsentPapers
from ebok.adapters.typst.renderer import TypstInvoiceRenderer

__all__ = ["TypstCompiler", "TypstConsentPapers", "TypstEnrolmentPapers", "TypstInvoicePrinter", "TypstInvoiceRenderer"]
