"""Checks a batch of rows of one table and hands the good ones to the room that keeps them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from django.utils import timezone

from ebok.audit.domain import Actor
from ebok.customers.domain import CustomerScope, RegistryRow
from ebok.customers.operations import pesel_digest, register_accounts, register_points
from ebok.customers.queries import accounts_by_number, points_by_number
from ebok.interchange.domain import TableRow
from ebok.interchange.operations.registry.tables import ACCOUNTS, METERS, POINTS, READINGS, Table
from ebok.kernel.refusals import Refusal, RefusalCode, UnableToTake
from ebok.metering.domain.readings import MeterRow, ReadingRow, ReadingSource
from ebok.metering.operations.meters import register_meters, still_elsewhere
from ebok.metering.operations.readings import record_readings
from ebok.metering.queries import meters_by_serial

WHOLE: Final = CustomerScope.whole(acting="import_registry")
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
    """What a room says became of the rows it was given."""

    new: int
    same: int
    changed: int
    refused: list[Refusal]


class Taker:
    """Takes the rows of one file, batch by batch."""

    def __init__(self, table: Table, *, acting: Actor, now: datetime) -> None:
        self.table = table
        self.acting = acting
        self.now = now

    def check(self, rows: Sequence[TableRow]) -> Checked:
        """Read the cells of every row. Touches no database, so it may run beside `take`."""
        checked = Checked()
        for row in rows:
            try:
                checked.good.append((row.line, parsed(self.table, row)))
            except UnableToTake as refused:
                checked.refused.append(refused.refusal)
        return checked

    def take(self, checked: Checked) -> Batch:
        """Write the good rows in one transaction."""
        batch = Batch(refused=checked.refused)
        self.write(checked.good, batch)
        return batch

    def write(self, rows: Sequence[tuple[int, Values]], batch: Batch) -> None:
        """Hand the checked rows on."""
        raise NotImplementedError

    def finish(self) -> Batch:
        """Do what had to wait for the end of the file."""
        return Batch()


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


class Accounts(Taker):
    """Rows of accounts.csv."""

    def write(self, rows: Sequence[tuple[int, Values]], batch: Batch) -> None:
        """Register the accounts; a PESEL leaves here as its HMAC."""
        entries = [
            RegistryRow(line=line, key=values.pop("account_number"), values=_kept(values)) for line, values in rows
        ]
        _count(register_accounts(rows=entries, acting=self.acting, now=self.now), batch)


class Points(Taker):
    """Rows of service_points.csv."""

    def write(self, rows: Sequence[tuple[int, Values]], batch: Batch) -> None:
        """Register the service points of known accounts."""
        accounts = accounts_by_number(scope=WHOLE, numbers=(values["account_number"] for _, values in rows))
        entries = []
        for line, values in rows:
            number = values.pop("account_number")
            if number in accounts:
                key = values.pop("point_number")
                entries.append(RegistryRow(line=line, key=key, values={"account_id": accounts[number], **values}))
            else:
                batch.refused.append(_unknown(line, f"Nie ma konta klienta {number}. Dodaj je w accounts.csv."))
        _count(register_points(rows=entries, acting=self.acting, now=self.now), batch)


class Meters(Taker):
    """Rows of meters.csv."""

    def __init__(self, table: Table, *, acting: Actor, now: datetime) -> None:
        super().__init__(table, acting=acting, now=now)
        self.waiting: list[MeterRow] = []

    def write(self, rows: Sequence[tuple[int, Values]], batch: Batch) -> None:
        """Register the meters of known service points; those still installed elsewhere wait for the file's end."""
        points = points_by_number(scope=WHOLE, numbers=(values["point_number"] for _, values in rows))
        entries = []
        for line, values in rows:
            number, serial = values.pop("point_number"), values.pop("serial_number")
            if number in points:
                entries.append(
                    MeterRow(line=line, serial_number=serial, service_point_id=points[number], values=values)
                )
            else:
                batch.refused.append(_unknown(line, f"Nie ma punktu poboru {number}. Dodaj go w service_points.csv."))
        outcome = register_meters(rows=entries, acting=self.acting, now=self.now)
        self.waiting += outcome.waiting
        _count(outcome, batch)

    def finish(self) -> Batch:
        """Offer the waiting rows again; those still installed elsewhere are refused."""
        batch = Batch()
        outcome = register_meters(rows=self.waiting, acting=self.acting, now=self.now)
        _count(outcome, batch)
        batch.refused += [still_elsewhere(row) for row in outcome.waiting]
        return batch


class Readings(Taker):
    """Rows of readings.csv."""

    def __init__(self, table: Table, *, acting: Actor, now: datetime) -> None:
        super().__init__(table, acting=acting, now=now)
        self.today = timezone.localdate(now)
        self.meters: dict[str, int] = {}

    def write(self, rows: Sequence[tuple[int, Values]], batch: Batch) -> None:
        """Record the readings of known meters; no meter can have been read in the future."""
        self._find_meters(values["serial_number"] for _, values in rows)
        entries = []
        for line, values in rows:
            meter = self.meters.get(values["serial_number"])
            if meter is None:
                batch.refused.append(_unknown_meter(line, values["serial_number"]))
            elif values["read_on"] > self.today:
                batch.refused.append(_future(line, values["read_on"]))
            else:
                source = values.get("source", ReadingSource.READER.value)
                entries.append(
                    ReadingRow(
                        line=line, meter_id=meter, read_on=values["read_on"], value_m3=values["value_m3"], source=source
                    )
                )
        if entries:
            _count(record_readings(rows=entries, acting=self.acting, now=self.now), batch)

    def _find_meters(self, serials: Iterable[str]) -> None:
        """Look up the meters this file has not named before; a meter never goes away."""
        unseen = set(serials).difference(self.meters)
        if unseen:
            self.meters |= meters_by_serial(scope=WHOLE, serials=unseen)


_TAKERS: Final[Mapping[str, Callable[..., Taker]]] = {
    ACCOUNTS.name: Accounts,
    POINTS.name: Points,
    METERS.name: Meters,
    READINGS.name: Readings,
}


def taker_of(table: Table, *, acting: Actor, now: datetime) -> Taker:
    """Return what takes the rows of this table."""
    return _TAKERS[table.name](table, acting=acting, now=now)


def _kept(values: Values) -> Values:
    if "pesel" in values:
        pesel = values.pop("pesel")
        values["pesel_hmac"] = pesel_digest(pesel=pesel) if pesel else None
    if "payment_iban" in values:
        values["payment_nrb"] = values.pop("payment_iban")
    return values


def _count(outcome: Outcome, batch: Batch) -> None:
    batch.new += outcome.new
    batch.same += outcome.same
    batch.changed += outcome.changed
    batch.refused += outcome.refused


def _unknown(line: int, reason: str) -> Refusal:
    return Refusal(code=RefusalCode.UNKNOWN_ACCOUNT, reason=reason, line=line)


def _future(line: int, day: date) -> Refusal:
    return Refusal(code=RefusalCode.BAD_DATE, reason=f"Data odczytu {day} jest w przyszłości. Popraw ją.", line=line)


def _unknown_meter(line: int, serial: str) -> Refusal:
    reason = f"Nie ma wodomierza {serial}. Dodaj go w meters.csv i wgraj plik ponownie."
    return Refusal(code=RefusalCode.UNKNOWN_METER, reason=reason, line=line)
