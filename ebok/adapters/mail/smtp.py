"""Mail over SMTP, one connection for a whole run."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from enum import StrEnum
from typing import Final

from ebok.adapters.mail.mime import as_mime
from ebok.notifications.domain import RenderedMessage
from ebok.notifications.ports import DeliveryFailed, FailureKind

TIMEOUT_SECONDS: Final = 20
ABOUT_THE_MESSAGE: Final = frozenset({550, 551, 552, 553, 554, 555, 501, 556})
"""Replies to a recipient or to the message that will be the same tomorrow (RFC 5321 4.2.3, RFC 7504).

A refused greeting, sign-in or sender is ours to mend, so it is temporary for the message.
"""


class Encryption(StrEnum):
    """How the connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(slots=True, kw_only=True)
class SmtpTransport:
    """Hands messages to an SMTP server."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    encryption: Encryption = Encryption.STARTTLS
    _server: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def send(self, message: RenderedMessage) -> str:
        """Hand the message over; a connection the server has closed since the last one is opened again once."""
        try:
            mail = as_mime(message)
        except (HeaderParseError, ValueError) as error:
            raise DeliveryFailed(FailureKind.PERMANENT, str(error)) from error
        try:
            self._connected().send_message(mail, from_addr=message.sender, to_addrs=[message.recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            self._reset()
            raise _failure(code, words) from error
        except smtplib.SMTPDataError as error:
            self._reset()
            raise _failure(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise DeliveryFailed(FailureKind.TEMPORARY, str(error) or type(error).__name__) from error
        return "accepted"

    def close(self) -> None:
        """Say goodbye to the server, if it still listens."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None and not self._alive(self._server):
            self.close()
        if self._server is None:
            self._server = self._open()
        return self._server

    @staticmethod
    def _alive(server: smtplib.SMTP) -> bool:
        try:
            return server.noop()[0] == 250  # noqa: PLR2004
        except (smtplib.SMTPException, OSError):
            return False

    def _open(self) -> smtplib.SMTP:
        trust = ssl.create_default_context()
        if self.encryption is Encryption.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=trust)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.encryption is Encryption.STARTTLS:
                server.starttls(context=trust)
            if self.user:
                server.login(self.user, self.password)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _reset(self) -> None:
        try:
            if self._server is not None:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


def _failure(code: int, words: bytes | str) -> DeliveryFailed:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    kind = FailureKind.PERMANENT if code in ABOUT_THE_MESSAGE else FailureKind.TEMPORARY
    return DeliveryFailed(kind, f"{code} {said}")
