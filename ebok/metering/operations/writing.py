"""How a reading is written: one lock for all of them, so that the export's order is the order of commits."""

from datetime import datetime

from ebok.audit.domain import Actor
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.metering.models import MeterReading, ReadingAcceptance


def lock_readings() -> None:
    """Let no other transaction write or accept readings until this one ends.

    Positions in the export are then given in the order of commits: a cursor can miss no row.
    """
    lock_key(Lock.READINGS)


def accept(*, reading: MeterReading, acting: Actor, now: datetime) -> None:
    """Write that the reading counts, at the end of the export. The caller holds the lock."""
    ReadingAcceptance.objects.create(reading=reading, accepted_at=now, accepted_by=actor_words(acting))


def actor_words(acting: Actor) -> str:
    """The actor as kept beside a reading."""
    return f"{acting.kind.value}:{acting.name}"[:150]
