"""Checks a batch of rows of one table, and puts off what has to wait for the end of its file."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from ebok.audit.domain import Actor
from ebok.interchange.domain import TableRow
from ebok.interchange.operations.registry.lost import LostCells
from ebok.interchange.operations.registry.tables import Table
from ebok.kernel.refusals import Refusal, RefusalCode, UnableToTake

LATER_ROWS: Final = 20_000
"""So many rows wait for the end of their file at most: memory stays flat also when every row is a change."""
Values = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Batch:
    """What became of the rows of a batch."""

    new: int = 0
    same: int = 0
    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Checked:
    """The rows of a batch whose cells can stand, by line, and the others' refusals."""

    good: list[tuple[int, Values]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


class Outcome(Protocol):
    """What a room says became of the rows it was given, and which it wants again at the end of the file."""

    new: int
    same: int
    changed: int
    refused: list[Refusal]

    @property
    def later(self) -> Sequence[tuple[Any, Refusal | None]]:
        """Rows to offer again, each with its refusal should nothing have made way for it."""
        ...


class Taker(ABC):
    """Takes the rows of one file, batch by batch.

    What is new goes in with its batch. What would change something waits for the end of the file, since a later
    row of the same file may say otherwise: so a file that says two things of one key changes nothing when it
    is read again.
    """

    def __init__(self, table: Table, *, acting: Actor, now: datetime) -> None:
        self.table = table
        self.acting = acting
        self.now = now
        self.lost = LostCells()
        self._later: dict[Any, list[Any]] = {}
        self._waiting = 0
        self._most = LATER_ROWS

    def check(self, rows: Sequence[TableRow]) -> Checked:
        """Read the cells of every row. Touches no database, so it may run beside `take`."""
        checked = Checked()
        for row in rows:
            try:
                checked.good.append((row.line, parsed(self.table, row)))
            except UnableToTake as refused:
                checked.refused.append(refused.refusal)
        self.lost.look(self.table, rows, checked.good)
        return checked

    def take(self, checked: Checked) -> Batch:
        """Write the good rows in one transaction."""
        batch = Batch(refused=checked.refused)
        self._offer(self.rows(checked.good, batch), batch)
        if self._waiting > self._most:
            self._put_off(row for row, _ in self._settle(batch))
            self._most = self._waiting + LATER_ROWS
        return batch

    def finish(self) -> Batch:
        """Take the rows that waited for the end of the file; refuse those nothing has made way for."""
        batch = Batch()
        batch.refused += [refusal for _, refusal in self._settle(batch) if refusal is not None]
        return batch

    @abstractmethod
    def rows(self, checked: Sequence[tuple[int, Values]], batch: Batch) -> list[Any]:
        """Turn checked rows into the room's own; refuse in the batch those that name what is not there."""

    @abstractmethod
    def register(self, rows: Sequence[Any], *, changing: bool) -> Outcome:
        """Hand the rows to the room that keeps them."""

    @abstractmethod
    def key(self, row: Any) -> Any:
        """What the row is about."""

    def _offer(self, rows: list[Any], batch: Batch) -> None:
        """A row about something that waits already waits behind it."""
        if self._later:
            self._put_off(row for row in rows if self.key(row) in self._later)
            rows = [row for row in rows if self.key(row) not in self._later]
        if rows:
            outcome = self.register(rows, changing=False)
            _count(outcome, batch)
            self._put_off(row for row, _ in outcome.later)

    def _put_off(self, rows: Iterable[Any]) -> None:
        for row in rows:
            self._later.setdefault(self.key(row), []).append(row)
            self._waiting += 1

    def _settle(self, batch: Batch) -> Sequence[tuple[Any, Refusal | None]]:
        rows = [row for group in self._later.values() for row in group]
        self._later, self._waiting = {}, 0
        if not rows:
            return ()
        outcome = self.register(rows, changing=True)
        _count(outcome, batch)
        return outcome.later


def parsed(table: Table, row: TableRow) -> Values:
    """Return the row's values by column.

    :raises UnableToTake: with the line, for the first cell that cannot stand.
    """
    if row.fault is not None:
        raise UnableToTake(row.fault.code, row.fault.reason, line=row.line)
    values: Values = {}
    required, columns = table.required, table.columns
    for name, cell in row.cells.items():
        if not cell and name in required:
            raise UnableToTake(RefusalCode.MISSING_VALUE, f"Kolumna {name} jest pusta. Wpisz wartość.", line=row.line)
        try:
            values[name] = columns[name](cell)
        except UnableToTake as refused:
            reason = f"Kolumna {name}: {refused.refusal.reason}"
            raise UnableToTake(refused.refusal.code, reason, line=row.line) from refused
    return values


def _count(outcome: Outcome, batch: Batch) -> None:
    batch.new += outcome.new
    batch.same += outcome.same
    batch.changed += outcome.changed
    batch.refused += outcome.refused
