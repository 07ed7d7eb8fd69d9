"""How tries to deliver a message end, what that makes of the message, and when a failed one is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from ebok.notifications.domain.kinds import Channel, MessageKind

SERVER_WORDS_MAX_LENGTH: Final = 500

RETRY_AFTER: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""How long after the first, second, … failed try the next one comes; the last one ends within 72 hours."""
BLOCKED_AGAIN_AFTER: Final = timedelta(minutes=15)
"""When a message is tried again that waits for us to mend something: it is never given up for that."""
EVERYBODY_REFUSED: Final = "Serwer poczty odmawia wszystkim"
"""What the words of a try begin with that was refused as everybody before it was."""
JITTER: Final = 0.1
"""A wait is shortened by up to this part of it, so that a thousand messages do not come back at once."""


class Outcome(StrEnum):
    """How one try to deliver a message ended, or what was heard of it afterwards."""

    SENT = "sent"
    """The server took it (250). Whether it reached the mailbox is not known."""
    DELIVERED = "delivered"
    """A notice (DSN) says that it reached the mailbox."""
    TEMPORARY = "temporary"
    AWAY = "away"
    """The mail server was not there, closed, or refused everybody: no word about this message. Tried again."""
    BLOCKED = "blocked"
    """Not sent for a fault of ours: an unreadable attachment, a broken template, a refused sign-in. It waits."""
    PERMANENT = "permanent"
    BOUNCED = "bounced"
    """A notice (DSN) says that it will not be delivered."""
    GIVEN_UP = "given_up"
    """Tried for long enough, and each time the other side spoke of this message or its recipient."""
    UNREACHED = "unreached"
    """Tried for long enough, and the mail server was away at least once: no fault of the address."""
    EXPIRED = "expired"
    DELAYED = "delayed"
    """A notice (DSN) says that a server further on still tries."""
    RELAYED = "relayed"
    """A notice (DSN) says that it went on to a server or a list that tells no more."""

    @property
    def final(self) -> bool:
        """Whether no other try follows."""
        return self not in {Outcome.TEMPORARY, Outcome.AWAY, Outcome.BLOCKED}

    @property
    def decides(self) -> bool:
        """Whether it changes where the message stands; the others are only news."""
        return self not in {Outcome.DELAYED, Outcome.RELAYED}

    @property
    def lost(self) -> bool:
        """Whether the message reached nobody and nothing will send it again."""
        return self in LOST


LOST: Final = frozenset({Outcome.PERMANENT, Outcome.BOUNCED, Outcome.GIVEN_UP, Outcome.UNREACHED})


class DeliveryState(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


def state_of(*, waits: bool, claimed: bool, last: Outcome | None) -> DeliveryState:
    """Where a message stands: whether it is due one day, a run has taken it to send, and how the last try ended.

    `last` is the last outcome that decides.
    """
    if waits and claimed:
        return DeliveryState.SENDING
    if waits:
        return DeliveryState.QUEUED if last is None else DeliveryState.TEMPORARY
    if last in {Outcome.SENT, Outcome.DELIVERED}:
        return DeliveryState(last.value)
    return DeliveryState.PERMANENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try, or one notice that came afterwards, with the other side's words (or ours)."""

    at: datetime
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryTrace:
    """Where a message stands, and everything that was tried, oldest first.

    `sent_at` is when a server took it, `delivered_at` when a notice said that it reached the mailbox.
    """

    state: DeliveryState
    attempts: tuple[Attempt, ...]

    @property
    def sent_at(self) -> datetime | None:
        """When a server took it; None until then."""
        return self._last(Outcome.SENT)

    @property
    def delivered_at(self) -> datetime | None:
        """When a notice said that it reached the mailbox; None until then."""
        return self._last(Outcome.DELIVERED)

    def _last(self, outcome: Outcome) -> datetime | None:
        return next((a.at for a in reversed(self.attempts) if a.outcome is outcome), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupProgress:
    """How many messages of a group stand where."""

    queued: int = 0
    sending: int = 0
    sent: int = 0
    delivered: int = 0
    temporary: int = 0
    permanent: int = 0

    @property
    def total(self) -> int:
        """All messages of the group."""
        return self.waiting + self.sent + self.delivered + self.permanent

    @property
    def waiting(self) -> int:
        """Messages that will still be tried."""
        return self.queued + self.sending + self.temporary


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverMessages:
    """Nothing: a delivery run takes every message that is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverGroups:
    """Nothing: a run takes every message of every group that is due and not held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDelivery:
    """A message of a group that nobody will get: its key as text, and the other side's words."""

    message_key: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredMessage:
    """A message nobody got and nothing will send again; `words` are the other side's, or ours.

    `group` names the group it went with, empty for a message of its own.
    """

    key: UUID
    kind: MessageKind
    channel: Channel
    recipient: str
    queued_at: datetime
    ended_at: datetime
    outcome: Outcome
    words: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedMessages:
    """Messages that wait for us to mend something: what, how many, and since when."""

    kind: MessageKind
    words: str
    count: int
    since: datetime


def next_try(*, failed: int, now: datetime, luck: float) -> datetime | None:
    """When to try again after `failed` failed tries; None when it has been tried for long enough.

    `luck` from 0 to 1 spreads the tries.
    """
    if failed > len(RETRY_AFTER):
        return None
    return now + RETRY_AFTER[failed - 1] * (1 - JITTER * luck)
