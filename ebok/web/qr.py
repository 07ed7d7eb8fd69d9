"""QR codes as pictures inside a page: dark on white in every color scheme, with a text alternative."""

from itertools import groupby

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET_ZONE = 4
MASK = 2


def qr_svg(text: str, *, label: str) -> SafeString:
    """Return `text` as an inline SVG of class `qr`; `label` is what a screen reader says.

    Error level L and UTF-8, as banks read the ZBP code; one fixed mask, because choosing it costs most of the time.
    """
    code = segno.make_qr(text, error="L", encoding="utf-8", mask=MASK, boost_error=False)
    side = code.symbol_size(border=QUIET_ZONE)[0]
    return format_html(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}"'
        ' shape-rendering="crispEdges">'
        '<rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="{}"/></svg>',
        label, side, side, side * 4, side * 4, _path(code.matrix),
    )  # fmt: skip


def _path(matrix: tuple[bytearray, ...]) -> str:
    return "".join(_row(y, row) for y, row in enumerate(matrix, start=QUIET_ZONE))


def _row(y: int, row: bytearray) -> str:
    parts, x = [], QUIET_ZONE
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            parts.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(parts)
