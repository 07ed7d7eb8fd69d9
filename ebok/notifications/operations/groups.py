"""Groups of messages: opened, filled, held and released."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from ebok.foundation.background import Job, enqueue
from ebok.foundation.bulk import copy_rows
from ebok.notifications.domain import (
    Channel,
    DeliverGroups,
    MessageKind,
    MessageToQueue,
    check_context,
    check_recipient,
)
from ebok.notifications.models import MessageGroup, OutgoingMessage
from ebok.notifications.operations.outbox import POLISH, as_listed

DELIVER_GROUPS = Job(name="notifications.deliver_groups", payload=DeliverGroups)
_COLUMNS: Final = (
    "key", "kind", "channel", "language", "recipient", "context", "documents", "queued_at", "due_at", "group_id",
    "thread", "tries", "last_outcome",
)  # fmt: skip


def open_group(*, name: str, now: datetime) -> int:
    """Open a group of messages that go to many. Returns its id."""
    return MessageGroup.objects.create(name=name, opened_at=now).id


def hold_group(*, group_id: int, now: datetime) -> None:
    """Send nothing more of the group until it is released: a run that is at it stops after the message in hand."""
    MessageGroup.objects.filter(id=group_id, held_at__isnull=True).update(held_at=now)


@transaction.atomic
def release_group(*, group_id: int, now: datetime) -> None:
    """Send what waits in the group again, from `now` on, and wake delivery."""
    MessageGroup.objects.filter(id=group_id).update(held_at=None)
    enqueue(DELIVER_GROUPS, DeliverGroups(), once="all")


@transaction.atomic
def queue_messages(*, kind: MessageKind, messages: Sequence[MessageToQueue], group_id: int, now: datetime) -> None:
    """Put e-mails of one kind into a group, in order, and wake delivery. Batches of 1,000 are fastest.

    They are not written out here: a template that is broken stops its kind when they are sent, not the run that
    queues them.

    :raises UnfitMessage: when a recipient or a context is not fit; nothing is queued then.
    :raises IntegrityError: when a key is there already.
    """
    with connection.wrap_database_errors:
        copy_rows(OutgoingMessage, _COLUMNS, _rows(kind, messages, group_id, now))
    enqueue(DELIVER_GROUPS, DeliverGroups(), once="all")


def _rows(
    kind: MessageKind, messages: Sequence[MessageToQueue], group_id: int, now: datetime
) -> Iterator[tuple[Any, ...]]:
    for message in messages:
        context = json.dumps(check_context(kind=kind, context=message.context))
        recipient = check_recipient(kind=kind, channel=Channel.EMAIL, recipient=message.recipient)
        documents = json.dumps(as_listed(message.documents))
        yield (
            message.key, kind.value, Channel.EMAIL.value, POLISH, recipient, context, documents, now, now, group_id,
            message.thread, 0, "",
        )  # fmt: skip
