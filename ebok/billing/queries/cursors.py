"""Where a page of a list ended: a day and an id, as text that survives an address."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_CURSOR: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The last row of the page before."""

    day: date
    id: int


def write_cursor(day: date, row_id: int) -> str:
    """Write a cursor."""
    return f"{day.isoformat()}.{row_id}"


def read_cursor(text: str) -> Cursor | None:
    """Read a cursor; None when the text is none."""
    match = _CURSOR.fullmatch(text)
    if match is None:
        return None
    try:
        return Cursor(day=date.fromisoformat(match[1]), id=int(match[2]))
    except ValueError:
        return None
