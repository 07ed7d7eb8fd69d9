"""One Typst compiler a process, fed with data only."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
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
    """Draws invoices. Sees no file but its template and fonts, and no network; safe to share between threads."""

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        self._compiler = typst.Compiler(TEMPLATE / "invoice.typ", root=TEMPLATE, font_paths=fonts)
        self._characters = characters(sorted(FONTS.glob("*.ttf")))
        self._one_at_a_time = Lock()

    def render(self, document: InvoiceDocument) -> bytes:
        """Return the PDF. Characters no shipped font can draw are shown as a replacement mark."""
        page = self._clean(content(document))
        inputs = _inputs(page, document.xml)
        issued_at = datetime.combine(document.invoice.issue_date, time(), UTC)
        with self._one_at_a_time:
            made = self._compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=issued_at)
        return bytes(made) + b"\n" if isinstance(made, bytes) else b"".join(made or [])

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return drawable(value, self._characters)
        if isinstance(value, Mapping):
            return {k: v if k in _AS_IS else self._clean(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(v) for v in value]
        return value


def _inputs(page: dict[str, Any], xml: bytes) -> dict[str, str]:
    """Everything travels as strings; an XML that is not UTF-8 goes as a list of its octets."""
    try:
        return {"document": json.dumps(page, ensure_ascii=False), "xml": xml.decode("utf-8")}
    except UnicodeDecodeError:
        return {"document": json.dumps(page | {"xml_octets": list(xml)}, ensure_ascii=False)}
