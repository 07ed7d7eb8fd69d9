"""One Typst compiler a process, fed with data only, for every template."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import typst

from ebok.adapters.typst.coverage import characters, drawable
from ebok.kernel.qr import qr_drawing

if TYPE_CHECKING:
    from typst import PDFStandard

HERE: Final = Path(__file__).resolve().parent
FONTS: Final = HERE / "fonts"
TEMPLATE: Final = HERE / "template"
STANDARDS: "Final[list[PDFStandard]]" = ["a-3a", "ua-1"]
_AS_IS: Final = frozenset({"svg", "url", "url_words", "alt"})


class TypstCompiler:
    """Makes PDF/A-3a and PDF/UA-1 files from the templates of this folder.

    It sees no file but the templates and fonts, and no network; it is safe to share between threads, and should be
    shared, since it keeps what it has compiled. `known` are the characters the fonts can draw.
    """

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        self._compiler = typst.Compiler(root=TEMPLATE, font_paths=fonts)
        self._one_at_a_time = Lock()
        self.known = characters(sorted(FONTS.glob("*.ttf")))

    def inputs(self, page: Mapping[str, Any]) -> dict[str, str]:
        """What a template is given as `document`: `page`, every text of it on one line and in known characters.

        Values of the keys `svg`, `url` and `alt` are our own words and stay as they are.
        """
        return {"document": json.dumps(self._clean(page), ensure_ascii=False)}

    def compile(self, template: str, *, inputs: Mapping[str, str], dated: date) -> bytes:
        """Return the PDF of a template of this folder. It ends with a newline, as a later seal needs.

        `dated` is when the document says it was made: equal input gives equal bytes.
        """
        made_at = datetime.combine(dated, time(), UTC)
        with self._one_at_a_time:
            made = self._compiler.compile(
                TEMPLATE / template,
                format="pdf",
                sys_inputs=dict(inputs),
                pdf_standards=STANDARDS,
                timestamp=made_at,
            )
        if not isinstance(made, bytes):
            raise TypeError("Typst gave no single PDF")
        return made + b"\n"

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return drawable(value, self.known)
        if isinstance(value, Mapping):
            return {k: v if k in _AS_IS else self._clean(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(v) for v in value]
        return value


def qr_picture(text: str, *, alt: str) -> dict[str, str]:
    """A QR code for a template: `svg`, and what is said to those who do not see it."""
    drawing = qr_drawing(text)
    box = f"0 0 {drawing.side} {drawing.side}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">'
        f'<rect width="100%" height="100%" fill="#fff"/><path d="{drawing.path}"/></svg>'
    )
    return {"svg": svg, "alt": alt}
