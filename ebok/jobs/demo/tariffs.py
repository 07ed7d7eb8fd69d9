"""Prices of the demo: three steps of twelve months, as a tariff decision sets them (art. 24b uzzw)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from ebok.jobs.demo.calendar import DAY, months_later


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Net prices from a day on: water and sewage for a m³, the standing charge for a month."""

    valid_from: date
    water: Decimal
    sewage: Decimal
    standing: Decimal


_MONTHS_AGO: Final = (30, 18, 6)
_PRICES: Final = {
    "G1": (("4.98", "8.12", "6.10"), ("5.12", "8.47", "6.30"), ("5.27", "8.91", "6.50")),
    "P1": (("5.34", "8.90", "14.20"), ("5.51", "9.28", "14.80"), ("5.69", "9.77", "15.40")),
}


def steps(*, group: str, on: date) -> tuple[Step, ...]:
    """The steps of a tariff group, oldest first; the first also counts for the time before."""
    starts = (months_later(on, -months).replace(day=1) for months in _MONTHS_AGO)
    return tuple(
        Step(valid_from=start, water=Decimal(water), sewage=Decimal(sewage), standing=Decimal(standing))
        for start, (water, sewage, standing) in zip(starts, _PRICES[group], strict=True)
    )


def step_on(tariff: Sequence[Step], day: date) -> Step:
    """The step valid on a day."""
    return next((step for step in reversed(tariff) if step.valid_from <= day), tariff[0])


def split(tariff: Sequence[Step], *, first_day: date, last_day: date, volume: int) -> list[tuple[Step, int]]:
    """Share a volume among the steps of a period by days, in whole m³ that add up to it."""
    change = next((step for step in tariff if first_day < step.valid_from <= last_day), None)
    if change is None:
        return [(step_on(tariff, last_day), volume)]
    before = volume * (change.valid_from - first_day).days // (last_day + DAY - first_day).days
    return [(step_on(tariff, first_day), before), (change, volume - before)]
