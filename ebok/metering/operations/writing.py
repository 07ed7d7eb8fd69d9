"""How a reading is written: one lock for all of them, so that the export's order is the order of commits."""

from collections.abc import Iterable
from datetime import date, datetime

from ebok.audit.domain import Actor
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.metering.models import MeterReading, ReadingAcceptance


def lock_readings() -> None:
    """Let no other transaction write or accept readings until this one ends.

    Positions in the export are then given in the order of commits: a cursor can miss no row.
    """
    lock_key(Lock.READINGS)


def current_of(*, meter_id: int, read_on: date, source: str) -> list[MeterReading]:
    """Return what is current for a meter, day and source: at most one that stands and one beside it."""
    rows = MeterReading.objects.current().filter(meter_id=meter_id, read_on=read_on, source=source)
    return list(rows.select_related("acceptance"))


def stands(reading: MeterReading) -> bool:
    """Whether a current reading was accepted."""
    return hasattr(reading, "acceptance")


def supersede(*, readings: Iterable[MeterReading], by: int) -> None:
    """Put the reading of id `by` in the place of these."""
    MeterReading.objects.filter(id__in=[reading.id for reading in readings]).update(superseded_by_id=by)


def accept(*, reading: MeterReading, acting: Actor, now: datetime) -> None:
    """Write that the reading counts, at the end of the export. The caller holds the lock."""
    ReadingAcceptance.objects.create(reading=reading, accepted_at=now, accepted_by=actor_words(acting))


def actor_words(acting: Actor) -> str:
    """The actor as kept beside a reading."""
    return f"{acting.kind.value}:{acting.name}"[:150]
