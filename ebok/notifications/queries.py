"""Reading the outbox, and writing a message out in words."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from ebok.foundation.formats import NBSP
from ebok.foundation.utility import utility
from ebok.notifications.domain import (
    Channel,
    MessageKind,
    Outcome,
    RenderedMessage,
    RenderedSms,
    UndeliveredMessage,
    plain_letters,
    readable_code,
)
from ebok.notifications.models import DeliveryAttempt, OutgoingMessage


def sms_available() -> bool:
    """Whether this installation can send SMS at all."""
    return bool(settings.EBOK_SMS_URL)


def channels_open() -> tuple[Channel, ...]:
    """The channels this installation sends by."""
    return tuple(Channel) if sms_available() else (Channel.EMAIL,)


def render(
    *, key: UUID, kind: MessageKind, language: str, recipient: str, context: dict[str, str], queued_at: datetime
) -> RenderedMessage:
    """Write the message out: subject, text and its HTML twin from the same context.

    :raises UnfitMessage: when a header would be broken or the subject is too long.
    """
    values, folder = _values(context), f"notifications/{language}/{kind.value}"
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


def render_sms(
    *, key: UUID, kind: MessageKind, language: str, recipient: str, context: dict[str, str], queued_at: datetime
) -> RenderedSms:
    """Write the SMS out in plain letters; its template cuts what may be long, so that it stays one part.

    :raises UnfitMessage: when the number is none or the text does not fit.
    """
    plain = {name: plain_letters(value) for name, value in context.items()}
    text = render_to_string(f"notifications/{language}/{kind.value}/sms.txt", _values(plain))
    return RenderedSms(key=key, recipient=recipient, text=plain_letters(text), queued_at=queued_at)


def _values(context: dict[str, str]) -> dict[str, object]:
    code = {"code": readable_code(context["code"])} if "code" in context else {}
    site = settings.EBOK_PUBLIC_URL
    return {**context, **code, "utility": utility(), "site": site, "site_host": urlsplit(site).netloc}


def undelivered(*, since: datetime | None = None) -> list[UndeliveredMessage]:
    """Messages that were refused for good or given up (since then): what a person has to look at, newest first."""
    lost = [Outcome.PERMANENT.value, Outcome.GIVEN_UP.value]
    rows = DeliveryAttempt.objects.filter(outcome__in=lost).select_related("message").order_by("-id")
    return [_undelivered(row) for row in (rows if since is None else rows.filter(at__gte=since))]


def _undelivered(row: DeliveryAttempt) -> UndeliveredMessage:
    return UndeliveredMessage(
        key=row.message.key,
        kind=MessageKind(row.message.kind),
        channel=Channel(row.message.channel),
        recipient=row.message.recipient,
        queued_at=row.message.queued_at,
        ended_at=row.at,
        outcome=Outcome(row.outcome),
        words=row.words,
    )


def waiting(*, now: datetime) -> int:
    """How many messages of the open channels are due and not yet tried."""
    return OutgoingMessage.objects.due(now, channels_open()).count()
