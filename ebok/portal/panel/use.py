"""Consumption of 24 months as bars with a sentence."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ebok.foundation.formats import NBSP, decimal_number
from ebok.metering.domain.consumption import MonthUse
from ebok.web.charts import Bar

YEAR: Final = 12
MONTHS: Final = (
    "styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec",
    "lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień",
)  # fmt: skip
ENOUGH_DAYS: Final = Decimal("0.5")
TENTH: Final = Decimal("0.1")


def bars(months: Sequence[MonthUse]) -> list[Bar]:
    """One bar a month, oldest first; the earlier of the two years is drawn quieter."""
    earlier = len(months) - YEAR
    return [_bar(month, kind="before" if place < earlier else "") for place, month in enumerate(months)]


def _bar(month: MonthUse, *, kind: str) -> Bar:
    name = MONTHS[month.month.month - 1]
    known = month.volume_m3 is not None
    text = f"{decimal_number(month.volume_m3, places=1)}{NBSP}m³" if month.volume_m3 is not None else "brak odczytów"
    if known and month.covered_days < month.days:
        text += f" ({month.covered_days} z {month.days} dni)"
    return Bar(label=f"{name} {month.month.year}", short=name[:3], value=month.volume_m3, text=text, kind=kind)


def sentence(months: Sequence[MonthUse]) -> str:
    """Say the use of a usual month, and how it compares with the year before where both are known."""
    now, before = _a_month(months[-YEAR:]), _a_month(months[:-YEAR])
    if now is None:
        return "W ostatnim roku mamy za mało odczytów, żeby podać średnie zużycie."
    said = f"Zużywasz średnio {decimal_number(now, places=1)}{NBSP}m³ na miesiąc"
    if before is None:
        return f"{said}."
    difference = now - before
    if abs(difference) < TENTH:
        return f"{said}, tyle samo co rok wcześniej."
    word = "więcej" if difference > 0 else "mniej"
    return f"{said}, o {decimal_number(abs(difference), places=1)}{NBSP}m³ {word} niż rok wcześniej."


def _a_month(months: Sequence[MonthUse]) -> Decimal | None:
    """Use of a month of 30,4 days, over the covered days; None when they are too few to tell."""
    covered = sum(month.covered_days for month in months if month.volume_m3 is not None)
    if covered < ENOUGH_DAYS * sum(month.days for month in months) or not covered:
        return None
    volume = sum((month.volume_m3 for month in months if month.volume_m3 is not None), Decimal(0))
    return volume / covered * Decimal(365) / YEAR
