"""Half-open periods of days: the start belongs to the period, the end does not."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period must end after it starts: {self.start}..{self.end}")

    @classmethod
    def inclusive(cls, first: date, last: date) -> Self:
        """Make a period from its first and its last day, as documents print it."""
        return cls(start=first, end=last + DAY)

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - DAY

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlaps(self, other: "Period") -> bool:
        """Say whether any day belongs to both periods."""
        return self.start < other.end and other.start < self.end
