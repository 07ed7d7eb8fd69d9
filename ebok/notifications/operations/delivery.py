"""Delivering the outbox: at least once, each try on record, no transaction open while the server talks."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypedDict
from uuid import UUID

from django.db import transaction

from ebok.foundation.ports import new_adapter
from ebok.notifications.domain import (
    SERVER_WORDS_MAX_LENGTH,
    Channel,
    MessageKind,
    Outcome,
    UnfitMessage,
    next_try,
    scrubbed,
)
from ebok.notifications.models import DeliveryAttempt, OutgoingMessage
from ebok.notifications.ports import DeliveryFailed, FailureKind, MessageTransport, SmsTransport
from ebok.notifications.queries import render, render_sms, sms_available

LEASE: Final = timedelta(minutes=10)
"""How long a claimed message is left alone; a worker killed with it has it tried again after this.

Longer than one message can take: a transport asks its server for a dozen things or so, 20 s each at most.
"""


class _Parts(TypedDict):
    """What a message is written out from."""

    key: UUID
    kind: MessageKind
    language: str
    recipient: str
    context: dict[str, str]
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class _Carriers:
    """What this run sends with; no carrier of SMS where the installation has none."""

    mail: MessageTransport
    sms: SmsTransport | None

    @property
    def channels(self) -> tuple[Channel, ...]:
        return (Channel.EMAIL,) if self.sms is None else (Channel.EMAIL, Channel.SMS)


def deliver_due(*, clock: Callable[[], datetime]) -> int:
    """Try every message that is due, e-mail over one connection of this run. Returns how many were tried.

    Several runs at once share the work: each claims one message at a time, which no other has, so that
    a slow server never outlasts the lease of messages that wait for their turn. While the installation
    has no carrier of SMS, those wait.
    """
    sms = new_adapter(SmsTransport) if sms_available() else None
    carriers = _Carriers(mail=new_adapter(MessageTransport), sms=sms)
    tried = 0
    try:
        while (message := _claim(clock(), carriers.channels)) is not None:
            _deliver(message, carriers, clock)
            tried += 1
    finally:
        carriers.mail.close()
    return tried


@transaction.atomic
def _claim(now: datetime, channels: Sequence[Channel]) -> OutgoingMessage | None:
    due = OutgoingMessage.objects.due(now, channels).select_for_update(skip_locked=True).first()
    if due is not None:
        OutgoingMessage.objects.filter(id=due.id).update(due_at=now + LEASE)
    return due


def _deliver(message: OutgoingMessage, carriers: _Carriers, clock: Callable[[], datetime]) -> None:
    if message.expires_at is not None and message.expires_at <= clock():
        _conclude(message, Outcome.EXPIRED, "", clock())
        return
    outcome, words = _send(message, carriers)
    _conclude(message, outcome, words, clock())


def _send(message: OutgoingMessage, carriers: _Carriers) -> tuple[Outcome, str]:
    try:
        return Outcome.DELIVERED, _hand_over(message, carriers)
    except UnfitMessage as error:
        return Outcome.PERMANENT, str(error)
    except DeliveryFailed as error:
        return Outcome.PERMANENT if error.kind is FailureKind.PERMANENT else Outcome.TEMPORARY, error.words


def _hand_over(message: OutgoingMessage, carriers: _Carriers) -> str:
    parts: _Parts = {
        "key": message.key,
        "kind": MessageKind(message.kind),
        "language": message.language,
        "recipient": message.recipient,
        "context": message.context,
        "queued_at": message.queued_at,
    }
    if carriers.sms is not None and message.channel == Channel.SMS.value:
        return carriers.sms.send(render_sms(**parts))
    return carriers.mail.send(render(**parts))


@transaction.atomic
def _conclude(message: OutgoingMessage, outcome: Outcome, words: str, now: datetime) -> None:
    row = OutgoingMessage.objects.select_for_update().get(id=message.id)
    number = row.attempts.count() + 1
    again = next_try(failed=number, now=now, luck=random.random()) if not outcome.final else None  # noqa: S311
    if not outcome.final and again is None:
        outcome = Outcome.GIVEN_UP
    DeliveryAttempt.objects.create(
        message=row, number=number, at=now, outcome=outcome.value, words=words[:SERVER_WORDS_MAX_LENGTH]
    )
    row.due_at = again
    if again is None:
        row.context = scrubbed(kind=MessageKind(row.kind), context=row.context)
    row.save(update_fields=["due_at", "context"])
