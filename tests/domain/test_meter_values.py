"""What people type for a meter's value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.metering.domain.values import UnableToParseMeterValue, ValueProblem, parse_meter_value


@given(value=st.integers(0, 99_999), zeros=st.integers(0, 3), spaces=st.booleans())
def test_whole_digits_are_read_with_leading_zeros_and_spaces(value, zeros, spaces) -> None:
    text = "0" * zeros + str(value)
    assert parse_meter_value(text=" ".join(text) if spaces else text, dials=5) == value


@given(value=st.decimals(0, 99_999, places=3), comma=st.sampled_from(",."))
def test_a_comma_and_a_dot_mean_the_same(value, comma) -> None:
    assert parse_meter_value(text=f"{value:f}".replace(".", comma), dials=5) == value


@given(text=st.text(max_size=12))
def test_any_text_is_a_value_within_the_dials_or_refused_with_a_reason(text) -> None:
    try:
        value = parse_meter_value(text=text, dials=4)
    except UnableToParseMeterValue as unable:
        reason = unable.reason
    else:
        reason = None
        assert 0 <= value < Decimal(10) ** 4
    assert reason is None or reason in ValueProblem


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ValueProblem.EMPTY),
        ("  ", ValueProblem.EMPTY),
        ("1e5", ValueProblem.NOT_A_NUMBER),
        ("１２", ValueProblem.NOT_A_NUMBER),
        ("-1", ValueProblem.NOT_A_NUMBER),
        ("1,2,3", ValueProblem.NOT_A_NUMBER),
        ("1234567", ValueProblem.TOO_MANY_DIGITS),
        ("1,2345", ValueProblem.TOO_MANY_DECIMALS),
    ],
)
def test_what_a_meter_cannot_show_is_refused(text, reason) -> None:
    with pytest.raises(UnableToParseMeterValue) as unable:
        parse_meter_value(text=text, dials=5)
    assert unable.value.reason is reason
