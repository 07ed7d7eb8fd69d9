"""A person's word on a held reading."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.metering.models import MeterReading, ReadingRejection
from ebok.metering.operations.writing import accept, actor_words, current_of, lock_readings, supersede


class WhyNotReviewed(StrEnum):
    """Why a reading could not be reviewed."""

    NOT_HELD = "not_held"
    NO_REASON = "no_reason"


class UnableToReviewReading(Exception):
    """The reading was left as it is; `reason` says why."""

    def __init__(self, reason: WhyNotReviewed) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def accept_reading(*, reading_id: int, acting: Actor, now: datetime) -> None:
    """Let a held reading count, in the place of the one that stood until now.

    :raises UnableToReviewReading: `NOT_HELD` when it does not wait for a person.
    """
    reading = _held(reading_id)
    current = current_of(meter_id=reading.meter_id, read_on=reading.read_on, source=reading.source)
    supersede(readings=[one for one in current if one.id != reading.id], by=reading.id)
    accept(reading=reading, acting=acting, now=now)
    _audit(reading, action="metering.reading_accepted", reason="", acting=acting, now=now)


@transaction.atomic
def reject_reading(*, reading_id: int, reason: str, acting: Actor, now: datetime) -> None:
    """Put a held reading aside; the one that stood before still stands. `reason` is what the customer will read.

    :raises UnableToReviewReading: `NOT_HELD` when it does not wait for a person, `NO_REASON` when none is given.
    """
    if not reason.strip():
        raise UnableToReviewReading(WhyNotReviewed.NO_REASON)
    reading = _held(reading_id)
    ReadingRejection.objects.create(
        reading=reading, rejected_at=now, rejected_by=actor_words(acting), reason=reason.strip()[:500]
    )
    _audit(reading, action="metering.reading_rejected", reason="held", acting=acting, now=now)


def _held(reading_id: int) -> MeterReading:
    lock_readings()
    reading = MeterReading.objects.held().filter(id=reading_id).first()
    if reading is None:
        raise UnableToReviewReading(WhyNotReviewed.NOT_HELD)
    return reading


def _audit(reading: MeterReading, *, action: str, reason: str, acting: Actor, now: datetime) -> None:
    fact = AuditFact(action=action, subject=f"reading:{reading.id}", reason=reason, details={"meter": reading.meter_id})
    record(facts=[fact], acting=acting, now=now)
