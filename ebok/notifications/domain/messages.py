"""A message written out for its channel, and what is fit to be written out."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ebok.kernel.emails import email_address
from ebok.notifications.domain.kinds import BY_SMS, NEEDED, ONLY_BY_SMS, SECRET, Channel, MessageKind

SUBJECT_MAX_LENGTH: Final = 60
ADDRESS_MAX_LENGTH: Final = 320
SMS_MAX_LENGTH: Final = 160
"""Letters of one SMS of the GSM 7-bit alphabet; a longer one is sent, and paid for, in parts."""
_E164: Final = re.compile(r"\+[1-9][0-9]{7,14}")
_UNDECOMPOSED: Final = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "đ": "d", "ß": "ss", "–": "-", "—": "-", "−": "-", "…": "...", "„": '"', "”": '"',
     "“": '"', "’": "'", "[": "(", "{": "(", "]": ")", "}": ")", "\\": "/", "|": "/", "~": "-", "^": "", "`": "'"}
)  # fmt: skip
"""Letters that have no plain one inside them, and those ASCII ones that the SMS alphabet counts twice or lacks."""
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MEDIA_TYPE: Final = re.compile(r"[a-z]{1,40}/[a-z0-9.+-]{1,80}")
_SHA256_LENGTH: Final = 32
_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")
_LONG_CODE: Final = re.compile(r"[0-9A-Z]{10,}")
_LONG_CODE_GROUP: Final = 5


class UnfitMessage(ValueError):
    """The message cannot be written: a missing value, a line break in a header, an address that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedDocument:
    """A stored document that goes with a message: its hash, the name the reader sees, its media type.

    :raises UnfitMessage: for a name or a type that is not fit for a header, or a hash that is none.
    """

    sha256: bytes
    name: str
    media_type: str

    def __post_init__(self) -> None:
        _check_file(self.name, self.media_type)
        if len(self.sha256) != _SHA256_LENGTH:
            raise UnfitMessage("not a SHA-256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file as it goes with a message.

    :raises UnfitMessage: for a name or a type that is not fit for a header.
    """

    name: str
    media_type: str
    content: bytes

    def __post_init__(self) -> None:
        _check_file(self.name, self.media_type)


def _check_file(name: str, media_type: str) -> None:
    if not _FILE_NAME.fullmatch(name) or not _MEDIA_TYPE.fullmatch(media_type):
        raise UnfitMessage("a file needs a plain name and a media type")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageToQueue:
    """A message of a group: `key` is made by whoever queues it; of one `thread` none goes before an earlier one."""

    key: UUID
    recipient: str
    context: Mapping[str, str]
    documents: tuple[AttachedDocument, ...] = ()
    thread: str = ""


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
    attachments: tuple[Attachment, ...] = ()

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
class RenderedSms:
    """An SMS ready to be sent: plain ASCII letters of one part. `key` is the same for the same message tried twice.

    :raises UnfitMessage: for a recipient that is no number, or a text that is empty, too long or not plain.
    """

    key: UUID
    recipient: str
    text: str
    queued_at: datetime

    def __post_init__(self) -> None:
        check_phone(self.recipient)
        if not 0 < len(self.text) <= SMS_MAX_LENGTH:
            raise UnfitMessage(f"an SMS has 1 to {SMS_MAX_LENGTH} letters")
        if not (self.text.isascii() and self.text.isprintable()) or self.text != plain_letters(self.text):
            raise UnfitMessage("an SMS has plain letters only")


def first_fitting(*, subjects: Sequence[str]) -> str:
    """Of several ways to put a subject, the longest worded first, the first one that is short enough.

    :raises UnfitMessage: when none is.
    """
    for subject in subjects:
        if 0 < len(subject) <= SUBJECT_MAX_LENGTH:
            return subject
    raise UnfitMessage("the subject is too long")


def check_address(address: str) -> str:
    """Return the address.

    :raises UnfitMessage: when it is none by the rule of `kernel.emails`.
    """
    if email_address(address) is None:
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


def check_phone(number: str) -> str:
    """Return the number, written as E.164 says: `+48600700800`.

    :raises UnfitMessage: when it is not.
    """
    if not _E164.fullmatch(number):
        raise UnfitMessage("not a phone number")
    return number


def check_recipient(*, kind: MessageKind, channel: Channel, recipient: str) -> str:
    """Return the recipient: a number or an address, whichever the channel leads to.

    :raises UnfitMessage: when it is not one, or the kind does not travel this way.
    """
    if kind not in BY_SMS if channel is Channel.SMS else kind in ONLY_BY_SMS:
        raise UnfitMessage(f"{kind} does not go by {channel}")
    return check_phone(recipient) if channel is Channel.SMS else check_address(recipient)


def plain_letters(text: str) -> str:
    """The text in letters of which an SMS holds 160: `Zażółć…` becomes `Zazolc...`, spaces single, the rest dropped."""
    bare = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED)).translate(_UNDECOMPOSED)
    return " ".join("".join(letter for letter in bare if letter.isspace() or " " <= letter <= "~").split())


def readable_code(code: str) -> str:
    """A code in groups: `012 345`, `7KQ2M-XR4VD-9WTHB-3F8JC`; whatever has groups already stays as it is."""
    if _SIX_DIGITS.fullmatch(code):
        return f"{code[:3]} {code[3:]}"
    if _LONG_CODE.fullmatch(code):
        return "-".join(code[at : at + _LONG_CODE_GROUP] for at in range(0, len(code), _LONG_CODE_GROUP))
    return code
