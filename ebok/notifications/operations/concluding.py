"""What came of a try goes on record at once, and whoever has to know of a lost message is told with it."""

import json
import random
from datetime import datetime

from django.db import transaction

from ebok.foundation.background import Job, enqueue
from ebok.foundation.bulk import call
from ebok.notifications.domain import (
    BLOCKED_AGAIN_AFTER,
    LOST,
    SECRET,
    SERVER_WORDS_MAX_LENGTH,
    FailedDelivery,
    MessageKind,
    Outcome,
    next_try,
    scrubbed,
)
from ebok.notifications.models import OutgoingMessage

DELIVERY_FAILED = Job(name="notifications.delivery_failed", payload=FailedDelivery)


def conclude(message: OutgoingMessage, outcome: Outcome, words: str, now: datetime) -> bool:
    """Put on record how a try ended. Returns whether the message's group is held by now.

    Of a message of a group that is lost, `DELIVERY_FAILED` tells in the same transaction.
    """
    again = None
    if not outcome.final:
        again = _again(message, outcome, now)
        outcome = outcome if again else _in_vain(message, outcome)
    if not outcome.lost:
        return _on_record(message, outcome, words, now, again)
    with transaction.atomic():
        held = _on_record(message, outcome, words, now, again)
        tell_of_loss(message, words)
    return held


def take_news(message: OutgoingMessage, outcome: Outcome, words: str, now: datetime) -> None:
    """Put on record what was heard of a message after it was handed over; the row is locked by whoever asks.

    A loss is told of once: a notice that follows a refusal adds its words only.
    """
    lost_before = message.due_at is None and message.last_outcome in LOST
    message.tries += 1
    said = words.replace("\0", "")[:SERVER_WORDS_MAX_LENGTH]
    message.attempts.create(number=message.tries, at=now, outcome=outcome.value, words=said)
    if outcome.decides:
        message.last_outcome, message.due_at, message.claimed_at = outcome.value, None, None
        message.context = scrubbed(kind=MessageKind(message.kind), context=message.context)
    message.save(update_fields=["tries", "last_outcome", "due_at", "claimed_at", "context"])
    if outcome.lost and not lost_before:
        tell_of_loss(message, said)


def tell_of_loss(message: OutgoingMessage, words: str) -> None:
    """Wake the room that has to find another way for a message of a group. Any other loss waits for a person."""
    if message.group_id is not None:
        told = FailedDelivery(message_key=str(message.key), words=words[:SERVER_WORDS_MAX_LENGTH])
        enqueue(DELIVERY_FAILED, told)


def _again(message: OutgoingMessage, outcome: Outcome, now: datetime) -> datetime | None:
    if outcome is Outcome.BLOCKED:
        return now + BLOCKED_AGAIN_AFTER
    failed = message.attempts.filter(outcome__in=[Outcome.TEMPORARY.value, Outcome.AWAY.value]).count() + 1
    return next_try(failed=failed, now=now, luck=random.random())  # noqa: S311


def _in_vain(message: OutgoingMessage, last: Outcome) -> Outcome:
    away = last is Outcome.AWAY or message.attempts.filter(outcome=Outcome.AWAY.value).exists()
    return Outcome.UNREACHED if away else Outcome.GIVEN_UP


def _on_record(message: OutgoingMessage, outcome: Outcome, words: str, now: datetime, again: datetime | None) -> bool:
    kind = MessageKind(message.kind)
    forgotten = None
    if again is None and kind in SECRET:
        forgotten = json.dumps(scrubbed(kind=kind, context=message.context))
    said = words.replace("\0", "")[:SERVER_WORDS_MAX_LENGTH]
    return bool(call("notifications_conclude", message.id, outcome.value, said, now, again, forgotten))
