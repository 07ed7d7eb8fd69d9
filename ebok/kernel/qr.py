"""QR codes as one path of an SVG: error level L and UTF-8, as banks read the ZBP code."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import segno

QUIET_ZONE: Final = 4
MASK: Final = 2
"""One fixed mask: any is valid, and choosing the best one costs most of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QrDrawing:
    """Dark modules as an SVG path in a square of `side` modules, the quiet zone included."""

    side: int
    path: str


def qr_drawing(text: str) -> QrDrawing:
    """Draw the text.

    :raises segno.encoder.DataOverflowError: when it is longer than a QR code holds (2,953 bytes).
    """
    code = segno.make_qr(text, error="L", encoding="utf-8", mask=MASK, boost_error=False)
    rows = (_row(y, row) for y, row in enumerate(code.matrix, start=QUIET_ZONE))
    return QrDrawing(side=len(code.matrix) + 2 * QUIET_ZONE, path="".join(rows))


def _row(y: int, row: bytearray) -> str:
    parts, x = [], QUIET_ZONE
    for dark, run in groupby(row):
        length = sum(1 for _ in run)
        if dark:
            parts.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(parts)
