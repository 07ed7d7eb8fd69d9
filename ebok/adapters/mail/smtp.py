"""Mail over SMTP, one connection for a whole run."""

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple, NoReturn

from ebok.adapters.mail.mime import as_bytes
from ebok.notifications.domain import RenderedMessage
from ebok.notifications.ports import CarrierDown, CarrierShut, DeliveryFailed, FailureKind

TIMEOUT_SECONDS: Final = 20.0
"""How long the server may take over any one answer but the last."""
PATIENCE_SECONDS: Final = 60.0
"""How long it may take to say whether it has taken a message: whoever leaves before that may send it twice."""
DONE, GO_ON, CLOSING, TOO_LARGE = 250, 354, 421, 552
TAKEN: Final = frozenset({250, 251})
ABOUT_THE_MESSAGE: Final = frozenset({550, 551, 552, 553, 554, 555, 501, 556})
"""Replies to a recipient or to the message that will be the same tomorrow (RFC 5321 4.2.3, RFC 7504).

A refused greeting, sign-in or sender is ours to mend, so it is temporary for the message.
"""
UNKNOWN: Final = "Połączenie zerwane po wysłaniu treści, nie wiadomo, czy serwer ją przyjął"


class Encryption(StrEnum):
    """How the connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class _Reply(NamedTuple):
    """A server's answer. Code 0: never asked, because something before was refused."""

    code: int
    said: bytes

    @property
    def words(self) -> str:
        return f"{self.code} {self.said.decode('utf-8', 'replace')}"


_NEVER_ASKED: Final = _Reply(0, b"")


class _Stale(Exception):
    """The server has let go of a connection we kept; nothing was handed over by it."""


@dataclass(slots=True, kw_only=True)
class SmtpTransport:
    """Hands messages to an SMTP server."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    encryption: Encryption = Encryption.STARTTLS
    timeout: float = TIMEOUT_SECONDS
    patience: float = PATIENCE_SECONDS
    _server: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def send(self, message: RenderedMessage) -> str:
        """Hand the message over; a connection the server has closed since the last one is opened again once."""
        try:
            content = as_bytes(message)
        except ValueError as error:
            raise DeliveryFailed(FailureKind.PERMANENT, str(error)) from error
        try:
            return self._hand_over(message, content)
        except _Stale:
            return self._hand_over(message, content)

    def close(self) -> None:
        """Say goodbye to the server, if it still listens."""
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _hand_over(self, message: RenderedMessage, content: bytes) -> str:
        kept = self._server is not None
        server = self._connected()
        try:
            sender, recipient, data = _offer(server, message, len(content))
        except (smtplib.SMTPException, OSError) as error:
            self._lost(error, kept=kept)
        if CLOSING in (sender.code, recipient.code, data.code):
            self._lost(DeliveryFailed(FailureKind.TEMPORARY, _closing(sender, recipient, data)), kept=kept)
        if sender.code not in TAKEN or recipient.code not in TAKEN or data.code != GO_ON:
            self._take_back(server, data)
            raise _refusal(sender, recipient, data)
        return self._content(server, content)

    def _lost(self, error: Exception, *, kept: bool) -> NoReturn:
        self._drop()
        if kept:
            raise _Stale from error
        raise CarrierDown(_in_words(error)) from error

    def _content(self, server: smtplib.SMTP, content: bytes) -> str:
        try:
            _wait(server, self.patience)
            server.send(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            reply = _Reply(*server.getreply())
            _wait(server, self.timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise CarrierDown(f"{UNKNOWN}: {_in_words(error)}") from error
        if reply.code == DONE:
            return reply.words
        if reply.code == CLOSING:
            self._drop()
            raise CarrierDown(reply.words)
        raise _failure(reply)

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = self._open()
            except (smtplib.SMTPException, OSError, UnicodeError) as error:
                raise _not_let_in(error) from error
        return self._server

    def _open(self) -> smtplib.SMTP:
        trust = ssl.create_default_context()
        if self.encryption is Encryption.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=trust)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.encryption is Encryption.STARTTLS:
                server.starttls(context=trust)
            if self.user:
                server.login(self.user, self.password)
            server.ehlo_or_helo_if_needed()
            if server.sock is not None:
                server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (smtplib.SMTPException, OSError, UnicodeError):
            server.close()
            raise
        return server

    def _take_back(self, server: smtplib.SMTP, data: _Reply) -> None:
        """Have the server forget what was offered; if it waits for the content all the same, it gets an empty one."""
        try:
            if data.code == GO_ON:
                server.send(b".\r\n")
                server.getreply()
            server.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


def _offer(server: smtplib.SMTP, message: RenderedMessage, size: int) -> tuple[_Reply, _Reply, _Reply]:
    """Ask whether the server takes a message from and to them; in one breath where it can (RFC 2920)."""
    sender, recipient, data = _commands(server, message, size)
    if server.has_extn("pipelining"):
        server.send(sender + recipient + data)
        return _Reply(*server.getreply()), _Reply(*server.getreply()), _Reply(*server.getreply())
    first = _asked(server, sender)
    second = _asked(server, recipient) if first.code in TAKEN else _NEVER_ASKED
    third = _asked(server, data) if second.code in TAKEN else _NEVER_ASKED
    return first, second, third


def _asked(server: smtplib.SMTP, command: bytes) -> _Reply:
    server.send(command)
    return _Reply(*server.getreply())


def _commands(server: smtplib.SMTP, message: RenderedMessage, size: int) -> tuple[bytes, bytes, bytes]:
    sender, recipient = f"MAIL FROM:<{message.sender}>", f"RCPT TO:<{message.recipient}>"
    if server.has_extn("size"):
        sender += f" SIZE={size}"
    if server.has_extn("dsn"):
        # So that a notice names the message and the address we know (RFC 3461).
        sender += f" RET=HDRS ENVID={message.key}"
        known = message.recipient.replace("+", "+2B").replace("=", "+3D")
        recipient += f" NOTIFY=FAILURE,DELAY ORCPT=rfc822;{known}"
    return f"{sender}\r\n".encode("ascii"), f"{recipient}\r\n".encode("ascii"), b"DATA\r\n"


def _wait(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _closing(*replies: _Reply) -> str:
    return next(reply.words for reply in replies if reply.code == CLOSING)


def _refusal(sender: _Reply, recipient: _Reply, data: _Reply) -> DeliveryFailed:
    if sender.code in TAKEN:
        return _failure(recipient if recipient.code not in TAKEN else data)
    if sender.code == TOO_LARGE:
        return _failure(sender)
    return CarrierShut(sender.words) if sender.code >= 500 else CarrierDown(sender.words)  # noqa: PLR2004


def _failure(reply: _Reply) -> DeliveryFailed:
    kind = FailureKind.PERMANENT if reply.code in ABOUT_THE_MESSAGE else FailureKind.TEMPORARY
    return DeliveryFailed(kind, reply.words)


def _not_let_in(error: Exception) -> CarrierDown:
    """Whether the server is not there, or there and will not have us; a password outside ASCII never reaches it."""
    refused = isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500  # noqa: PLR2004
    ours = isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError)
    if isinstance(error, UnicodeError):
        return CarrierShut("Hasło albo login w EBOK_EMAIL_URL ma znaki spoza ASCII")
    return CarrierShut(_in_words(error)) if refused or ours else CarrierDown(_in_words(error))


def _in_words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _Reply(error.smtp_code, said.encode() if isinstance(said, str) else said).words
    return str(error) or type(error).__name__
