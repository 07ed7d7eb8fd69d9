"""How a statement stands to those already booked: new, the same again, or overlapping them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from ebok.payments.domain.statements import Statement


class Standing(StrEnum):
    """What is to be done with a statement."""

    NEW = "new"
    SAME = "same"
    OVERLAPS = "overlaps"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedPeriod:
    """A booked statement of the same account, without its movements."""

    number: str
    first_day: date
    last_day: date
    opening: Decimal
    closing: Decimal


def standing(
    *, statement: Statement, keys: Sequence[bytes], touching: Sequence[BookedPeriod], known: Counter[bytes]
) -> Standing:
    """Say how a statement stands to the booked ones whose days touch its own.

    `keys` are the content keys of its movements, `known` how often each is booked. One that goes on
    where a booked one closed on the same day, under another number, is no overlap; neither is one whose
    every movement is known.
    """
    all_known = Counter(keys) <= known
    if not touching:
        return Standing.NEW
    if all_known and any(_reports_the_same(statement, booked) for booked in touching):
        return Standing.SAME
    if _goes_on(statement, touching):
        return Standing.NEW
    return Standing.SAME if all_known else Standing.OVERLAPS


def _reports_the_same(statement: Statement, booked: BookedPeriod) -> bool:
    return (statement.last_day, statement.opening, statement.closing) == (
        booked.last_day,
        booked.opening,
        booked.closing,
    )


def _goes_on(statement: Statement, touching: Sequence[BookedPeriod]) -> bool:
    on_the_edge = all(statement.first_day == t.last_day or statement.last_day == t.first_day for t in touching)
    joined = any(t.closing == statement.opening or t.opening == statement.closing for t in touching)
    return on_the_edge and joined and all(t.number != statement.number for t in touching)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankReach:
    """How far the bank's statements reach: to this day on every own account, and when the newest came in.

    `last_day` is None while some own account has no statement at all: then nobody can say how far they reach.
    """

    last_day: date | None
    booked_at: datetime
