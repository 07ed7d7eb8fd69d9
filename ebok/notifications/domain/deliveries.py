"""How tries to deliver a message end, and when a failed one is tried again."""

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
JITTER: Final = 0.1
"""A wait is shortened by up to this part of it, so that a thousand messages do not come back at once."""


class Outcome(StrEnum):
    """How one try to deliver a message ended."""

    DELIVERED = "delivered"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    GIVEN_UP = "given_up"
    EXPIRED = "expired"

    @property
    def final(self) -> bool:
        """Whether no other try follows."""
        return self is not Outcome.TEMPORARY


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverMessages:
    """Nothing: a delivery run takes every message that is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredMessage:
    """A message nobody got and nothing will send again; `words` are the other side's, or ours."""

    key: UUID
    kind: MessageKind
    channel: Channel
    recipient: str
    queued_at: datetime
    ended_at: datetime
    outcome: Outcome
    words: str


def next_try(*, failed: int, now: datetime, luck: float) -> datetime | None:
    """When to try again after `failed` failed tries; None when it has been tried for long enough.

    `luck` from 0 to 1 spreads the tries.
    """
    if failed > len(RETRY_AFTER):
        return None
    return now + RETRY_AFTER[failed - 1] * (1 - JITTER * luck)
