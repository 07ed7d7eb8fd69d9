"""Geometry of a bar chart: numbers in, rectangles out. The words (sentence and table twin) come from the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 720
HEIGHT = 200
BASE = 170
TOP = 22
GAP_SHARE = Decimal("0.28")
LABELS_AT_MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar to draw. `value` sets its height, `text` says it in words, `short` stands under the bar.

    `kind` is `""`, `"before"` (an earlier year) or `"estimate"` (not read from the meter).
    A `value` of None leaves a gap: nothing is known.
    """

    label: str
    short: str
    value: Decimal | None
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A bar as drawn, in the units of the 720 × 200 picture."""

    bar: Bar
    x: int
    y: int
    width: int
    height: int
    middle: int
    show_label: bool


def rectangles(bars: Sequence[Bar]) -> tuple[Rectangle, ...]:
    """Place the bars side by side, the highest reaching the top; negative values stand on the axis with no height."""
    highest = max((bar.value for bar in bars if bar.value is not None), default=Decimal(0))
    every = -(-len(bars) // LABELS_AT_MOST) if bars else 1
    return tuple(
        _rectangle(bar, index=index, count=len(bars), highest=highest, show_label=(len(bars) - 1 - index) % every == 0)
        for index, bar in enumerate(bars)
    )


def _rectangle(bar: Bar, *, index: int, count: int, highest: Decimal, show_label: bool) -> Rectangle:
    pitch = Decimal(WIDTH) / count
    width = max(int(pitch * (1 - GAP_SHARE)), 1)
    x = int(pitch * index + (pitch - width) / 2)
    share = max(bar.value or Decimal(0), Decimal(0)) / highest if highest > 0 else Decimal(0)
    height = int(share * (BASE - TOP))
    return Rectangle(
        bar=bar, x=x, y=BASE - height, width=width, height=height, middle=x + width // 2, show_label=show_label
    )
