"""Consumption by month, spread over days between readings. What no reading covers stays a gap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from ebok.kernel.periods import Period
from ebok.metering.domain.plausibility import went_round
from ebok.metering.domain.readings import Reading

LITRE = Decimal("0.001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """So many cubic metres used over the days of a period, spread evenly."""

    period: Period
    volume_m3: Decimal

    def within(self, month: Period) -> tuple[int, Decimal]:
        """Return the days the month shares with this use, and their part of the volume."""
        start, end = max(self.period.start, month.start), min(self.period.end, month.end)
        days = max((end - start).days, 0)
        return days, self.volume_m3 * days / self.period.days


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthUse:
    """What a month used. `volume_m3` is None when no reading covers any of its days.

    `covered_days` of its `days` are covered; a month half covered shows what those days used.
    """

    month: date
    volume_m3: Decimal | None
    covered_days: int
    days: int


def uses(*, readings: Sequence[Reading], dials: int) -> list[Use]:
    """Return the use between each two readings of one installation, in order of days.

    A fall counts as the meter going round when it can be that, else it leaves a gap.
    """
    found = []
    for before, after in pairwise(readings):
        volume = after.value_m3 - before.value_m3
        if volume < 0 and went_round(before=before.value_m3, after=after.value_m3, dials=dials):
            volume += Decimal(10) ** dials
        if volume >= 0 and after.read_on > before.read_on:
            found.append(Use(period=Period(start=before.read_on, end=after.read_on), volume_m3=volume))
    return found


def months(*, last: date, count: int) -> list[Period]:
    """Return `count` calendar months, oldest first, the last one containing `last`."""
    index = last.year * 12 + last.month - 1
    return [Period(start=_first(i), end=_first(i + 1)) for i in range(index - count + 1, index + 1)]


def monthly_use(*, spans: Sequence[Use], last: date, count: int) -> list[MonthUse]:
    """Spread one meter's uses over the last `count` months."""
    return [_month(month, spans) for month in months(last=last, count=count)]


def summed(series: Iterable[Sequence[MonthUse]]) -> list[MonthUse]:
    """Add up several meters month by month; a month is a gap only where every one has a gap."""
    return [_added(parts) for parts in zip(*series, strict=True)]


def _month(month: Period, spans: Sequence[Use]) -> MonthUse:
    shares = [span.within(month) for span in spans]
    covered = sum(days for days, _ in shares)
    volume = sum((volume for _, volume in shares), Decimal(0))
    return MonthUse(
        month=month.start,
        volume_m3=volume.quantize(LITRE, rounding=ROUND_HALF_UP) if covered else None,
        covered_days=covered,
        days=month.days,
    )


def _added(parts: Sequence[MonthUse]) -> MonthUse:
    known = [part.volume_m3 for part in parts if part.volume_m3 is not None]
    return MonthUse(
        month=parts[0].month,
        volume_m3=sum(known, Decimal(0)) if known else None,
        covered_days=min((part.covered_days for part in parts if part.covered_days), default=0),
        days=parts[0].days,
    )


def _first(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
