"""Which readings an invoice says it was made from."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.billing.domain.invoices import Description
from ebok.billing.domain.readings_named import NamedReading, readings_named_in


def named(words: str) -> set[tuple[str, date, Decimal]]:
    found = readings_named_in(descriptions=[Description(key="Odczyt", value=words)])
    return {(one.serial_number, one.read_on, one.value_m3) for one in found}


def test_both_readings_of_a_billed_period_are_named() -> None:
    assert named("wodomierz 12345678: 000321 (2026-07-31) - 000335 (2026-09-30), zuzycie 14 m3") == {
        ("12345678", date(2026, 7, 31), Decimal(321)),
        ("12345678", date(2026, 9, 30), Decimal(335)),
    }


def test_polish_dates_and_a_comma_are_read_too() -> None:
    assert named("Wodomierz nr AB/12: 335,5 m³ (30.09.2026 r.)") == {("AB/12", date(2026, 9, 30), Decimal("335.5"))}


def test_each_reading_belongs_to_the_meter_named_before_it() -> None:
    words = "wodomierz 1: 10 (2026-01-01) - 20 (2026-02-01); wodomierz 2: 30 (2026-02-01)"
    assert {serial for serial, *_ in named(words)} == {"1", "2"}
    assert ("2", date(2026, 2, 1), Decimal(30)) in named(words)


@pytest.mark.parametrize(
    "words", ["zuzycie 14 m3", "335 (2026-09-30)", "wodomierz 1: 335", "wodomierz 1: 335 (2026-02-30)", ""]
)
def test_nothing_is_guessed(words) -> None:
    assert named(words) == set()


@given(words=st.text(max_size=200))
def test_any_words_can_be_searched(words) -> None:
    assert all(
        isinstance(one, NamedReading) for one in readings_named_in(descriptions=[Description(key="", value=words)])
    )
