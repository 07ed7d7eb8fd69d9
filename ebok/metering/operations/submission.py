"""A customer's reading: recorded once, however often it arrives."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.foundation.bulk import reserve_ids
from ebok.foundation.formats import NBSP, cubic_metres, long_date
from ebok.metering.domain.plausibility import Assessment
from ebok.metering.domain.readings import (
    InstalledMeter,
    ReadingReceipt,
    ReadingSource,
    ReadingStatus,
    ReadingSubmission,
)
from ebok.metering.models import MeterReading, ReadingHold
from ebok.metering.operations.writing import accept, actor_words, current_of, lock_readings, stands, supersede
from ebok.metering.queries import assessment, meters, status_of
from ebok.notifications.domain import MessageKind, UnfitMessage, check_address
from ebok.notifications.operations import queue_message

READINGS_A_DAY: Final = 10
"""How many readings of one meter a customer may send in a day."""


WHAT_NEXT: Final = {
    ReadingStatus.ACCEPTED: "Przyjęty. Użyjemy go przy następnym rozliczeniu.",
    ReadingStatus.HELD: "Sprawdzamy go. Wynik zobaczysz w zakładce Odczyty.",
    ReadingStatus.REJECTED: "Odrzucony. Powód zobaczysz w zakładce Odczyty.",
    ReadingStatus.REPLACED: "Zastąpiony nowszym odczytem.",
}
"""What becomes of a reading next, in the words of its confirmation."""


class WhyNot(StrEnum):
    """Why a customer's reading was not recorded."""

    NO_SUCH_METER = "no_such_meter"
    FUTURE_DATE = "future_date"
    BEFORE_INSTALLATION = "before_installation"
    TOO_MANY_TODAY = "too_many_today"
    OTHER_CONTENT = "other_content"
    NEEDS_REASON = "needs_reason"


class UnableToSubmitReading(Exception):
    """A reading was not recorded; `reason` says why, `assessment` what stands out when a reason is asked for."""

    def __init__(self, reason: WhyNot, *, assessment: Assessment | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.assessment = assessment


@transaction.atomic
def submit_reading(
    *,
    scope: CustomerScope,
    installation_id: int,
    submission: ReadingSubmission,
    today: date,
    now: datetime,
    acting: Actor,
    confirm_to: str = "",
) -> ReadingReceipt:
    """Record a customer's reading once per client id: accepted, or held when it stands out and a reason was given.

    A confirmation goes to the e-mail address `confirm_to`, if any, once for each reading recorded.

    The same submission again gives the same receipt. Another value for the same meter and day replaces
    the earlier one once it is accepted; the same value gives the earlier one's receipt. Of a day that is not
    the customer's nothing is told, not even that its value is right.

    :raises UnableToSubmitReading: with the reason; `OTHER_CONTENT` when the client id was used for something else.
    """
    lock_readings()
    meter = next((m for m in meters(scope=scope, today=today) if m.installation_id == installation_id), None)
    if meter is None:
        raise UnableToSubmitReading(WhyNot.NO_SUCH_METER)
    earlier = _sent_before(submission, meter, acting)
    if earlier is None:
        _check_day(meter, submission.read_on, today=today)
        earlier = _equal_of_that_day(submission, meter)
    if earlier is not None:
        return _receipt(earlier, meter, repeated=True)
    _check_limit(meter, today=today)
    found = assessment(meter=meter, value_m3=submission.value_m3, read_on=submission.read_on)
    if found.needs_reason and submission.declared_reason is None:
        raise UnableToSubmitReading(WhyNot.NEEDS_REASON, assessment=found)
    reading = _write(meter, submission, found, acting=acting, now=now)
    record(facts=[_fact(reading, meter, found)], acting=acting, now=now)
    receipt = _receipt(reading, meter, repeated=False)
    if confirm_to:
        _confirm(receipt, to=confirm_to, now=now)
    return receipt


def _sent_before(submission: ReadingSubmission, meter: InstalledMeter, acting: Actor) -> MeterReading | None:
    """Return this submission when the same user sent it before."""
    rows = MeterReading.objects.select_related("acceptance", "rejection")
    by_id = rows.filter(client_uuid=submission.client_id).first()
    if by_id is not None and not (
        by_id.submitted_by == actor_words(acting) and _same_content(by_id, submission, meter)
    ):
        raise UnableToSubmitReading(WhyNot.OTHER_CONTENT)
    return by_id


def _equal_of_that_day(submission: ReadingSubmission, meter: InstalledMeter) -> MeterReading | None:
    """Return a reading of the same day and value that was not rejected. The day is the customer's."""
    rows = MeterReading.objects.current().select_related("acceptance", "rejection")
    same_day = rows.filter(
        meter_id=meter.meter_id, read_on=submission.read_on, source=ReadingSource.CUSTOMER, value_m3=submission.value_m3
    )
    return next((row for row in same_day if status_of(row) is not ReadingStatus.REJECTED), None)


def _same_content(row: MeterReading, submission: ReadingSubmission, meter: InstalledMeter) -> bool:
    return (row.meter_id, row.read_on, row.value_m3, row.declared_reason, row.note) == (
        meter.meter_id,
        submission.read_on,
        submission.value_m3,
        submission.declared_reason or "",
        submission.note,
    )


def _check_day(meter: InstalledMeter, read_on: date, *, today: date) -> None:
    if read_on > today:
        raise UnableToSubmitReading(WhyNot.FUTURE_DATE)
    if not meter.covers(read_on):
        raise UnableToSubmitReading(WhyNot.BEFORE_INSTALLATION)


def _check_limit(meter: InstalledMeter, *, today: date) -> None:
    sent = MeterReading.objects.filter(
        meter_id=meter.meter_id, source=ReadingSource.CUSTOMER, client_uuid__isnull=False, submitted_at__date=today
    )
    if sent.count() >= READINGS_A_DAY:
        raise UnableToSubmitReading(WhyNot.TOO_MANY_TODAY)


def _write(
    meter: InstalledMeter, submission: ReadingSubmission, found: Assessment, *, acting: Actor, now: datetime
) -> MeterReading:
    """Write the reading. One to be held leaves what stands; it replaces only what waited or was rejected."""
    reading_id = reserve_ids(MeterReading, 1)[0]
    current = current_of(meter_id=meter.meter_id, read_on=submission.read_on, source=ReadingSource.CUSTOMER.value)
    standing = [one for one in current if found.needs_reason and stands(one)]
    supersede(readings=[one for one in current if one not in standing], by=reading_id)
    reading = MeterReading.objects.create(
        id=reading_id,
        meter_id=meter.meter_id,
        read_on=submission.read_on,
        value_m3=submission.value_m3,
        source=ReadingSource.CUSTOMER.value,
        submitted_at=now,
        client_uuid=submission.client_id,
        submitted_by=actor_words(acting),
        declared_reason=submission.declared_reason or "",
        note=submission.note,
        beside=any(not one.beside for one in standing),
    )
    if found.needs_reason:
        ReadingHold.objects.create(reading=reading, finding=found.finding.value, held_at=now)
    else:
        accept(reading=reading, acting=acting, now=now)
    return reading


def _fact(reading: MeterReading, meter: InstalledMeter, found: Assessment) -> AuditFact:
    return AuditFact(
        action="metering.reading_submitted",
        subject=f"reading:{reading.id}",
        account_id=meter.account_id,
        details={"meter": meter.meter_id, "finding": found.finding.value},
    )


def _confirm(receipt: ReadingReceipt, *, to: str, now: datetime) -> None:
    """Queue the confirmation. An address that cannot be written to is no reason to lose the reading."""
    try:
        check_address(to)
    except UnfitMessage:
        return
    # A subject takes no no-break space.
    context = {
        "meter_serial": receipt.serial_number,
        "value": cubic_metres(receipt.value_m3).replace(NBSP, " "),
        "read_on": long_date(receipt.read_on).replace(NBSP, " "),
        "status": WHAT_NEXT[receipt.status],
    }
    queue_message(kind=MessageKind.READING_RECEIVED, recipient=to, context=context, now=now)


def _receipt(row: MeterReading, meter: InstalledMeter, *, repeated: bool) -> ReadingReceipt:
    return ReadingReceipt(
        reading_id=row.id,
        serial_number=meter.serial_number,
        read_on=row.read_on,
        value_m3=row.value_m3,
        status=status_of(row),
        submitted_at=row.submitted_at,
        repeated=repeated,
    )
