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
LABELS_WHERE_NARROW = 4
PEAK_MARGIN = 60


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
    """A bar as drawn, in the units of the 720 × 200 picture.

    Where there is room, bars with `show_label` have their word under them; on a phone only those with `main_label`.
    Over the highest one (`peak`) its value is written, with its middle at `said_at`.
    """

    bar: Bar
    x: int
    y: int
    width: int
    height: int
    middle: int
    show_label: bool
    main_label: bool
    peak: bool
    said_at: int


def rectangles(bars: Sequence[Bar]) -> tuple[Rectangle, ...]:
    """Place the bars side by side, the highest reaching the top; negative values stand on the axis with no height."""
    values = [bar.value if bar.value is not None else Decimal(0) for bar in bars]
    highest = max(values, default=Decimal(0))
    peak = values.index(highest) if highest > 0 else -1
    return tuple(
        _rectangle(bar, index=index, count=len(bars), highest=highest, peak=index == peak)
        for index, bar in enumerate(bars)
    )


def _rectangle(bar: Bar, *, index: int, count: int, highest: Decimal, peak: bool) -> Rectangle:
    pitch = Decimal(WIDTH) / count
    width = max(int(pitch * (1 - GAP_SHARE)), 1)
    x = int(pitch * index + (pitch - width) / 2)
    share = max(bar.value or Decimal(0), Decimal(0)) / highest if highest > 0 else Decimal(0)
    height, middle, from_end = int(share * (BASE - TOP)), x + width // 2, count - 1 - index
    return Rectangle(
        bar=bar,
        x=x,
        y=BASE - height,
        width=width,
        height=height,
        middle=middle,
        show_label=from_end % _every(count, LABELS_AT_MOST) == 0,
        main_label=from_end % _every(count, LABELS_WHERE_NARROW) == 0,
        peak=peak,
        said_at=min(max(middle, PEAK_MARGIN), WIDTH - PEAK_MARGIN),
    )


def _every(count: int, at_most: int) -> int:
    return -(-count // at_most)
