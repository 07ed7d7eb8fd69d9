"""Readings as the registry gives them, a batch at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.bulk import copy_rows, reserve_ids, rows_with_keys, update_rows
from ebok.kernel.refusals import Refusal
from ebok.metering.domain.readings import ReadingRow
from ebok.metering.models import MeterReading, ReadingAcceptance
from ebok.metering.operations.writing import actor_words, lock_readings

_READING: Final = ("id", "meter_id", "read_on", "value_m3", "source", "submitted_at", "submitted_by")
_ACCEPTANCE: Final = ("reading_id", "accepted_at", "accepted_by")
_Key = tuple[int, Any, str]
_Current = tuple[int, Any]


@dataclass(slots=True, kw_only=True)
class Recorded:
    """What became of the rows of a batch; counts are rows.

    `later` holds rows that would change what stands: offer them again, all at once, when their file is through,
    as a later row of it may say otherwise.
    """

    new: int = 0
    same: int = 0
    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)
    later: list[tuple[ReadingRow, None]] = field(default_factory=list)


@transaction.atomic
def record_readings(*, rows: Sequence[ReadingRow], acting: Actor, now: datetime, changing: bool = True) -> Recorded:
    """Record a batch of readings as accepted; one query for what stands, one COPY each for facts and acceptances.

    A row with another value for a meter, day and source replaces the standing one, and one that waits beside
    it, and is exported anew; with `changing` False it is for `later`. Of several in the batch the last stands;
    where it says what stood before, none has changed anything. A row in doubt is refused unless it stands.
    """
    lock_readings()
    report = Recorded()
    values = {(row.meter_id, row.read_on, row.source): row.value_m3 for row in rows}
    standing = _standing(values)
    doubtful = [row for row in rows if row.doubt is not None and not _stands(row, standing)]
    if doubtful:
        report.refused = [row.doubt for row in doubtful if row.doubt is not None]
        lines = {row.line for row in doubtful}
        rows = [row for row in rows if row.line not in lines]
        values = {_key(row): row.value_m3 for row in rows}
    new = [key for key in values if key not in standing]
    changed = [key for key, value in values.items() if key in standing and standing[key][0][1] != value]
    if changed and not changing:
        put_off = set(changed)
        report.later = [(row, None) for row in rows if _key(row) in put_off]
        changed = []
    report.new, report.changed = len(new), len(changed)
    if len(values) < len(rows):
        report.changed = _steps(rows, {*new, *changed}, standing)
    report.same = len(rows) - len(report.later) - report.new - report.changed
    _write([*new, *changed], values=values, standing=standing, acting=acting, now=now)
    _audit(report, acting=acting, now=now)
    return report


def _key(row: ReadingRow) -> _Key:
    return row.meter_id, row.read_on, row.source


def _stands(row: ReadingRow, standing: Mapping[_Key, Sequence[_Current]]) -> bool:
    current = standing.get(_key(row))
    return current is not None and current[0][1] == row.value_m3


def _steps(rows: Sequence[ReadingRow], written: set[_Key], standing: Mapping[_Key, Sequence[_Current]]) -> int:
    """How many rows say something else than the one before them, or than what stands."""
    before = {key: standing[key][0][1] for key in written if key in standing}
    steps = 0
    for row in rows:
        key = _key(row)
        if key in written:
            steps += key in before and before[key] != row.value_m3
            before[key] = row.value_m3
    return steps


def _audit(report: Recorded, *, acting: Actor, now: datetime) -> None:
    if report.new or report.changed:
        details = {"new": report.new, "changed": report.changed}
        fact = AuditFact(action="metering.readings_recorded", subject="readings", details=details)
        record(facts=[fact], acting=acting, now=now)


def _standing(keys: Iterable[_Key]) -> dict[_Key, list[_Current]]:
    """What is current for each key, id and value; where one waits beside the one that stands, it comes second."""
    found = rows_with_keys(
        MeterReading,
        ("meter_id", "read_on", "source"),
        list(dict.fromkeys(keys)),
        ("meter_id", "read_on", "source", "id", "value_m3"),
        where_null="superseded_by_id",
    )
    current: dict[_Key, list[_Current]] = {}
    for meter, day, source, reading, value in found:
        current.setdefault((meter, day, source), []).append((reading, value))
    several = [rows for rows in current.values() if len(rows) > 1]
    if several:
        ids = [reading for rows in several for reading, _ in rows]
        accepted = set(ReadingAcceptance.objects.filter(reading_id__in=ids).values_list("reading_id", flat=True))
        for rows in several:
            rows.sort(key=lambda row: row[0] not in accepted)
    return current


def _write(
    keys: Sequence[_Key],
    *,
    values: Mapping[_Key, Any],
    standing: Mapping[_Key, Sequence[_Current]],
    acting: Actor,
    now: datetime,
) -> None:
    if not keys:
        return
    by = actor_words(acting)
    ids = dict(zip(keys, reserve_ids(MeterReading, len(keys)), strict=True))
    replaced = [(old, reading) for key, reading in ids.items() for old, _ in standing.get(key, ())]
    if replaced:
        update_rows(MeterReading, ("superseded_by_id",), replaced)
    facts = ((reading, key[0], key[1], values[key], key[2], now, by) for key, reading in ids.items())
    copy_rows(MeterReading, _READING, facts)
    copy_rows(ReadingAcceptance, _ACCEPTANCE, ((reading, now, by) for reading in ids.values()))
