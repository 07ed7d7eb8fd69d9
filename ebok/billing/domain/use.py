"""How much each meter of an invoice used, now and in the period before: only from readings named word for word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from ebok.billing.domain.invoices import Description
from ebok.billing.domain.readings_named import NamedReading, readings_named_in

LONGEST_PERIOD_DAYS: Final = 800
"""Two readings further apart are no billing period: one of their days is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterUse:
    """From one reading of a meter to a later one: `volume_m3` ≥ 0."""

    serial_number: str
    since: date
    until: date
    first_m3: Decimal
    last_m3: Decimal

    @property
    def volume_m3(self) -> Decimal:
        """How many cubic metres went through."""
        return self.last_m3 - self.first_m3

    @property
    def days(self) -> int:
        """How many days lie between the readings."""
        return (self.until - self.since).days


@dataclass(frozen=True, slots=True, kw_only=True)
class UseOfMeter:
    """What an invoice says a meter used. `named` is the invoice's own word for it (the key of the description).

    `before` ends with the very reading this one begins with; None when no invoice of the period before names it.
    """

    named: str
    now: MeterUse
    before: MeterUse | None = None


def use_of_meters(
    *, descriptions: Sequence[Description], earlier: Iterable[Sequence[Description]]
) -> tuple[UseOfMeter, ...]:
    """Return the use of each meter, in the order named; `earlier` are descriptions of invoices of the period before.

    A meter is left out unless exactly one description names its readings, on different days and not falling.
    """
    then = {_end(use): use for rows in earlier for _, use in _uses(rows)}
    return tuple(UseOfMeter(named=key, now=use, before=then.get(_begin(use))) for key, use in _uses(descriptions))


def _uses(descriptions: Sequence[Description]) -> list[tuple[str, MeterUse]]:
    found = [
        (description.key, serial, tuple(readings))
        for description in descriptions
        for serial, readings in groupby(_in_order(description), lambda one: one.serial_number)
    ]
    serials = [serial for _, serial, _ in found]
    made = [(key, _use(readings)) for key, serial, readings in found if serials.count(serial) == 1]
    return [(key, use) for key, use in made if use is not None]


def _in_order(description: Description) -> list[NamedReading]:
    named = readings_named_in(descriptions=[description])
    return sorted(named, key=lambda one: (one.serial_number, one.read_on, one.value_m3))


def _use(readings: Sequence[NamedReading]) -> MeterUse | None:
    days, values = [one.read_on for one in readings], [one.value_m3 for one in readings]
    if len(set(days)) < max(len(days), 2) or values != sorted(values):
        return None
    if (days[-1] - days[0]).days > LONGEST_PERIOD_DAYS:
        return None
    return MeterUse(
        serial_number=readings[0].serial_number, since=days[0], until=days[-1], first_m3=values[0], last_m3=values[-1]
    )


def _begin(use: MeterUse) -> tuple[str, date, Decimal]:
    return use.serial_number, use.since, use.first_m3


def _end(use: MeterUse) -> tuple[str, date, Decimal]:
    return use.serial_number, use.until, use.last_m3
