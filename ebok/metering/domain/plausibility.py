"""Whether a reading can stand or needs a second look. Nothing here refuses one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from ebok.metering.domain.readings import Reading

FAR_ABOVE_TIMES: Final = 3
"""A use this many times the usual one is asked about."""
MARGIN_M3: Final = Decimal(3)
"""So much above the usual is never asked about, however small the usual is."""
UNKNOWN_DAILY_M3: Final = Decimal(2)
"""What a day may use before it is asked about while there is no history: some fifteen people's water."""
ROLLOVER_SHARE: Final = Decimal("0.1")
"""A meter may have gone round only from the top tenth of its range into the bottom tenth."""
MIN_HISTORY_DAYS: Final = 14
HISTORY: Final = timedelta(days=731)


class Finding(StrEnum):
    """What stands out about a reading."""

    OK = "ok"
    SAME_DAY_DUPLICATE = "same_day_duplicate"
    LOWER = "lower"
    ROLLOVER_POSSIBLE = "rollover_possible"
    FAR_ABOVE = "far_above"
    ABOVE_LATER = "above_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyUse:
    """How much a meter usually runs: cubic metres a day, over so many days of history."""

    m3_per_day: Decimal
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a reading says: the use since the previous one, and what it usually is over as many days.

    `used_m3` is None without a previous reading or when the value went down; `usual_m3` None without history.
    """

    finding: Finding
    days: int
    used_m3: Decimal | None
    usual_m3: Decimal | None

    @property
    def needs_reason(self) -> bool:
        """Say whether the customer is asked why, and a person looks before it is accepted."""
        return self.finding not in {Finding.OK, Finding.SAME_DAY_DUPLICATE}


def assess_reading(
    *,
    previous: Reading | None,
    value_m3: Decimal,
    read_on: date,
    usual: DailyUse | None,
    dials: int,
    following: Reading | None = None,
) -> Assessment:
    """Say whether a reading can stand or needs a second look.

    `previous` is the last one on or before `read_on`, `following` the first after it.
    """
    days = (read_on - previous.read_on).days if previous else 0
    usual_m3 = usual.m3_per_day * max(days, 1) if usual and previous else None
    used = value_m3 - previous.value_m3 if previous else None
    if following is not None and value_m3 > following.value_m3:
        finding = Finding.ABOVE_LATER
    elif previous is None:
        finding = Finding.OK
    else:
        finding = _against(previous, Reading(read_on=read_on, value_m3=value_m3), usual_m3=usual_m3, dials=dials)
    if finding is Finding.ROLLOVER_POSSIBLE and used is not None:
        used += 10**dials
    return Assessment(
        finding=finding, days=days, used_m3=used if used is None or used >= 0 else None, usual_m3=usual_m3
    )


def _against(previous: Reading, reading: Reading, *, usual_m3: Decimal | None, dials: int) -> Finding:
    if previous == reading:
        return Finding.SAME_DAY_DUPLICATE
    if reading.value_m3 < previous.value_m3:
        turned = went_round(before=previous.value_m3, after=reading.value_m3, dials=dials)
        return Finding.ROLLOVER_POSSIBLE if turned else Finding.LOWER
    days = max((reading.read_on - previous.read_on).days, 1)
    usual = usual_m3 if usual_m3 is not None else UNKNOWN_DAILY_M3 * days / FAR_ABOVE_TIMES
    far = reading.value_m3 - previous.value_m3 > max(usual * FAR_ABOVE_TIMES, usual + MARGIN_M3)
    return Finding.FAR_ABOVE if far else Finding.OK


def went_round(*, before: Decimal, after: Decimal, dials: int) -> bool:
    """Say whether a lower value can be the meter passing its last number to 0 and on."""
    limit = Decimal(10) ** dials
    return before >= limit * (1 - ROLLOVER_SHARE) and after < limit * ROLLOVER_SHARE


def usual_daily_use(*, history: Sequence[Reading], until: date) -> DailyUse | None:
    """Return what a day usually uses, from the last two years before `until`, or None when that is too little.

    `history` is in order of days. A fall (a changed or turned meter) is left out, not guessed.
    """
    recent = [reading for reading in history if until - HISTORY <= reading.read_on <= until]
    rises = [(a, b) for a, b in pairwise(recent) if b.value_m3 >= a.value_m3 and b.read_on > a.read_on]
    days = sum((b.read_on - a.read_on).days for a, b in rises)
    if days < MIN_HISTORY_DAYS:
        return None
    used = sum((b.value_m3 - a.value_m3 for a, b in rises), Decimal(0))
    return DailyUse(m3_per_day=used / days, days=days)
