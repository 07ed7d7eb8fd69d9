"""The outbox: a message is queued in the transaction of the fact it tells of."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from ebok.foundation.background import Job, enqueue
from ebok.notifications.domain import (
    AttachedDocument,
    Channel,
    DeliverMessages,
    MessageKind,
    UnfitMessage,
    check_context,
    check_recipient,
)
from ebok.notifications.models import OutgoingMessage
from ebok.notifications.queries import channels_open, render, render_sms

DELIVER = Job(name="notifications.deliver", payload=DeliverMessages)
POLISH = "pl"


def queue_message(
    *,
    kind: MessageKind,
    recipient: str,
    context: Mapping[str, str],
    now: datetime,
    channel: Channel = Channel.EMAIL,
    language: str = POLISH,
    documents: Sequence[AttachedDocument] = (),
    expires_at: datetime | None = None,
) -> uuid.UUID:
    """Put a message into the outbox in the current transaction and wake delivery. Returns its key.

    It is written out once here, so that a message nobody could send is refused while its cause is at hand.
    After `expires_at` it is not sent any more. By SMS go the kinds of `BY_SMS`, to a number as E.164 writes it;
    ask `queries.sms_available` first.

    :raises UnfitMessage: when the recipient, the context or the text is not fit, the kind does not go by this
        channel, or there is no carrier of SMS.
    """
    key = uuid.uuid4()
    values = check_context(kind=kind, context=context)
    address = check_recipient(kind=kind, channel=channel, recipient=recipient)
    if channel not in channels_open():
        raise UnfitMessage(f"{channel} is not open here")
    write = render_sms if channel is Channel.SMS else render
    write(key=key, kind=kind, language=language, recipient=address, context=values, queued_at=now)
    OutgoingMessage.objects.create(
        key=key, kind=kind.value, channel=channel.value, language=language, recipient=address, context=values,
        documents=as_listed(documents), queued_at=now, expires_at=expires_at, due_at=now,
    )  # fmt: skip
    enqueue(DELIVER, DeliverMessages())
    return key


def as_listed(documents: Sequence[AttachedDocument]) -> list[dict[str, str]]:
    """Attached documents as a message keeps them."""
    return [{"sha256": one.sha256.hex(), "name": one.name, "media_type": one.media_type} for one in documents]
