"""Whether a reading can stand or needs a second look."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ebok.metering.domain.plausibility import (
    MARGIN_M3,
    DailyUse,
    Finding,
    assess_reading,
    usual_daily_use,
)
from ebok.metering.domain.readings import Reading

START = date(2026, 1, 1)
VALUES = st.decimals(0, 80_000, places=3)


def assessed(before: str, now: str, *, days: int = 30, daily: str | None = "0.3") -> Finding:
    return assess_reading(
        previous=Reading(read_on=START, value_m3=Decimal(before)),
        value_m3=Decimal(now),
        read_on=START + timedelta(days=days),
        usual=DailyUse(m3_per_day=Decimal(daily), days=300) if daily else None,
        dials=5,
    ).finding


def test_the_usual_use_is_taken() -> None:
    assert assessed("125", "134") is Finding.OK


def test_three_times_the_usual_is_asked_about() -> None:
    assert assessed("125", "153") is Finding.FAR_ABOVE
    assert assessed("125", "152") is Finding.OK


def test_a_little_more_than_very_little_is_not_asked_about() -> None:
    assert assessed("125", "127", daily="0.001") is Finding.OK


def test_without_history_only_very_much_is_asked_about() -> None:
    assert assessed("0", "60", daily=None) is Finding.OK
    assert assessed("0", "61", daily=None) is Finding.FAR_ABOVE


def test_a_lower_value_is_asked_about() -> None:
    assert assessed("125", "119") is Finding.LOWER


def test_a_meter_at_its_end_may_have_gone_round() -> None:
    assert assessed("99995", "4") is Finding.ROLLOVER_POSSIBLE


def test_the_same_value_on_the_same_day_is_a_duplicate() -> None:
    assert assessed("125", "125", days=0) is Finding.SAME_DAY_DUPLICATE


def test_more_than_a_later_reading_is_asked_about() -> None:
    found = assess_reading(
        previous=None,
        following=Reading(read_on=START + timedelta(days=9), value_m3=Decimal(10)),
        value_m3=Decimal(11),
        read_on=START,
        usual=None,
        dials=5,
    )
    assert found.finding is Finding.ABOVE_LATER


@given(before=VALUES, now=VALUES, days=st.integers(0, 800), daily=st.none() | st.decimals(0, 5, places=3))
def test_every_reading_is_assessed_and_what_is_asked_about_has_a_cause(before, now, days, daily) -> None:
    found = assess_reading(
        previous=Reading(read_on=START, value_m3=before),
        value_m3=now,
        read_on=START + timedelta(days=days),
        usual=DailyUse(m3_per_day=daily, days=60) if daily is not None else None,
        dials=5,
    )
    if found.finding is Finding.FAR_ABOVE:
        assert now - before > (found.usual_m3 + MARGIN_M3 if found.usual_m3 is not None else 0)
    if found.finding in {Finding.LOWER, Finding.ROLLOVER_POSSIBLE}:
        assert now < before
    assert found.used_m3 is None or found.used_m3 >= 0


@given(daily=st.decimals("0.01", 3, places=2), gaps=st.lists(st.integers(7, 60), min_size=2, max_size=10))
def test_a_steady_use_is_the_usual_use(daily, gaps) -> None:
    history, day, value = [], START, Decimal(0)
    for gap in [0, *gaps]:
        day, value = day + timedelta(days=gap), value + daily * gap
        history.append(Reading(read_on=day, value_m3=value))
    usual = usual_daily_use(history=history, until=day)
    assert usual is not None
    assert abs(usual.m3_per_day - daily) < Decimal("0.0000001")


def test_a_short_history_says_nothing() -> None:
    short = [Reading(read_on=START + timedelta(days=d), value_m3=Decimal(d)) for d in (0, 13)]
    assert usual_daily_use(history=short, until=START + timedelta(days=13)) is None
