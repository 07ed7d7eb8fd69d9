"""Meters of the demo and what they showed: more in summer, gardens only from April to October."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from ebok.jobs.demo import chance
from ebok.jobs.demo.calendar import months_later
from ebok.jobs.demo.model import DemoAccount, DemoMeter, DemoReading, Part
from ebok.jobs.demo.people import Demo

_SEASON: Final = (0.92, 0.90, 0.94, 0.98, 1.06, 1.14, 1.18, 1.16, 1.02, 0.96, 0.93, 0.94)
_GARDEN: Final = (0.0, 0.0, 0.0, 0.3, 0.9, 1.4, 1.6, 1.4, 0.6, 0.2, 0.0, 0.0)
_MONTH_DAYS: Final = 30.4
_GARDEN_EVERY: Final = 6
_EXCHANGED_EVERY: Final = 29
_VERIFIED_MONTHS: Final = 60
_SOURCES: Final = ("reader", "reader", "reader", "remote", "customer", "estimate")


def has_garden(account: DemoAccount) -> bool:
    """Say whether the premises has a meter for water that does not become sewage (art. 27 ust. 6 uzzw)."""
    if account.part is Part.ORDINARY:
        return account.is_person and account.index % _GARDEN_EVERY == 1
    return account.part in (Part.ANNA, Part.DIFFERS)


def meters_and_readings(demo: Demo, account: DemoAccount) -> tuple[tuple[DemoMeter, ...], tuple[DemoReading, ...]]:
    """The meters of an account and their values on every reading day."""
    die = chance.dice(demo.seed, f"meter-{account.index}")
    garden = has_garden(account)
    per_month = 60 + 90 * die.random() if account.tariff_group == "P1" else 5 + 12 * die.random()
    if account.part is Part.COOPERATIVE:
        per_month = 4 + 8 * die.random()
    garden_month = 4 + 6 * die.random() if garden else 0.0
    grown = _growth(account.ends, die, per_month=per_month, garden_month=garden_month)
    meters: list[DemoMeter] = []
    readings: list[DemoReading] = []
    for subtractive in (False, True) if garden else (False,):
        used = [pair[subtractive] for pair in grown]
        for meter, shown in _meters(demo, account, die, used, subtractive=subtractive):
            meters.append(meter)
            readings.extend(_readings(account, die, meter, shown))
    return tuple(meters), tuple(readings)


def _growth(
    ends: Sequence[date], die: random.Random, *, per_month: float, garden_month: float
) -> list[tuple[int, int]]:
    """Whole m³ used up to each reading day by the main and by the garden meter."""
    house = garden = 0.0
    totals = [(0, 0)] if ends else []
    for start, end in pairwise(ends):
        months, middle = (end - start).days / _MONTH_DAYS, start + (end - start) / 2
        watered = garden_month * _GARDEN[middle.month - 1] * months
        house += per_month * _SEASON[middle.month - 1] * months * (0.85 + 0.3 * die.random()) + watered
        garden += watered
        totals.append((int(house), int(garden)))
    return totals


def _meters(
    demo: Demo, account: DemoAccount, die: random.Random, used: list[int], *, subtractive: bool
) -> Iterator[tuple[DemoMeter, list[tuple[date, int]]]]:
    """One meter, or two when it was exchanged on a reading day, each with the values it showed."""
    shown = list(zip(account.ends, used, strict=True))
    exchange = len(shown) // 2
    exchanged = account.part is Part.ORDINARY and account.index % _EXCHANGED_EVERY == 0 and exchange and not subtractive
    spans = [shown[: exchange + 1], shown[exchange:]] if exchanged else [shown]
    for place, span in enumerate(spans):
        last = place == len(spans) - 1
        begun = die.randrange(900) if place == 0 and account.part is not Part.NOWA else 0
        base = span[0][1] if span else 0
        values = [(day, begun + value - base) for day, value in span]
        removed = None if last and account.closed_on is None else span[-1][0]
        installed = span[0][0] if place else _installed(demo, account)
        yield (
            DemoMeter(
                serial=f"{'9' if subtractive else '1'}{account.index:05d}{place + 1}{die.randrange(10)}",
                point_number=account.point_number,
                subtractive=subtractive,
                dials=5,
                installed_on=installed,
                initial_value=values[0][1] if values else begun,
                removed_on=removed,
                final_value=values[-1][1] if removed else None,
                verification_valid_until=_verified(demo, account, subtractive=subtractive),
            ),
            values,
        )


def _installed(demo: Demo, account: DemoAccount) -> date:
    return account.ends[0] if account.ends else account.opened_on


def _verified(demo: Demo, account: DemoAccount, *, subtractive: bool) -> date:
    """Five years from its mark; every third garden meter's has run out (rozp. MPiT z 22.03.2019)."""
    if subtractive and account.part is Part.ORDINARY and account.index // _GARDEN_EVERY % 3 == 0:
        return months_later(demo.on, -8).replace(day=1) - timedelta(days=1)
    return months_later(demo.on, 1 + account.index * 7 % (_VERIFIED_MONTHS - 30)).replace(day=1) - timedelta(days=1)


def _readings(
    account: DemoAccount, die: random.Random, meter: DemoMeter, shown: list[tuple[date, int]]
) -> Iterator[DemoReading]:
    for place, (day, value) in enumerate(shown):
        source = "staff" if place == 0 or day == meter.removed_on else die.choice(_SOURCES)
        yield DemoReading(serial=meter.serial, read_on=day, value=value, source=source)
