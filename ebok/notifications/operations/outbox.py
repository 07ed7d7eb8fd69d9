"""The outbox: a message is queued in the transaction of the fact it tells of."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from ebok.foundation.background import Job, enqueue
from ebok.notifications.domain import DeliverMessages, MessageKind, check_address, check_context
from ebok.notifications.models import OutgoingMessage
from ebok.notifications.queries import render

DELIVER = Job(name="notifications.deliver", payload=DeliverMessages)
POLISH = "pl"


def queue_message(
    *,
    kind: MessageKind,
    recipient: str,
    context: Mapping[str, str],
    now: datetime,
    language: str = POLISH,
    documents: Sequence[bytes] = (),
    expires_at: datetime | None = None,
) -> uuid.UUID:
    """Put a message into the outbox in the current transaction and wake delivery. Returns its key.

    It is written out once here, so that a message nobody could send is refused while its cause is at
    hand. After `expires_at` it is not sent any more.

    :raises UnfitMessage: when the address, the context or the subject is not fit to be sent.
    """
    key = uuid.uuid4()
    values = check_context(kind=kind, context=context)
    address = check_address(recipient)
    render(key=key, kind=kind, language=language, recipient=address, context=values, queued_at=now)
    OutgoingMessage.objects.create(
        key=key,
        kind=kind.value,
        language=language,
        recipient=address,
        context=values,
        documents=[digest.hex() for digest in documents],
        queued_at=now,
        expires_at=expires_at,
        due_at=now,
    )
    enqueue(DELIVER, DeliverMessages())
    return key
