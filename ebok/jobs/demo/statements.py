"""Cuts a bank account's movements into statements: by months, some by weeks, the newest by days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final

from ebok.jobs.demo.calendar import DAY, month_end
from ebok.jobs.demo.model import DemoTransfer

OPENING_BALANCE: Final = Decimal("125000.00")
_WEEKLY_EVERY, _WEEKLY_PLACE = 6, 5
_WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStatement:
    """One statement: opening + Σ movements = closing; both days belong to it."""

    number: int
    first_day: date
    last_day: date
    opening: Decimal
    closing: Decimal
    movements: tuple[DemoTransfer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """The statements of one file, and its place in the row of files."""

    place: int
    stem: str
    statements: tuple[DemoStatement, ...]


def files(transfers: Sequence[DemoTransfer], *, until: date) -> Iterator[StatementFile]:
    """Every file of one account, oldest first, each statement opening where the one before closed.

    :param until: the last day the bank speaks for; later movements are left out.
    """
    known = sorted(
        (t for t in transfers if t.booked_on <= until), key=lambda t: (t.booked_on, t.name, t.amount, t.title)
    )
    balance, number, place = OPENING_BALANCE, 0, 0
    for month, movements in groupby(known, key=lambda t: month_end(t.booked_on)):
        for stem, spans in _spans(month, until, place, tuple(movements)):
            statements = []
            for first_day, last_day, inside in spans:
                number += 1
                statement = _statement(number, first_day, last_day, balance, inside)
                balance = statement.closing
                statements.append(statement)
            yield StatementFile(place=place, stem=stem, statements=tuple(statements))
            place += 1


Span = tuple[date, date, tuple[DemoTransfer, ...]]


def _spans(
    month: date, until: date, place: int, movements: tuple[DemoTransfer, ...]
) -> Iterator[tuple[str, list[Span]]]:
    if month > until:
        for day, inside in groupby(movements, key=lambda t: t.booked_on):
            yield f"{day}", [(day, day, tuple(inside))]
    elif place % _WEEKLY_EVERY == _WEEKLY_PLACE:
        yield f"{month:%Y-%m}", list(_weeks(month, movements))
    else:
        yield f"{month:%Y-%m}", [(month.replace(day=1), month, movements)]


def _weeks(month: date, movements: tuple[DemoTransfer, ...]) -> Iterator[Span]:
    first_day = month.replace(day=1)
    while first_day <= month:
        last_day = min(first_day + timedelta(days=_WEEK_DAYS) - DAY, month)
        yield first_day, last_day, tuple(t for t in movements if first_day <= t.booked_on <= last_day)
        first_day = last_day + DAY


def _statement(
    number: int, first_day: date, last_day: date, opening: Decimal, movements: tuple[DemoTransfer, ...]
) -> DemoStatement:
    return DemoStatement(
        number=number,
        first_day=first_day,
        last_day=last_day,
        opening=opening,
        closing=opening + sum((t.amount for t in movements), Decimal(0)),
        movements=movements,
    )
