"""Meters and where they are installed, as the registry gives them, a batch at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import models, transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.bulk import copy_rows, lock_key, update_rows
from ebok.foundation.locks import Lock
from ebok.kernel.refusals import Refusal, RefusalCode
from ebok.metering.domain.readings import MeterRow
from ebok.metering.models import Meter, MeterInstallation

OF_METER: Final = ("dials", "verification_valid_until")
OF_INSTALLATION: Final = ("role", "installed_on", "initial_value", "removed_on", "final_value")
_Place = tuple[str, int]


@dataclass(slots=True, kw_only=True)
class RegisteredMeters:
    """What became of the rows of a batch; counts are rows.

    `waiting` holds rows whose meter is still installed elsewhere: offer them again when the file is through.
    """

    new: int = 0
    same: int = 0
    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)
    waiting: list[MeterRow] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Standing:
    """Meters by serial number and installations by meter and point, as they are and as they become."""

    meters: dict[str, dict[str, Any]]
    places: dict[str, dict[int, dict[str, Any]]]
    meters_touched: dict[str, None] = field(default_factory=dict)
    places_touched: dict[_Place, None] = field(default_factory=dict)


@transaction.atomic
def register_meters(*, rows: Sequence[MeterRow], acting: Actor, now: datetime) -> RegisteredMeters:
    """Add or change the meters and installations of one batch; absent columns keep their value.

    Of several rows for one meter and point the last counts; the others change nothing.
    Refuses (`bad_date`) a removal before the installation.
    """
    report = RegisteredMeters()
    if not rows:
        return report
    lock_key(Lock.METERS)
    standing = _standing({row.serial_number for row in rows})
    last = {(row.serial_number, row.service_point_id): row for row in rows}
    report.same += len(rows) - len(last)
    waiting = _take(list(last.values()), standing, report)
    report.waiting = _take(waiting, standing, report)
    _write(standing, columns=tuple(rows[0].values), now=now)
    if report.new or report.changed:
        details = {"new": report.new, "changed": report.changed}
        fact = AuditFact(action="metering.meters_registered", subject="meters", details=details)
        record(facts=[fact], acting=acting, now=now)
    return report


def still_elsewhere(row: MeterRow) -> Refusal:
    """Say that a meter cannot be at two points at once."""
    reason = f"Wodomierz {row.serial_number} jest zamontowany w innym punkcie. Wpisz tam datę demontażu (removed_on)."
    return Refusal(code=RefusalCode.MISSING_VALUE, reason=reason, line=row.line)


def _take(rows: Sequence[MeterRow], standing: _Standing, report: RegisteredMeters) -> list[MeterRow]:
    """Apply the rows in order; return those whose meter is still installed elsewhere."""
    waiting = []
    for row in rows:
        before = standing.places[row.serial_number].get(row.service_point_id, {})
        merged = {**before, **_part(row, OF_INSTALLATION)}
        if merged.get("removed_on") is not None and merged["removed_on"] < merged["installed_on"]:
            report.refused.append(_removed_before_installed(row))
        elif merged.get("removed_on") is None and _open_elsewhere(standing, row):
            waiting.append(row)
        else:
            changed = _apply(row, merged, standing)
            report.new += not before
            report.changed += bool(before) and changed
            report.same += not changed
    return waiting


def _apply(row: MeterRow, merged: dict[str, Any], standing: _Standing) -> bool:
    """Make the row stand; say whether it changed anything."""
    meter = standing.meters.get(row.serial_number, {})
    meter_merged = {**meter, **_part(row, OF_METER)}
    changed = merged != standing.places[row.serial_number].get(row.service_point_id, {})
    if changed:
        standing.places[row.serial_number][row.service_point_id] = merged
        standing.places_touched[row.serial_number, row.service_point_id] = None
    if meter_merged != meter:
        standing.meters[row.serial_number] = meter_merged
        standing.meters_touched[row.serial_number] = None
    return changed or meter_merged != meter


def _part(row: MeterRow, columns: Sequence[str]) -> dict[str, Any]:
    return {name: row.values[name] for name in columns if name in row.values}


def _open_elsewhere(standing: _Standing, row: MeterRow) -> bool:
    places = standing.places[row.serial_number].items()
    return any(point != row.service_point_id and there.get("removed_on") is None for point, there in places)


def _removed_before_installed(row: MeterRow) -> Refusal:
    reason = f"Wodomierz {row.serial_number}: data demontażu jest przed datą montażu. Popraw daty."
    return Refusal(code=RefusalCode.BAD_DATE, reason=reason, line=row.line)


def _standing(serials: set[str]) -> _Standing:
    meters = Meter.objects.filter(serial_number__in=serials).values("id", "serial_number", *OF_METER)
    rows = MeterInstallation.objects.filter(meter__serial_number__in=serials).values(
        "id", "meter__serial_number", "service_point_id", *OF_INSTALLATION
    )
    places: dict[str, dict[int, dict[str, Any]]] = {serial: {} for serial in serials}
    for row in rows:
        places[row.pop("meter__serial_number")][row.pop("service_point_id")] = row
    return _Standing(meters={row.pop("serial_number"): row for row in meters}, places=places)


def _write(standing: _Standing, *, columns: tuple[str, ...], now: datetime) -> None:
    of_meter = tuple(name for name in OF_METER if name in columns)
    meters = [(serial, standing.meters[serial]) for serial in standing.meters_touched]
    _save(Meter, of_meter, [((serial,), row) for serial, row in meters], key=("serial_number",), now=now)
    ids = dict(Meter.objects.filter(serial_number__in=standing.meters).values_list("serial_number", "id"))
    of_place = tuple(name for name in OF_INSTALLATION if name in columns)
    places = [((ids[serial], point), standing.places[serial][point]) for serial, point in standing.places_touched]
    removed = [(key, row) for key, row in places if row.get("removed_on") is not None]
    placed = [(key, row) for key, row in places if row.get("removed_on") is None]
    # Removals go first: a meter may be open at one point only, also between two statements.
    for some in (removed, placed):
        _save(MeterInstallation, of_place, some, key=("meter_id", "service_point_id"), now=now)


def _save(
    model: type[models.Model],
    columns: tuple[str, ...],
    rows: Sequence[tuple[tuple[Any, ...], Mapping[str, Any]]],
    *,
    key: tuple[str, ...],
    now: datetime,
) -> None:
    changed = [(row["id"], now, *(row[name] for name in columns)) for _, row in rows if "id" in row]
    added = [(*names, now, now, *(row[name] for name in columns)) for names, row in rows if "id" not in row]
    if changed:
        update_rows(model, ("changed_at", *columns), changed)
    if added:
        copy_rows(model, (*key, "registered_at", "changed_at", *columns), added)
