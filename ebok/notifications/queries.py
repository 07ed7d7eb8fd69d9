"""Reading the outbox, and writing a message out in words."""

from datetime import datetime
from uuid import UUID

from django.template.loader import render_to_string

from ebok.foundation.formats import NBSP
from ebok.foundation.utility import utility
from ebok.notifications.domain import MessageKind, Outcome, RenderedMessage, UndeliveredMessage
from ebok.notifications.models import DeliveryAttempt, OutgoingMessage


def render(
    *, key: UUID, kind: MessageKind, language: str, recipient: str, context: dict[str, str], queued_at: datetime
) -> RenderedMessage:
    """Write the message out: subject, text and its HTML twin from the same context.

    :raises UnfitMessage: when a header would be broken or the subject is too long.
    """
    values = {**context, "utility": utility()}
    folder = f"notifications/{language}/{kind.value}"
    return RenderedMessage(
        key=key,
        recipient=recipient,
        sender=utility().email,
        sender_name=f"{utility().short_name} eBOK",
        subject=render_to_string(f"{folder}/subject.txt", values).replace(NBSP, " ").strip(),
        text=render_to_string(f"{folder}/body.txt", values).strip() + "\n",
        html=render_to_string(f"{folder}/body.html", values).strip() + "\n",
        language=language,
        queued_at=queued_at,
    )


def undelivered(*, since: datetime | None = None) -> list[UndeliveredMessage]:
    """Messages that were refused for good or given up (since then): what a person has to look at, newest first."""
    lost = [Outcome.PERMANENT.value, Outcome.GIVEN_UP.value]
    rows = DeliveryAttempt.objects.filter(outcome__in=lost).select_related("message").order_by("-id")
    return [_undelivered(row) for row in (rows if since is None else rows.filter(at__gte=since))]


def _undelivered(row: DeliveryAttempt) -> UndeliveredMessage:
    return UndeliveredMessage(
        key=row.message.key,
        kind=MessageKind(row.message.kind),
        recipient=row.message.recipient,
        queued_at=row.message.queued_at,
        ended_at=row.at,
        outcome=Outcome(row.outcome),
        words=row.words,
    )


def waiting(*, now: datetime) -> int:
    """How many messages are due and not yet tried."""
    return OutgoingMessage.objects.due(now).count()
