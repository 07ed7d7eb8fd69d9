"""Tells of contact data that could not be kept, or looks odd: it keeps no row out, and no code says so."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ebok.interchange.domain import TableRow
from ebok.interchange.operations.registry.tables import Table

LINES_NAMED: Final = 10
_POSTAL_CODE: Final = re.compile(r"[0-9]{2}-[0-9]{3}", re.ASCII)
_LEFT_OUT: Final = {"email": "to nie są adresy e-mail", "phone": "to nie są numery telefonu"}
_ODD: Final = {"postal_code": "kod pocztowy nie ma postaci 05-400"}


@dataclass(slots=True, kw_only=True)
class _Told:
    count: int = 0
    lines: list[int] = field(default_factory=list)


class LostCells:
    """Counts such cells by column. Names lines only: what stands in them is personal data."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def look(self, table: Table, rows: Sequence[TableRow], good: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Look at the rows that go in."""
        columns = [name for name in (*_LEFT_OUT, *_ODD) if name in table.columns]
        if not columns:
            return
        kept = dict(good)
        for row in rows:
            values = kept.get(row.line)
            if values is None:
                continue
            for name in columns:
                cell = row.cells.get(name, "")
                if cell and (not values[name] or (name in _ODD and not _POSTAL_CODE.fullmatch(cell))):
                    self._tell(name, row.line)

    def sentences(self) -> list[str]:
        """One Polish sentence for each column."""
        return [self._sentence(name, told) for name, told in self._told.items()]

    def _tell(self, name: str, line: int) -> None:
        told = self._told.setdefault(name, _Told())
        told.count += 1
        if len(told.lines) < LINES_NAMED:
            told.lines.append(line)

    def _sentence(self, name: str, told: _Told) -> str:
        more = f" i {told.count - len(told.lines)} dalszych" if told.count > len(told.lines) else ""
        where = f"wiersze {', '.join(map(str, told.lines))}{more}"
        if name in _ODD:
            return f"Kolumna {name}: {_ODD[name]} ({where}). Przyjęto, jak jest. Sprawdź."
        return f"Kolumna {name}: {_LEFT_OUT[name]} ({where}). Wiersze przyjęto bez nich."
