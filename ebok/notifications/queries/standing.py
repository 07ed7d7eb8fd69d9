"""Where messages stand: what waits, what came of each, what a person has to look at."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Case, Count, Exists, ExpressionWrapper, F, Max, OuterRef, Q, Value, When

from ebok.notifications.domain import (
    EVERYBODY_REFUSED,
    LOST,
    Attempt,
    BlockedMessages,
    Channel,
    DeliveryState,
    DeliveryTrace,
    GroupProgress,
    MessageKind,
    Outcome,
    UndeliveredMessage,
    state_of,
)
from ebok.notifications.models import DeliveryAttempt, OutgoingMessage
from ebok.notifications.queries.rendering import channels_open


def undelivered(*, since: datetime | None = None, groups: bool = True) -> list[UndeliveredMessage]:
    """Messages that were refused for good, came back or were given up (since then), newest first.

    These are what a person has to look at; for invoices another way is found by itself too. Without `groups` only
    the messages in no group, for those of a group are settled by whoever opened it.
    """
    lost = DeliveryAttempt.objects.filter(outcome__in=[outcome.value for outcome in LOST])
    if not groups:
        lost = lost.filter(message__group__isnull=True)
    # A notice that comes after the refusal it tells of is the same loss.
    before = lost.filter(message=OuterRef("message"), number__lt=OuterRef("number"))
    rows = lost.exclude(Exists(before)).select_related("message__group").order_by("-id")
    return [_undelivered(row) for row in (rows if since is None else rows.filter(at__gte=since))]


def _undelivered(row: DeliveryAttempt) -> UndeliveredMessage:
    group = row.message.group
    return UndeliveredMessage(
        key=row.message.key,
        kind=MessageKind(row.message.kind),
        channel=Channel(row.message.channel),
        recipient=row.message.recipient,
        queued_at=row.message.queued_at,
        ended_at=row.at,
        outcome=Outcome(row.outcome),
        words=row.words,
        group="" if group is None else group.name,
    )


def blocked_messages() -> list[BlockedMessages]:
    """Messages that wait for us to mend something, counted by kind and fault, most first.

    An attachment, a template, our sign-in, or what makes the mail server refuse everybody.
    """
    ours = Q(outcome=Outcome.BLOCKED.value) | Q(words__startswith=EVERYBODY_REFUSED, outcome=Outcome.AWAY.value)
    latest = DeliveryAttempt.objects.filter(ours, message__due_at__isnull=False, number=F("message__tries"))
    fault = Case(When(outcome=Outcome.AWAY.value, then=Value(EVERYBODY_REFUSED)), default=F("words"))
    rows = latest.values("message__kind", fault=fault).annotate(count=Count("id"), since=Max("at"))
    return [
        BlockedMessages(kind=MessageKind(r["message__kind"]), words=r["fault"], count=r["count"], since=r["since"])
        for r in rows.order_by("-count", "fault")
    ]


def waiting(*, now: datetime) -> set[UUID]:
    """The keys of the messages in no group that are due by an open channel."""
    return set(OutgoingMessage.objects.due(now, channels_open()).values_list("key", flat=True))


def deliveries(*, keys: Collection[UUID]) -> dict[UUID, DeliveryTrace]:
    """Where each message stands and what was tried; keys nobody queued are left out. Two queries."""
    messages = list(OutgoingMessage.objects.filter(key__in=keys).only("key", "due_at", "claimed_at", "last_outcome"))
    tried = defaultdict[int, list[Attempt]](list)
    for row in DeliveryAttempt.objects.filter(message__in=[m.id for m in messages]).order_by("message_id", "number"):
        tried[row.message_id].append(Attempt(at=row.at, outcome=Outcome(row.outcome), words=row.words))
    return {m.key: DeliveryTrace(state=_state(m), attempts=tuple(tried[m.id])) for m in messages}


def _state(message: OutgoingMessage) -> DeliveryState:
    last = Outcome(message.last_outcome) if message.last_outcome else None
    return state_of(waits=message.due_at is not None, claimed=message.claimed_at is not None, last=last)


def group_progress(*, group_id: int) -> GroupProgress:
    """How many messages of the group stand where. One query."""
    rows = OutgoingMessage.objects.filter(group=group_id).annotate(
        waits=_is_set("due_at"), claimed=_is_set("claimed_at")
    )
    found = Counter[DeliveryState]()
    for waits, claimed, last, count in rows.values_list("waits", "claimed", "last_outcome").annotate(count=Count("id")):
        found[state_of(waits=waits, claimed=claimed, last=Outcome(last) if last else None)] += count
    return GroupProgress(**{state.value: count for state, count in found.items()})


def _is_set(column: str) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(Q((f"{column}__isnull", False)), output_field=BooleanField())
