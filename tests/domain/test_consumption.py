"""Consumption by month."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ebok.kernel.periods import Period
from ebok.metering.domain.consumption import Use, monthly_use, months, summed, uses
from ebok.metering.domain.readings import Reading

LAST = date(2026, 11, 22)


def reading(day: date, value: str) -> Reading:
    return Reading(read_on=day, value_m3=Decimal(value))


def test_months_end_with_the_one_asked_for() -> None:
    found = months(last=LAST, count=24)
    assert (found[0].start, found[-1].start, len(found)) == (date(2024, 12, 1), date(2026, 11, 1), 24)


def test_use_is_spread_over_the_days_between_readings() -> None:
    spans = uses(readings=[reading(date(2026, 9, 16), "100"), reading(date(2026, 10, 16), "130")], dials=5)
    found = {use.month.month: use for use in monthly_use(spans=spans, last=LAST, count=3)}
    assert (found[9].volume_m3, found[9].covered_days) == (Decimal("15.000"), 15)
    assert (found[10].volume_m3, found[10].covered_days) == (Decimal("15.000"), 15)
    assert found[11].volume_m3 is None


def test_a_meter_that_goes_round_goes_on_counting() -> None:
    spans = uses(readings=[reading(date(2026, 9, 1), "99990"), reading(date(2026, 10, 1), "10")], dials=5)
    assert [span.volume_m3 for span in spans] == [Decimal(20)]


def test_a_fall_that_is_no_turn_leaves_a_gap() -> None:
    assert uses(readings=[reading(date(2026, 9, 1), "500"), reading(date(2026, 10, 1), "10")], dials=5) == []


def test_a_month_is_a_gap_only_where_every_meter_has_one() -> None:
    one = monthly_use(spans=[], last=LAST, count=1)
    other = monthly_use(
        spans=[Use(period=Period(start=date(2026, 11, 1), end=date(2026, 12, 1)), volume_m3=Decimal(3))],
        last=LAST,
        count=1,
    )
    assert summed([one, other])[0].volume_m3 == 3
    assert summed([one, one])[0].volume_m3 is None


@given(steps=st.lists(st.tuples(st.integers(1, 90), st.decimals(0, 500, places=3)), min_size=1, max_size=12))
def test_nothing_is_lost_or_made_up_when_use_is_spread(steps) -> None:
    day, value = date(2025, 1, 10), Decimal(0)
    readings = [Reading(read_on=day, value_m3=value)]
    for days, volume in steps:
        day, value = day + timedelta(days=days), value + volume
        readings.append(Reading(read_on=day, value_m3=value))
    count = (day.year - 2025) * 12 + day.month
    found = monthly_use(spans=uses(readings=readings, dials=9), last=day, count=count)
    spread = sum((use.volume_m3 or Decimal(0) for use in found), Decimal(0))
    assert abs(spread - value) <= Decimal("0.0005") * count
    assert sum(use.covered_days for use in found) == (day - date(2025, 1, 10)).days
