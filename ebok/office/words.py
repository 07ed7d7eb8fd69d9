"""Words of the office: counts and ages in Polish."""

from datetime import timedelta
from typing import Final

from ebok.foundation.formats import NBSP, grouped

_TEENS: Final = range(12, 15)


def counted(count: int, one: str, few: str, many: str) -> str:
    """A count with its noun: `1 list`, `3 listy`, `12 listów`."""
    several = few if count % 10 in (2, 3, 4) and count % 100 not in _TEENS else many
    return f"{grouped(str(count))}{NBSP}{one if count == 1 else several}"


def waiting_for(waits: timedelta) -> str:
    """How long something waits: `3 dni`, `2 godziny`, `mniej niż godzinę`."""
    if waits.days:
        return counted(waits.days, "dzień", "dni", "dni")
    hours = waits.seconds // 3600
    return counted(hours, "godzinę", "godziny", "godzin") if hours else "mniej niż godzinę"
