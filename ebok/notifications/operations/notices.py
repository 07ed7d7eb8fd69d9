"""Notices that come back by mail (DSN): each is taken once and changes where its message stands."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.intake import SourceFile
from ebok.foundation.ports import adapter
from ebok.kernel.refusals import RefusalCode, UnableToTake
from ebok.notifications.domain import BounceReport, DeliveryNotice, RecipientReport, RefusedNotice
from ebok.notifications.models import OutgoingMessage, TakenNotice
from ebok.notifications.operations.concluding import take_news
from ebok.notifications.ports import BounceReader, NotANotice

MAX_BYTES: Final = 16 * 1024 * 1024


def take_bounces(*, files: Iterator[SourceFile], acting: Actor, now: datetime) -> BounceReport:
    """Take every notice of the files; the same file again changes nothing.

    A message that came back, though a server had taken it, is lost: `DELIVERY_FAILED` tells of it when it went with
    a group. Anything that is no notice about a message of ours to that recipient is refused with its reason.
    """
    report = BounceReport()
    for file in files:
        report.files += 1
        try:
            taken = _take(file, acting=acting, now=now)
        except UnableToTake as unable:
            report.refused.append(RefusedNotice(file=file.name, refusal=unable.refusal))
            continue
        report.new += taken
        report.same += not taken
    return report


@transaction.atomic
def _take(file: SourceFile, *, acting: Actor, now: datetime) -> bool:
    data = file.read(limit=MAX_BYTES)
    digest = sha256(data).digest()
    if TakenNotice.objects.filter(sha256=digest).exists():
        return False
    notice = _read(data)
    message = OutgoingMessage.objects.select_for_update().filter(key=notice.key).first()
    if message is None:
        raise UnableToTake(RefusalCode.UNKNOWN_MESSAGE, "Zwrot dotyczy wiadomości, której nie wysłaliśmy.")
    told = _told(notice, message)
    # Of two who take the same file at once the other has waited for the message.
    if TakenNotice.objects.filter(sha256=digest).exists():
        return False
    TakenNotice.objects.create(sha256=digest, message=message, taken_at=now)
    take_news(message, told.outcome, told.words, now)
    details = {"message": str(message.key), "outcome": told.outcome.value}
    record(facts=[AuditFact(action="import.bounces", subject=digest.hex(), details=details)], acting=acting, now=now)
    return True


def _read(data: bytes) -> DeliveryNotice:
    try:
        return adapter(BounceReader).read(data)
    except NotANotice as error:
        told = "Plik nie jest powiadomieniem o doręczeniu (DSN) naszej wiadomości. Obejrzyj go w skrzynce."
        raise UnableToTake(RefusalCode.NOT_A_NOTICE, told) from error


def _told(notice: DeliveryNotice, message: OutgoingMessage) -> RecipientReport:
    told = notice.about(message.recipient)
    if told is None:
        raise UnableToTake(RefusalCode.OTHER_RECIPIENT, "Zwrot dotyczy innego adresu niż ten, na który pisaliśmy.")
    return told
