"""Carriers of mail: an SMTP server, a folder of .eml files, and a fake for tests."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from ebok.adapters.mail.dsn import DsnReader
from ebok.adapters.mail.fake import FakeTransport
from ebok.adapters.mail.folder import FolderTransport
from ebok.adapters.mail.smtp import Encryption, SmtpTransport
from ebok.notifications.ports import MessageTransport

__all__ = [
    "DsnReader",
    "Encryption",
    "FakeTransport",
    "FolderTransport",
    "SmtpTransport",
    "UnknownMailAddress",
    "transport_for",
]

_PORTS = {"smtp": 587, "smtps": 465}


class UnknownMailAddress(ValueError):
    """The mail address of the installation names no carrier we know."""


def transport_for(url: str) -> MessageTransport:
    """Make the carrier a URL names.

    `smtp://user:password@host:587` with STARTTLS (`?tls=none` without), `smtps://…:465` with TLS from the
    first byte, `file:///folder` for files.

    :raises UnknownMailAddress: for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return FolderTransport(folder=Path(unquote(parts.path)))
    if parts.scheme not in _PORTS or not parts.hostname:
        raise UnknownMailAddress("EBOK_EMAIL_URL: smtp://, smtps:// or file:///")
    plain = parse_qs(parts.query).get("tls") == ["none"]
    wrapped = Encryption.TLS if parts.scheme == "smtps" else Encryption.STARTTLS
    return SmtpTransport(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encryption=Encryption.NONE if plain and parts.scheme == "smtp" else wrapped,
    )
