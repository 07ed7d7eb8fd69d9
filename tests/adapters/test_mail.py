"""Every carrier of mail keeps the same contract."""

import email
import email.policy
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from hypothesis import given
from hypothesis import strategies as st

from ebok.adapters.mail import (
    Encryption,
    FakeTransport,
    FolderTransport,
    SmtpTransport,
    UnknownMailAddress,
    transport_for,
)
from ebok.adapters.mail.mime import as_bytes
from ebok.notifications.domain import Attachment, RenderedMessage, UnfitMessage
from ebok.notifications.ports import CarrierShut, DeliveryFailed, FailureKind, MessageTransport


def message(**changes: Any) -> RenderedMessage:
    values: dict[str, Any] = {
        "key": UUID(int=7),
        "recipient": "anna@example.com",
        "sender": "bok@opwik.example",
        "sender_name": "OPWiK eBOK",
        "subject": "Zażółć gęślą jaźń",
        "text": "Źdźbło\n",
        "html": "<p>Źdźbło</p>\n",
        "language": "pl",
        "queued_at": datetime(2026, 11, 22, 12, tzinfo=UTC),
    }
    return RenderedMessage(**(values | changes))


class Post:
    """An SMTP server's handler that answers as told and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.rcpt = "250 OK"
        self.data = "250 OK"
        self.connections = 0

    async def handle_HELO(self, server: Any, session: Any, envelope: Any, hostname: str) -> str:  # noqa: N802
        return "250 here"

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data.startswith("250"):
            self.taken.append(envelope.content)
        return self.data


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def smtp(port: int) -> SmtpTransport:
    return SmtpTransport(host="127.0.0.1", port=port, encryption=Encryption.NONE)


def read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def check(mail: EmailMessage) -> None:
    assert mail["Subject"] == "Zażółć gęślą jaźń"
    assert mail["Message-ID"] == "<00000000-0000-0000-0000-000000000007@opwik.example>"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == "Źdźbło\n"
    assert html.get_content().replace("\r\n", "\n") == "<p>Źdźbło</p>\n"


def test_the_folder_gets_one_readable_file_however_often_it_is_sent(tmp_path: Path) -> None:
    carrier: MessageTransport = FolderTransport(folder=tmp_path / "mail")
    carrier.send(message())
    carrier.send(message())
    carrier.close()
    [file] = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    check(read(file.read_bytes()))


def test_a_server_gets_many_messages_over_one_connection(post: tuple[Post, int]) -> None:
    handler, port = post
    carrier: MessageTransport = smtp(port)
    carrier.send(message())
    carrier.send(message())
    carrier.close()
    assert handler.connections == 1
    check(read(handler.taken[1]))


def test_the_fake_keeps_what_it_is_given() -> None:
    carrier = FakeTransport()
    carrier.send(message())
    carrier.close()
    assert [m.key for m in carrier.sent] == [UUID(int=7)]


@pytest.mark.parametrize(
    ("rcpt", "data", "kind"),
    [
        ("550 no such user", "250 OK", FailureKind.PERMANENT),
        ("451 later", "250 OK", FailureKind.TEMPORARY),
        ("250 OK", "554 not wanted", FailureKind.PERMANENT),
        ("250 OK", "452 full", FailureKind.TEMPORARY),
        ("421 closing", "250 OK", FailureKind.TEMPORARY),
    ],
)
def test_a_refusal_keeps_the_servers_words_and_its_kind(
    post: tuple[Post, int], rcpt: str, data: str, kind: FailureKind
) -> None:
    handler, port = post
    handler.rcpt, handler.data = rcpt, data
    carrier = smtp(port)
    with pytest.raises(DeliveryFailed) as failed:
        carrier.send(message())
    assert failed.value.kind is kind
    assert (rcpt if not rcpt.startswith("250") else data).split()[0] in failed.value.words
    handler.rcpt = handler.data = "250 OK"
    carrier.send(message())
    carrier.close()
    assert len(handler.taken) == 1


def test_a_server_that_is_down_is_a_temporary_failure() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(DeliveryFailed) as failed:
        smtp(port).send(message())
    assert failed.value.kind is FailureKind.TEMPORARY


@pytest.mark.parametrize(
    ("password", "words"), [("inne", "535"), ("zażółć", "spoza ASCII")], ids=["refused", "not in ascii"]
)
def test_a_sign_in_that_is_refused_or_cannot_be_said_is_ours_to_mend(password: str, words: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Post()
    server = Controller(
        handler, hostname="127.0.0.1", port=port, auth_require_tls=False,
        authenticator=lambda *_: AuthResult(success=False, handled=False),
    )  # fmt: skip
    server.start()
    try:
        carrier = SmtpTransport(host="127.0.0.1", port=port, user="ebok", password=password, encryption=Encryption.NONE)
        with pytest.raises(CarrierShut, match=words):
            carrier.send(message())
    finally:
        server.stop()
    assert handler.taken == []


def test_a_server_without_the_encryption_asked_for_is_ours_to_mend(post: tuple[Post, int]) -> None:
    with pytest.raises(CarrierShut):
        SmtpTransport(host="127.0.0.1", port=post[1], encryption=Encryption.STARTTLS).send(message())


def test_a_folder_that_cannot_be_written_is_a_temporary_failure(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(DeliveryFailed) as failed:
        FolderTransport(folder=tmp_path / "mail").send(message())
    assert failed.value.kind is FailureKind.TEMPORARY


@pytest.mark.parametrize("name", ["recipient", "sender", "sender_name", "subject", "language"])
@pytest.mark.parametrize("end", ["\r\nBcc: eve@example.com", "\n", "\r", "\x00", "\u2028"])
def test_a_line_break_never_reaches_a_header(name: str, end: str) -> None:
    with pytest.raises(UnfitMessage):
        message(**{name: "bok@opwik.example" + end})


def test_addresses_name_their_carriers() -> None:
    assert isinstance(transport_for("file:///srv/mail"), FolderTransport)
    plain = transport_for("smtp://anna:p%40ss@mail.example:2525?tls=none")
    assert isinstance(plain, SmtpTransport)
    assert (plain.host, plain.port, plain.user, plain.password) == ("mail.example", 2525, "anna", "p@ss")
    assert plain.encryption is Encryption.NONE
    default = transport_for("smtp://mail.example")
    assert isinstance(default, SmtpTransport)
    assert (default.port, default.encryption) == (587, Encryption.STARTTLS)
    wrapped = transport_for("smtps://mail.example?tls=none")
    assert isinstance(wrapped, SmtpTransport)
    assert (wrapped.port, wrapped.encryption) == (465, Encryption.TLS)
    for unknown in ("", "http://mail.example", "smtp://", "file:"):
        with pytest.raises(UnknownMailAddress):
            transport_for(unknown)


def test_a_message_says_its_language_and_that_a_machine_wrote_it() -> None:
    mail = read(as_bytes(message()))
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "pl")


PRINTABLE = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=400)


@given(
    text=TEXTS,
    subject=st.text(PRINTABLE, min_size=1, max_size=60),
    name=st.text(PRINTABLE, min_size=1, max_size=40),
    content=st.binary(max_size=500),
)
def test_what_we_write_is_what_the_standard_library_reads(text: str, subject: str, name: str, content: bytes) -> None:
    file = Attachment(name="faktura.pdf", media_type="application/pdf", content=content)
    written = as_bytes(message(text=text, html=text, subject=subject, sender_name=name, attachments=(file,)))
    assert written.isascii()
    assert max(map(len, written.split(b"\r\n"))) <= 998
    mail = email.message_from_bytes(written, policy=email.policy.compat32)
    said = [str(make_header(decode_header(mail[header]))) for header in ("Subject", "From")]
    assert said[0].split() == subject.split()
    assert said[1].endswith("<bok@opwik.example>")
    plain, html, attached = (part for part in mail.walk() if not part.is_multipart())
    lines = re.sub(r"\r\n|\r|\n", "\n", text)
    for part in (plain, html):
        assert bytes(part.get_payload(decode=True)).decode().replace("\r\n", "\n").rstrip("\n") == lines.rstrip("\n")
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("faktura.pdf", content)
