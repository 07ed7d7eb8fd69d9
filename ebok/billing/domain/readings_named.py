"""Which readings an invoice says it was made from, in the words of its `DodatkowyOpis`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from ebok.billing.domain.invoices import Description

_METER: Final = re.compile(r"wodomierz(?:a|u)?(?:\s+(?:nr|numer))?[\s:.]+([^\s:,;()]+)", re.IGNORECASE)
_READ: Final = re.compile(
    r"(?<![0-9.,])([0-9]{1,9}(?:[.,][0-9]{1,3})?)(?:\s*m(?:3|³))?\s*\(\s*"
    r"(?:([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}))\s*(?:r\.?)?\s*\)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedReading:
    """A reading that a description names: the meter, the day and the value in cubic metres."""

    serial_number: str
    read_on: date
    value_m3: Decimal


def readings_named_in(*, descriptions: Iterable[Description]) -> frozenset[NamedReading]:
    """Return the readings named with meter, value and day, as `wodomierz 123: 000321 (2026-07-31) - …`.

    A reading whose meter, day or value is not there word for word is not named; nothing is guessed.
    """
    return frozenset(found for description in descriptions for found in _in(description.value))


def _in(words: str) -> Iterator[NamedReading]:
    meters = list(_METER.finditer(words))
    ends = [*(meter.start() for meter in meters), len(words)]
    for meter, (_, end) in zip(meters, pairwise(ends), strict=True):
        for match in _READ.finditer(words, meter.end(), end):
            day = _day(match)
            if day is not None:
                value = Decimal(match[1].replace(",", "."))
                yield NamedReading(serial_number=meter[1], read_on=day, value_m3=value)


def _day(match: re.Match[str]) -> date | None:
    year, month, day = (match[2], match[3], match[4]) if match[2] else (match[7], match[6], match[5])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
