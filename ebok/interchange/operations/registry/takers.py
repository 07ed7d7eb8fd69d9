"""Hands the rows of each table to the room that keeps them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from ebok.audit.domain import Actor
from ebok.customers.domain import CustomerScope, RegistryRow
from ebok.customers.operations import pesel_digest, register_accounts, register_points
from ebok.customers.queries import accounts_by_number, points_by_number
from ebok.interchange.operations.registry.batches import Batch, Outcome, Taker, Values
from ebok.interchange.operations.registry.holders import change_accounts
from ebok.interchange.operations.registry.tables import ACCOUNTS, METERS, POINTS, READINGS, Table
from ebok.kernel.refusals import Refusal, RefusalCode
from ebok.metering.domain.readings import MeterRow, ReadableMeter, ReadingRow, ReadingSource
from ebok.metering.operations.meters import register_meters
from ebok.metering.operations.readings import record_readings
from ebok.metering.queries import readable_meters

WHOLE: Final = CustomerScope.whole(acting="import_registry")
Rows = Sequence[tuple[int, Values]]


class Accounts(Taker):
    """Rows of accounts.csv."""

    def rows(self, checked: Rows, batch: Batch) -> list[RegistryRow]:
        """A PESEL leaves here as its HMAC."""
        return [
            RegistryRow(line=line, key=values.pop("account_number"), values=_kept(values)) for line, values in checked
        ]

    def register(self, rows: Sequence[RegistryRow], *, changing: bool) -> Outcome:
        """Hand them to customers."""
        if changing:
            return change_accounts(rows=rows, acting=self.acting, now=self.now)
        return register_accounts(rows=rows, acting=self.acting, now=self.now, changing=False)

    def key(self, row: RegistryRow) -> str:
        """The account's number."""
        return row.key


class Points(Taker):
    """Rows of service_points.csv."""

    def rows(self, checked: Rows, batch: Batch) -> list[RegistryRow]:
        """The service points of known accounts."""
        accounts = accounts_by_number(scope=WHOLE, numbers=(values["account_number"] for _, values in checked))
        found = []
        for line, values in checked:
            number = values.pop("account_number")
            if number in accounts:
                key = values.pop("point_number")
                found.append(RegistryRow(line=line, key=key, values={"account_id": accounts[number], **values}))
            else:
                batch.refused.append(_unknown(line, f"Nie ma konta klienta {number}. Dodaj je w accounts.csv."))
        return found

    def register(self, rows: Sequence[RegistryRow], *, changing: bool) -> Outcome:
        """Hand them to customers."""
        return register_points(rows=rows, acting=self.acting, now=self.now, changing=changing)

    def key(self, row: RegistryRow) -> str:
        """The service point's number."""
        return row.key


class Meters(Taker):
    """Rows of meters.csv."""

    def rows(self, checked: Rows, batch: Batch) -> list[MeterRow]:
        """The meters of known service points."""
        points = points_by_number(scope=WHOLE, numbers=(values["point_number"] for _, values in checked))
        found = []
        for line, values in checked:
            number, serial = values.pop("point_number"), values.pop("serial_number")
            if number in points:
                found.append(MeterRow(line=line, serial_number=serial, service_point_id=points[number], values=values))
            else:
                batch.refused.append(_unknown(line, f"Nie ma punktu poboru {number}. Dodaj go w service_points.csv."))
        return found

    def register(self, rows: Sequence[MeterRow], *, changing: bool) -> Outcome:
        """Hand them to metering."""
        return register_meters(rows=rows, acting=self.acting, now=self.now, changing=changing)

    def key(self, row: MeterRow) -> str:
        """The meter: its rows are about the same thing, at whatever points."""
        return row.serial_number


class Readings(Taker):
    """Rows of readings.csv."""

    def __init__(self, table: Table, *, acting: Actor, now: datetime) -> None:
        super().__init__(table, acting=acting, now=now)
        self.today = timezone.localdate(now)
        self.meters: dict[str, ReadableMeter] = {}

    def rows(self, checked: Rows, batch: Batch) -> list[ReadingRow]:
        """The readings of known meters; no meter can have been read in the future."""
        self._find_meters(values["serial_number"] for _, values in checked)
        found = []
        for line, values in checked:
            meter, day, value = self.meters.get(values["serial_number"]), values["read_on"], values["value_m3"]
            if meter is None:
                batch.refused.append(_unknown_meter(line, values["serial_number"]))
            elif day > self.today:
                batch.refused.append(_future(line, day))
            else:
                sound = value < meter.limit and meter.was_there(day)
                found.append(
                    ReadingRow(
                        line=line,
                        meter_id=meter.id,
                        read_on=day,
                        value_m3=value,
                        source=values.get("source", ReadingSource.READER.value),
                        doubt=None if sound else _doubt(line, values, meter),
                    )
                )
        return found

    def register(self, rows: Sequence[ReadingRow], *, changing: bool) -> Outcome:
        """Hand them to metering."""
        return record_readings(rows=rows, acting=self.acting, now=self.now, changing=changing)

    def key(self, row: ReadingRow) -> tuple[int, date, str]:
        """The meter, the day and who read it."""
        return row.meter_id, row.read_on, row.source

    def _find_meters(self, serials: Iterable[str]) -> None:
        """Look up the meters this file has not named before; a meter never goes away."""
        unseen = set(serials).difference(self.meters)
        if unseen:
            self.meters |= readable_meters(scope=WHOLE, serials=unseen)


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


def _unknown(line: int, reason: str) -> Refusal:
    return Refusal(code=RefusalCode.UNKNOWN_ACCOUNT, reason=reason, line=line)


def _future(line: int, day: date) -> Refusal:
    return Refusal(code=RefusalCode.BAD_DATE, reason=f"Data odczytu {day} jest w przyszłości. Popraw ją.", line=line)


def _doubt(line: int, values: Mapping[str, Any], meter: ReadableMeter) -> Refusal:
    """Say what the meter cannot have shown: the same rules as for a customer's reading."""
    serial, day, value = values["serial_number"], values["read_on"], values["value_m3"]
    if value >= meter.limit:
        reason = f"Wodomierz {serial} ma cyfr {meter.dials}, a odczyt to {value:f}. Popraw stan."
        return Refusal(code=RefusalCode.BAD_NUMBER, reason=reason, line=line)
    reason = f"Wodomierz {serial} nie był {day} zamontowany. Popraw datę odczytu albo daty w meters.csv."
    return Refusal(code=RefusalCode.BAD_DATE, reason=reason, line=line)


def _unknown_meter(line: int, serial: str) -> Refusal:
    reason = f"Nie ma wodomierza {serial}. Dodaj go w meters.csv i wgraj plik ponownie."
    return Refusal(code=RefusalCode.UNKNOWN_METER, reason=reason, line=line)
