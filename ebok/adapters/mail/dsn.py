"""Delivery status notifications (RFC 3464), as Postfix, Exim, Exchange and others write them.

Only the part made for machines is believed (`message/delivery-status`), wherever in the mail it stands; which message
it is about is told by the envelope id we gave it, or by the Message-ID of the message or headers sent back.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from typing import Final
from uuid import UUID

from ebok.notifications.domain import DeliveryNotice, Outcome, RecipientReport
from ebok.notifications.ports import NotANotice

_UUID: Final = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_MESSAGE_ID: Final = re.compile(rf"<{_UUID}@[^<>\s]+>", re.IGNORECASE)
_ENVELOPE_ID: Final = re.compile(_UUID, re.IGNORECASE)
_XTEXT: Final = re.compile(r"\+([0-9A-F]{2})")
MOST_NESTED: Final = 30
"""Parts within parts, in what servers send back of a mail of ours: half a dozen. Each costs time for every line."""
_STATUS: Final = "message/delivery-status"
_SENT_BACK: Final = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
ACTIONS: Final = {
    "failed": Outcome.BOUNCED,
    "delayed": Outcome.DELAYED,
    "delivered": Outcome.DELIVERED,
    "relayed": Outcome.RELAYED,
    "expanded": Outcome.RELAYED,
}


class DsnReader:
    """Reads notices with the standard library's parser, which takes anything."""

    def read(self, data: bytes) -> DeliveryNotice:
        """Return what the notice tells.

        :raises NotANotice: when the file is none, or of a message that is not ours.
        """
        if data.lower().count(b"boundary") > MOST_NESTED:
            raise NotANotice("parts within parts without end")
        try:
            parts = list(message_from_bytes(data).walk())
        except RecursionError as error:
            raise NotANotice("parts within parts without end") from error
        blocks = [block for part in parts if part.get_content_type() == _STATUS for block in _blocks(part)]
        reports = tuple(report for block in blocks if (report := _report(block)) is not None)
        key = next((key for key in (*map(_by_envelope, blocks), *map(_by_message_id, parts)) if key), None)
        if not reports:
            raise NotANotice("no delivery status")
        if key is None:
            raise NotANotice("no name of the message")
        return DeliveryNotice(key=key, reports=reports)


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields: first of the message, then of each recipient. Some come as one text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message))
    elif isinstance(payload, str):
        yield from (message_from_string(block) for block in re.split(r"\r?\n\r?\n", payload))


def _report(block: Message) -> RecipientReport | None:
    action = ACTIONS.get(_field(block, "Action").partition(" ")[0].lower())
    addresses = frozenset(filter(None, (_address(block, name) for name in ("Final-Recipient", "Original-Recipient"))))
    if action is None or not addresses:
        return None
    said = _field(block, "Diagnostic-Code").partition(";")[2].strip() or _field(block, "Diagnostic-Code")
    words = " ".join(filter(None, (_field(block, "Status"), said)))
    return RecipientReport(addresses=addresses, outcome=action, words=words)


def _address(block: Message, name: str) -> str:
    """The address after its type (`rfc822;`), with what xtext hides, in small letters."""
    kind, _, address = _field(block, name).rpartition(";")
    plain = _XTEXT.sub(lambda found: chr(int(found.group(1), 16)), address) if name == "Original-Recipient" else address
    return plain.strip().strip("<>").lower() if kind or "@" in plain else ""


def _by_envelope(block: Message) -> UUID | None:
    found = _ENVELOPE_ID.fullmatch(_field(block, "Original-Envelope-Id"))
    return UUID(found.group(1)) if found else None


def _by_message_id(part: Message) -> UUID | None:
    if part.get_content_type() not in _SENT_BACK:
        return None
    payload = part.get_payload()
    original = payload[0] if isinstance(payload, list) and payload else payload
    headers = original if isinstance(original, Message) else message_from_string(str(original))
    found = _MESSAGE_ID.search(_field(headers, "Message-ID"))
    return UUID(found.group(1)) if found else None


def _field(block: Message, name: str) -> str:
    """A field on one line, without what cannot be printed."""
    line = " ".join(str(block.get(name, "")).split())
    return "".join(letter if letter.isprintable() else "?" for letter in line)
