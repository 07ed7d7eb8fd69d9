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


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class MessageKind(StrEnum):
    """Every message eBOK sends. Each has a subject, a text and an HTML template of its name, or an SMS template."""

    PASSWORD_RESET_CODE = "password_reset_code"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    READING_RECEIVED = "reading_received"
    LOGIN_CODE = "login_code"
    NEW_DEVICE = "new_device"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    EMAIL_CHANGE_CODE = "email_change_code"
    EMAIL_CHANGED = "email_changed"
    PHONE_CHANGE_CODE = "phone_change_code"
    PHONE_CHANGED = "phone_changed"
    ACTIVATION_CODE = "activation_code"
    ACCESS_ADDED = "access_added"
    ACCESS_REQUESTED = "access_requested"
    ACCESS_DECIDED = "access_decided"
    INVITATION = "invitation"
    INVITATION_ACCEPTED = "invitation_accepted"
    GRANT_ENDED = "grant_ended"
    APPLICATION_RECEIVED = "application_received"
    APPLICATION_STEP = "application_step"
    APPLICATION_QUESTION = "application_question"
    APPLICATION_REFUSED = "application_refused"
    APPLICATION_ACCEPTED = "application_accepted"
    DETAILS_CHANGED = "details_changed"
    DATA_CHANGE_DECIDED = "data_change_decided"
    LOGIN_CLOSED = "login_closed"


NEEDED: Final[Mapping[MessageKind, frozenset[str]]] = {
    MessageKind.PASSWORD_RESET_CODE: frozenset({"code"}),
    MessageKind.PASSWORD_CHANGED: frozenset(),
    MessageKind.READING_RECEIVED: frozenset({"meter_serial", "value", "read_on", "status"}),
    MessageKind.LOGIN_CODE: frozenset({"code"}),
    MessageKind.NEW_DEVICE: frozenset({"when", "device"}),
    MessageKind.SECOND_FACTOR_CHANGED: frozenset({"what", "when"}),
    MessageKind.EMAIL_CHANGE_CODE: frozenset({"code"}),
    MessageKind.EMAIL_CHANGED: frozenset({"new_hint"}),
    MessageKind.PHONE_CHANGE_CODE: frozenset({"code"}),
    MessageKind.PHONE_CHANGED: frozenset({"new_hint"}),
    MessageKind.ACTIVATION_CODE: frozenset({"code"}),
    MessageKind.ACCESS_ADDED: frozenset({"account_hint", "who", "role", "when"}),
    MessageKind.ACCESS_REQUESTED: frozenset({"account_hint", "who"}),
    MessageKind.ACCESS_DECIDED: frozenset({"account_hint", "decision", "reason"}),
    MessageKind.INVITATION: frozenset({"inviter", "account_hint", "role", "code", "until"}),
    MessageKind.INVITATION_ACCEPTED: frozenset({"account_hint", "who", "role"}),
    MessageKind.GRANT_ENDED: frozenset({"account_hint", "role"}),
    MessageKind.APPLICATION_RECEIVED: frozenset({"number", "code"}),
    MessageKind.APPLICATION_STEP: frozenset({"number", "step"}),
    MessageKind.APPLICATION_QUESTION: frozenset({"number", "question"}),
    MessageKind.APPLICATION_REFUSED: frozenset({"number", "reason"}),
    MessageKind.APPLICATION_ACCEPTED: frozenset({"number", "code", "until"}),
    MessageKind.DETAILS_CHANGED: frozenset({"account_hint", "what", "when"}),
    MessageKind.DATA_CHANGE_DECIDED: frozenset({"account_hint", "decision", "reason"}),
    MessageKind.LOGIN_CLOSED: frozenset(),
}
"""The keys each kind's context must have, all plain text: the words the reader sees.

`…_hint` shows the end of a number or address only; `what`, `step` and `decision` are whole Polish phrases;
`reason` may be empty.
"""

SECRET: Final[Mapping[MessageKind, frozenset[str]]] = {
    kind: frozenset({"code"}) for kind, keys in NEEDED.items() if "code" in keys
}
"""Keys whose value is forgotten as soon as the message is sent, given up or expired."""

ONLY_BY_SMS: Final = frozenset({MessageKind.PHONE_CHANGE_CODE})
BY_SMS: Final = ONLY_BY_SMS | {
    MessageKind.ACTIVATION_CODE,
    MessageKind.ACCESS_ADDED,
    MessageKind.ACCESS_REQUESTED,
    MessageKind.INVITATION,
    MessageKind.PHONE_CHANGED,
    MessageKind.DETAILS_CHANGED,
}
"""Kinds that can also go by SMS: they have an SMS template of one part."""


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
