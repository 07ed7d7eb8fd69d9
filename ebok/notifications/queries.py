"""Reading the outbox, and writing a message out in words."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.template.loader import render_to_string

from ebok.foundation.formats import NBSP
from ebok.foundation.utility import utility
from ebok.notifications.domain import MessageKind, Outcome, RenderedMessage
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


def undelivered() -> QuerySet[DeliveryAttempt]:
    """Last tries that ended without delivery: what a person has to look at, newest first."""
    lost = [Outcome.PERMANENT.value, Outcome.GIVEN_UP.value]
    return DeliveryAttempt.objects.filter(outcome__in=lost).select_related("message").order_by("-id")


def waiting(*, now: datetime) -> int:
    """How many messages are due and not yet tried."""
    return OutgoingMessage.objects.due(now).count()
