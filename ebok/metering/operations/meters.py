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
from ebok.metering.domain.values import fits
from ebok.metering.models import Meter, MeterInstallation

OF_METER: Final = ("dials", "verification_valid_until")
OF_INSTALLATION: Final = ("role", "installed_on", "initial_value", "removed_on", "final_value")


@dataclass(slots=True, kw_only=True)
class RegisteredMeters:
    """What became of the rows of a batch; counts are rows.

    `later` holds rows to be offered again, all at once, when their file is through: those that would change what
    stands, as a later row may say otherwise, and those whose meter is still installed elsewhere. The refusal
    of the latter comes with it.
    """

    new: int = 0
    same: int = 0
    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)
    later: list[tuple[MeterRow, Refusal | None]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Meter:
    """A meter and, by service point, its installations; empty while there is none."""

    meter: dict[str, Any] = field(default_factory=dict)
    places: dict[int, dict[str, Any]] = field(default_factory=dict)


@transaction.atomic
def register_meters(
    *, rows: Sequence[MeterRow], acting: Actor, now: datetime, changing: bool = True
) -> RegisteredMeters:
    """Add or change the meters and installations of one batch; absent columns keep their value.

    Of several rows for one meter and point the last stands; where a meter ends as it stood, none has changed it.
    With `changing` False a meter that stands is left as it is, its rows are for `later`.
    Refuses a removal before the installation (`bad_date`) and a value with more digits than dials (`bad_number`).
    """
    report = RegisteredMeters()
    if not rows:
        return report
    lock_key(Lock.METERS)
    standing = _standing({row.serial_number for row in rows})
    becoming: dict[str, _Meter] = {}
    for serial, group in _by_serial(rows).items():
        before = standing.get(serial, _Meter())
        after, part = _told(group, before)
        if before.meter and after != before and not changing:
            bad = {refusal.line for refusal in part.refused}
            part = RegisteredMeters(refused=part.refused, later=[(row, None) for row in group if row.line not in bad])
        elif after == before:
            part.same, part.changed = part.same + part.changed, 0
        else:
            becoming[serial] = after
        _add(part, report)
    _write(becoming, standing, columns=tuple(rows[0].values), now=now)
    _audit(report, acting=acting, now=now)
    return report


def _by_serial(rows: Sequence[MeterRow]) -> dict[str, list[MeterRow]]:
    groups: dict[str, list[MeterRow]] = {}
    for row in rows:
        groups.setdefault(row.serial_number, []).append(row)
    return groups


def _add(part: RegisteredMeters, report: RegisteredMeters) -> None:
    report.new += part.new
    report.same += part.same
    report.changed += part.changed
    report.refused += part.refused
    report.later += part.later


def _audit(report: RegisteredMeters, *, acting: Actor, now: datetime) -> None:
    if report.new or report.changed:
        details = {"new": report.new, "changed": report.changed}
        fact = AuditFact(action="metering.meters_registered", subject="meters", details=details)
        record(facts=[fact], acting=acting, now=now)


def _told(group: Sequence[MeterRow], before: _Meter) -> tuple[_Meter, RegisteredMeters]:
    """What a meter becomes by its rows, and what becomes of them; a removal may stand below the new place."""
    after, part = _Meter(meter=before.meter, places=dict(before.places)), RegisteredMeters()
    waiting = _take(_take(group, after, part), after, part)
    part.later = [(row, _still_elsewhere(row)) for row in waiting]
    return after, part


def _take(rows: Sequence[MeterRow], state: _Meter, report: RegisteredMeters) -> list[MeterRow]:
    """Apply the rows in order; return those whose meter is still installed elsewhere."""
    waiting = []
    for row in rows:
        place = {**state.places.get(row.service_point_id, {}), **_part(row, OF_INSTALLATION)}
        meter = {**state.meter, **_part(row, OF_METER)}
        refusal = _cannot_be(row, place, meter)
        if refusal is not None:
            report.refused.append(refusal)
        elif place.get("removed_on") is None and _open_elsewhere(state, row):
            waiting.append(row)
        else:
            known = state.places.get(row.service_point_id)
            changed = place != known or meter != state.meter
            report.new += known is None
            report.changed += known is not None and changed
            report.same += not changed
            state.meter, state.places[row.service_point_id] = meter, place
    return waiting


def _part(row: MeterRow, columns: Sequence[str]) -> dict[str, Any]:
    return {name: row.values[name] for name in columns if name in row.values}


def _open_elsewhere(state: _Meter, row: MeterRow) -> bool:
    places = state.places.items()
    return any(point != row.service_point_id and there.get("removed_on") is None for point, there in places)


def _still_elsewhere(row: MeterRow) -> Refusal:
    """Say that a meter cannot be at two points at once."""
    reason = f"Wodomierz {row.serial_number} jest zamontowany w innym punkcie. Wpisz tam datę demontażu (removed_on)."
    return Refusal(code=RefusalCode.MISSING_VALUE, reason=reason, line=row.line)


def _cannot_be(row: MeterRow, place: Mapping[str, Any], meter: Mapping[str, Any]) -> Refusal | None:
    """Say what no meter can be: removed before it was installed, showing more digits than it has."""
    removed, dials = place.get("removed_on"), meter["dials"]
    if removed is not None and removed < place["installed_on"]:
        reason = f"Wodomierz {row.serial_number}: data demontażu jest przed datą montażu. Popraw daty."
        return Refusal(code=RefusalCode.BAD_DATE, reason=reason, line=row.line)
    for name in ("initial_value", "final_value"):
        value = place.get(name)
        if value is not None and not fits(value_m3=value, dials=dials):
            reason = f"Kolumna {name}: wodomierz {row.serial_number} ma cyfr {dials}, a stan to {value:f}. Popraw stan."
            return Refusal(code=RefusalCode.BAD_NUMBER, reason=reason, line=row.line)
    return None


def _standing(serials: set[str]) -> dict[str, _Meter]:
    meters = Meter.objects.filter(serial_number__in=serials).values("id", "serial_number", *OF_METER)
    standing = {row.pop("serial_number"): _Meter(meter=row) for row in meters}
    rows = MeterInstallation.objects.filter(meter__serial_number__in=serials).values(
        "id", "meter__serial_number", "service_point_id", *OF_INSTALLATION
    )
    for row in rows:
        standing[row.pop("meter__serial_number")].places[row.pop("service_point_id")] = row
    return standing


def _write(
    becoming: Mapping[str, _Meter], standing: Mapping[str, _Meter], *, columns: tuple[str, ...], now: datetime
) -> None:
    none = _Meter()
    of_meter = tuple(name for name in OF_METER if name in columns)
    meters = [
        ((serial,), after.meter)
        for serial, after in becoming.items()
        if after.meter != standing.get(serial, none).meter
    ]
    _save(Meter, of_meter, meters, key=("serial_number",), now=now)
    ids = dict(Meter.objects.filter(serial_number__in=becoming).values_list("serial_number", "id"))
    of_place = tuple(name for name in OF_INSTALLATION if name in columns)
    places = [
        ((ids[serial], point), place)
        for serial, after in becoming.items()
        for point, place in after.places.items()
        if place != standing.get(serial, none).places.get(point)
    ]
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
