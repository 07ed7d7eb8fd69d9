"""What people type for a meter's value."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Final

MAX_DECIMALS: Final = 3
_VALUE: Final = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")


class ValueProblem(StrEnum):
    """Why a typed value cannot be what a meter shows."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    TOO_MANY_DIGITS = "too_many_digits"
    TOO_MANY_DECIMALS = "too_many_decimals"


class UnableToParseMeterValue(ValueError):
    """The text is no value of this meter; `reason` says why."""

    def __init__(self, reason: ValueProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


def parse_meter_value(*, text: str, dials: int) -> Decimal:
    """Return the cubic metres that `text` says: ASCII digits, spaces allowed, a comma or a dot before decimals.

    `dials` is how many black digits the meter has; leading zeros beyond them are allowed.

    :raises UnableToParseMeterValue: when it is empty, no plain number, or longer than the meter shows.
    """
    compact = "".join(text.split())
    if not compact:
        raise UnableToParseMeterValue(ValueProblem.EMPTY)
    match = _VALUE.fullmatch(compact)
    if match is None:
        raise UnableToParseMeterValue(ValueProblem.NOT_A_NUMBER)
    whole, decimals = match[1].lstrip("0") or "0", match[2] or ""
    if len(whole) > dials:
        raise UnableToParseMeterValue(ValueProblem.TOO_MANY_DIGITS)
    if len(decimals) > MAX_DECIMALS:
        raise UnableToParseMeterValue(ValueProblem.TOO_MANY_DECIMALS)
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def fits(*, value_m3: Decimal, dials: int) -> bool:
    """Say whether a meter with so many black digits can show the value. The same rule as for what people type."""
    return value_m3 < Decimal(10) ** dials
