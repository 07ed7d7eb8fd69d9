"""What kinds of message there are, what a message says, and when a failed one is tried again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

SUBJECT_MAX_LENGTH: Final = 60
ADDRESS_MAX_LENGTH: Final = 320
SERVER_WORDS_MAX_LENGTH: Final = 500
_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"\\()\[\]]+@[^\s@<>,;:\"\\()\[\]]+")

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


class MessageKind(StrEnum):
    """Every message eBOK sends. Each has a subject, a text and an HTML template of its name."""

    PASSWORD_RESET_CODE = "password_reset_code"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    READING_RECEIVED = "reading_received"


NEEDED: Final[Mapping[MessageKind, frozenset[str]]] = {
    MessageKind.PASSWORD_RESET_CODE: frozenset({"code"}),
    MessageKind.PASSWORD_CHANGED: frozenset(),
    MessageKind.READING_RECEIVED: frozenset({"meter_serial", "value", "read_on", "status"}),
}
"""The keys each kind's context must have, all plain text: the words the customer reads."""

SECRET: Final[Mapping[MessageKind, frozenset[str]]] = {
    MessageKind.PASSWORD_RESET_CODE: frozenset({"code"}),
}
"""Keys whose value is forgotten as soon as the message is sent, given up or expired."""


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


class UnfitMessage(ValueError):
    """The message cannot be written: a missing value, a line break in a header, an address that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedMessage:
    """A message ready to be sent. `key` makes its Message-ID: the same message tried twice has the same.

    `sender` is the address it comes from, `sender_name` the name beside it.

    :raises UnfitMessage: for a line break in what becomes a header, or a subject that is too long.
    """

    key: UUID
    recipient: str
    sender: str
    sender_name: str
    subject: str
    text: str
    html: str
    language: str
    queued_at: datetime

    def __post_init__(self) -> None:
        for header in (self.recipient, self.sender, self.sender_name, self.subject, self.language):
            if not header or not header.isprintable():
                raise UnfitMessage("a header is empty or has a control character")
        if len(self.subject) > SUBJECT_MAX_LENGTH:
            raise UnfitMessage("the subject is too long")

    @property
    def message_id(self) -> str:
        """The Message-ID header."""
        return f"<{self.key}@{self.sender.rpartition('@')[2]}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverMessages:
    """Nothing: a delivery run takes every message that is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredMessage:
    """A message nobody got and nothing will send again; `words` are the mail server's, or ours."""

    key: UUID
    kind: MessageKind
    recipient: str
    queued_at: datetime
    ended_at: datetime
    outcome: Outcome
    words: str


def check_address(address: str) -> str:
    """Return the address.

    :raises UnfitMessage: when it is not one, or is longer than `ADDRESS_MAX_LENGTH`.
    """
    if len(address) > ADDRESS_MAX_LENGTH or not address.isprintable() or not _ADDRESS.fullmatch(address):
        raise UnfitMessage("not an e-mail address")
    return address


def check_context(*, kind: MessageKind, context: Mapping[str, Any]) -> dict[str, str]:
    """Return the context: exactly the values the kind needs, each a text.

    :raises UnfitMessage: when one is missing, unknown, or not text.
    """
    if set(context) != NEEDED[kind]:
        raise UnfitMessage(f"{kind} needs exactly {sorted(NEEDED[kind])}")
    if not all(isinstance(value, str) for value in context.values()):
        raise UnfitMessage("a context holds text only")
    return dict(context)


def scrubbed(*, kind: MessageKind, context: Mapping[str, str]) -> dict[str, str]:
    """The context without its secrets."""
    return {name: "" if name in SECRET.get(kind, frozenset()) else value for name, value in context.items()}


def next_try(*, failed: int, now: datetime, luck: float) -> datetime | None:
    """When to try again after `failed` failed tries; None when it has been tried for long enough.

    `luck` from 0 to 1 spreads the tries.
    """
    if failed > len(RETRY_AFTER):
        return None
    return now + RETRY_AFTER[failed - 1] * (1 - JITTER * luck)
