"""How often something may be tried: named limits, counted in one table that all processes share.

Take a limit before opening the transaction of the work itself, so that a rolled-back try still counts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import F

from ebok.foundation.bulk import count_up
from ebok.foundation.digests import keyed_digest
from ebok.foundation.models import LimitCounter

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `times` uses by one subject in each window of length `within`."""

    name: str
    times: int
    within: timedelta

    def window(self, now: datetime) -> int:
        """The number of the window `now` is in."""
        return (now - _EPOCH) // self.within

    def ends_at(self, now: datetime) -> datetime:
        """When the window `now` is in ends."""
        return _EPOCH + (self.window(now) + 1) * self.within


def take(*, limit: Limit, subject: str, now: datetime) -> bool:
    """Count one use and say whether it is within the limit. Two processes never both get the last use."""
    return (
        count_up(
            LimitCounter, key={"key": _key(limit, subject, now)}, column="used", others={"ends_at": limit.ends_at(now)}
        )
        <= limit.times
    )


def give_back(*, limit: Limit, subject: str, now: datetime) -> None:
    """Undo one use, for limits that count failures only."""
    LimitCounter.objects.filter(key=_key(limit, subject, now), used__gt=0).update(used=F("used") - 1)


def forget_past(*, now: datetime) -> int:
    """Delete the counters of windows that have ended. Returns how many."""
    return LimitCounter.objects.filter(ends_at__lt=now).delete()[0]


def _key(limit: Limit, subject: str, now: datetime) -> bytes:
    return keyed_digest(purpose=f"limit:{limit.name}:{limit.window(now)}", value=subject)
