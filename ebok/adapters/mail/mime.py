"""A rendered message as an RFC 5322 message with a text and an HTML part."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ebok.notifications.domain import RenderedMessage


def as_mime(message: RenderedMessage) -> EmailMessage:
    """Return the message as mail servers take it. Its Message-ID comes from its key."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name=message.sender_name, addr_spec=message.sender)
    mail["To"] = Address(addr_spec=message.recipient)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.queued_at)
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language
    return mail
