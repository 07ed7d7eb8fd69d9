"""The outbox, and what came of each try to deliver."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from ebok.foundation.insert_only import InsertOnly
from ebok.notifications.domain import Channel, MessageKind, Outcome


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    """Messages of the outbox."""

    def due(self, now: datetime, channels: Iterable[Channel]) -> Self:
        """Messages of these channels that somebody waits for, to try now, the longest waiting first."""
        ways = [channel.value for channel in channels]
        return self.filter(due_at__lte=now, group__isnull=True, channel__in=ways).order_by("due_at", "id")

    def due_in_groups(self, now: datetime) -> Self:
        """Messages of groups that are not held, to try now: the first that waits of each thread, the longest waiting
        first.
        """
        earlier = OutgoingMessage.objects.filter(
            group__isnull=False, due_at__isnull=False, thread=OuterRef("thread"), id__lt=OuterRef("id")
        )
        held = MessageGroup.objects.filter(held_at__isnull=False)
        due = self.filter(Q(thread="") | ~Exists(earlier), due_at__lte=now, group__isnull=False)
        return due.exclude(group__in=held).order_by("due_at", "id")


class MessageGroup(models.Model):
    """Messages that go to many at once, told apart from those somebody waits for. While held, none of them is sent."""

    name = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class OutgoingMessage(models.Model):
    """A message as it was when queued. `due_at` is when it is tried next, empty when nothing more will be tried.

    While a run has a message of a group in hand, `claimed_at` says since when, and `due_at` is when it is taken
    from a run that is dead. `tries` counts the attempts, `last_outcome` is the last of them that decides.

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
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_outcome = models.CharField(max_length=16, blank=True, default="")

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
            models.Index(
                fields=["due_at", "id"], condition=Q(due_at__isnull=False, group__isnull=True), name="outgoing_due"
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(due_at__isnull=False, group__isnull=False),
                name="outgoing_bulk_due",
            ),
            models.Index(
                fields=["thread", "id"], condition=Q(due_at__isnull=False, group__isnull=False), name="outgoing_threads"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class DeliveryAttempt(InsertOnly):
    """One try to deliver, or a notice that came afterwards, and the server's words. Insert-only.

    Personal data: `words` may name the address.
    """

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
        indexes = [models.Index(fields=["at"], name="delivery_attempt_at")]

    def __str__(self) -> str:
        return f"{self.message_id}/{self.number}: {self.outcome}"


class TakenNotice(InsertOnly):
    """A notice (DSN) about a message, taken once: the hash of its file. Insert-only."""

    sha256 = models.BinaryField(max_length=32, unique=True)
    message = models.ForeignKey(OutgoingMessage, on_delete=models.PROTECT, related_name="notices")
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return bytes(self.sha256).hex()
