"""How often something may be tried: named limits, counted in one table that all processes share.

Take a limit before opening the transaction of the work itself, so that a rolled-back try still counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import F, Sum

from ebok.foundation.bulk import count_up
from ebok.foundation.digests import keyed_digest
from ebok.foundation.models import LimitCounter

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
STEPS: Final = 12
"""In how many parts of its span a limit counts; a use counts for the span and at most one part longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `times` uses by one subject in any span of length `within`, wherever the span starts."""

    name: str
    times: int
    within: timedelta

    @property
    def step(self) -> timedelta:
        """The length of one part of the span."""
        return self.within / STEPS

    def part(self, now: datetime) -> int:
        """The number of the part `now` is in."""
        return (now - _EPOCH) // self.step

    def ends_at(self, now: datetime) -> datetime:
        """When a use made now no longer counts."""
        return _EPOCH + (self.part(now) + 1) * self.step + self.within


Use = tuple[Limit, str]
"""One use of a limit by a subject."""


def take(*, limit: Limit, subject: str, now: datetime) -> bool:
    """Count one use and say whether it is within the limit. Two processes never both get the last use.

    A use that is refused does not count, so trying on does not lengthen the wait.
    """
    key = {"key": _key(limit, subject, limit.part(now))}
    used = count_up(LimitCounter, key=key, column="used", others={"ends_at": limit.ends_at(now)})
    if used + _used_before(limit, subject, now) <= limit.times:
        return True
    give_back(limit=limit, subject=subject, now=now)
    return False


def give_back(*, limit: Limit, subject: str, now: datetime) -> None:
    """Undo one use, for limits that count failures only."""
    key = _key(limit, subject, limit.part(now))
    LimitCounter.objects.filter(key=key, used__gt=0).update(used=F("used") - 1)


def take_each(*, uses: Sequence[Use], now: datetime) -> list[Use]:
    """Count one use of each in their order up to the first that refuses; return those that refuse now.

    When any does, none is counted, and those after it are never touched: name the network address first,
    so that an address which has used up its own tries can take nobody else's, not even for a moment.
    """
    for n, (limit, subject) in enumerate(uses):
        if not take(limit=limit, subject=subject, now=now):
            give_each_back(uses=uses[:n], now=now)
            return [uses[n], *(use for use in uses[n + 1 :] if _free_at(*use, now) > now)]
    return []


def give_each_back(*, uses: Sequence[Use], now: datetime) -> None:
    """Undo one use of each, for limits that count failures only."""
    for limit, subject in uses:
        give_back(limit=limit, subject=subject, now=now)


def wait_until(*, uses: Sequence[Use], now: datetime) -> datetime:
    """When each of these allows another use, if nobody uses any of them meanwhile; `now` when they do already."""
    return max((_free_at(limit, subject, now) for limit, subject in uses), default=now)


def lift(*, limit: Limit, subject: str, now: datetime) -> None:
    """Forget every use by this subject."""
    LimitCounter.objects.filter(
        key__in=[*_keys_before(limit, subject, now), _key(limit, subject, limit.part(now))]
    ).delete()


def forget_past(*, now: datetime) -> int:
    """Delete the counters of uses that no longer count. Returns how many."""
    return LimitCounter.objects.filter(ends_at__lt=now).delete()[0]


def _used_before(limit: Limit, subject: str, now: datetime) -> int:
    before = LimitCounter.objects.filter(key__in=_keys_before(limit, subject, now))
    used: int = before.aggregate(used=Sum("used", default=0))["used"]
    return used


def _free_at(limit: Limit, subject: str, now: datetime) -> datetime:
    part = limit.part(now)
    numbers = {_key(limit, subject, number): number for number in range(part - STEPS, part + 1)}
    rows = LimitCounter.objects.filter(key__in=list(numbers)).values_list("key", "used")
    used = sorted((numbers[bytes(key)], count) for key, count in rows)
    left, free = sum(count for _, count in used), now
    for number, count in used:
        if left < limit.times:
            break
        left, free = left - count, _EPOCH + (number + 1) * limit.step + limit.within
    return free


def _keys_before(limit: Limit, subject: str, now: datetime) -> list[bytes]:
    part = limit.part(now)
    return [_key(limit, subject, number) for number in range(part - STEPS, part)]


def _key(limit: Limit, subject: str, part: int) -> bytes:
    return keyed_digest(purpose=f"limit:{limit.name}:{part}", value=subject)
