"""The outbox, and what came of each try to deliver."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from ebok.foundation.insert_only import InsertOnly
from ebok.notifications.domain import Channel, MessageKind, Outcome


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    """Messages of the outbox."""

    def due(self, now: datetime, channels: Iterable[Channel]) -> Self:
        """Messages of these channels to try now, the longest waiting first."""
        return self.filter(due_at__lte=now, channel__in=[channel.value for channel in channels]).order_by(
            "due_at", "id"
        )


class MessageGroup(models.Model):
    """Messages that go to many at once, told apart from those somebody waits for. While held, none of them is sent."""

    name = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class OutgoingMessage(models.Model):
    """A message as it was when queued. `due_at` is when it is tried next, empty when nothing more will be tried.

    Messages of one `thread` go in the order of their ids: none before an earlier one that still waits.
    Personal data: `recipient`, an e-mail address or a phone number as E.164 writes it, and what `context` says.
    """

    key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=64, choices=[(k.value, k.value) for k in MessageKind])
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel], default=Channel.EMAIL.value)
    language = models.CharField(max_length=8)
    recipient = models.CharField(max_length=320)
    context = models.JSONField()
    documents = models.JSONField(default=list)
    queued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    group = models.ForeignKey(MessageGroup, null=True, on_delete=models.PROTECT, related_name="messages")
    thread = models.CharField(max_length=64, blank=True, default="")

    objects = OutgoingMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=[c.value for c in Channel]), name="outgoing_channel"),
            models.CheckConstraint(
                condition=~Q(channel=Channel.SMS.value) | Q(recipient__regex=r"^\+[1-9][0-9]{7,14}$"),
                name="outgoing_sms_number",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="outgoing_message_due")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class DeliveryAttempt(InsertOnly):
    """One try to deliver, and the server's words. Insert-only."""

    message = models.ForeignKey(OutgoingMessage, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=[(o.value, o.value) for o in Outcome])
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=[o.value for o in Outcome]), name="delivery_outcome"),
            models.UniqueConstraint(fields=["message", "number"], name="delivery_attempt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.number}: {self.outcome}"
