"""One Typst compiler a process, fed with data only."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import typst

from ebok.adapters.typst.content import content
from ebok.adapters.typst.coverage import characters, drawable
from ebok.billing.domain.visualization import InvoiceDocument

if TYPE_CHECKING:
    from typst import PDFStandard

HERE: Final = Path(__file__).resolve().parent
FONTS: Final = HERE / "fonts"
TEMPLATE: Final = HERE / "template"
STANDARDS: "Final[list[PDFStandard]]" = ["a-3a", "ua-1"]
_AS_IS: Final = frozenset({"svg", "url"})


class TypstInvoiceRenderer:
    """Draws invoices. Sees no file but its template and fonts, and no network; safe to share between threads.

    `known` are the characters the fonts can draw; others are shown as a replacement mark.
    """

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        self._compiler = typst.Compiler(TEMPLATE / "invoice.typ", root=TEMPLATE, font_paths=fonts)
        self._one_at_a_time = Lock()
        self.known = characters(sorted(FONTS.glob("*.ttf")))

    def render(self, document: InvoiceDocument) -> bytes:
        """Return the PDF, dated by the invoice's issue date. It ends with a newline, as a later seal needs."""
        return self.compile(inputs_of(document, self.known), issued_on=document.invoice.issue_date)

    def compile(self, inputs: dict[str, str], *, issued_on: date) -> bytes:
        """Return the PDF of inputs already made."""
        issued_at = datetime.combine(issued_on, time(), UTC)
        with self._one_at_a_time:
            made = self._compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=issued_at)
        if not isinstance(made, bytes):
            raise TypeError("Typst gave no single PDF")
        return made + b"\n"


def inputs_of(document: InvoiceDocument, known: frozenset[str]) -> dict[str, str]:
    """Everything the template is given, as strings; an XML that is not UTF-8 goes as a list of its octets."""
    page = _clean(content(document), known)
    try:
        return {"document": json.dumps(page, ensure_ascii=False), "xml": document.xml.decode("utf-8")}
    except UnicodeDecodeError:
        return {"document": json.dumps(page | {"xml_octets": list(document.xml)}, ensure_ascii=False)}


def _clean(value: Any, known: frozenset[str]) -> Any:
    if isinstance(value, str):
        return drawable(value, known)
    if isinstance(value, Mapping):
        return {k: v if k in _AS_IS else _clean(v, known) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(v, known) for v in value]
    return value
