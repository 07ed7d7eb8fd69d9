"""A mail server on loopback that does what it is told: refuses, closes, hangs, dies."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from io import BufferedRWPair

CONTENT = "content"
"""The place after the whole message has come, before the server says whether it takes it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message the server said 250 to, or died with."""

    message_id: str
    recipient: str
    content: bytes


@dataclass
class StubServer:
    """`answers` by verb (MAIL, RCPT, DATA, content) override its 250; it hangs or dies at a verb, or is not there."""

    answers: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    """Recipients it answers with `answers["RCPT"]`; when empty, all of them."""
    hangs_at: str = ""
    dies_at: str = ""
    keeps_what_it_dies_with: bool = False
    pipelining: bool = True
    lax: bool = False
    """Whether it takes a content for nobody, as some do; whatever comes so is in `for_nobody`."""
    for_nobody: int = 0
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _listener: socket.socket | None = None
    _open: list[socket.socket] = field(default_factory=list)

    def up(self) -> None:
        """Listen, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def down(self) -> None:
        """Refuse connections, and drop those there are."""
        if self._listener is not None:
            # A thread that waits in accept keeps the port open until it is woken.
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.drop_connections()

    def drop_connections(self) -> None:
        """Close every connection as a restart does, and listen on."""
        while self._open:
            connection = self._open.pop()
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), connection.makefile("rwb") as stream:
            self._say(stream, self.answers.get("greeting", "220 stub"))
            recipient = ""
            while line := stream.readline():
                verb = line[:4].decode("ascii", "replace").strip().upper()
                if verb == "RCPT":
                    recipient = line.decode().partition("<")[2].partition(">")[0]
                    recipient = recipient if self._said(verb, recipient).startswith("250") else ""
                if not self._answer(stream, connection, verb, recipient):
                    return

    def _answer(self, stream: BufferedRWPair, connection: socket.socket, verb: str, recipient: str) -> bool:
        if verb == self.dies_at:
            self._die(connection)
            return False
        if verb == self.hangs_at:
            connection.recv(1)
            return False
        if verb == "EHLO":
            self._say(stream, *(["250-stub", "250-PIPELINING"] if self.pipelining else ["250-stub"]), "250 SIZE")
            return True
        if verb == "DATA" and not recipient and not self.lax:
            self._say(stream, "503 5.5.1 no valid recipients")
            return True
        if verb == "DATA" and self.answers.get("DATA", "354").startswith("354"):
            self._say(stream, "354 go on")
            return self._content(stream, connection, recipient)
        refused = verb == "RCPT" and not recipient
        self._say(stream, self.answers["RCPT"] if refused else self._said(verb, recipient))
        return verb != "QUIT"

    def _said(self, verb: str, recipient: str) -> str:
        if verb == "RCPT" and self.refused and recipient not in self.refused:
            return "250 ok"
        return self.answers.get(verb, "221 bye" if verb == "QUIT" else "250 ok")

    def _content(self, stream: BufferedRWPair, connection: socket.socket, recipient: str) -> bool:
        lines = []
        while (line := stream.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        content = b"".join(lines)
        if self.hangs_at == CONTENT:
            connection.recv(1)
            return False
        if not recipient:
            self.for_nobody += 1
            self._say(stream, "554 5.5.1 no valid recipients")
            return True
        taken = Taken(str(BytesHeaderParser().parsebytes(content)["Message-ID"]), recipient, content)
        answer = self.answers.get(CONTENT, f"250 2.0.0 Ok: queued as {len(self.taken):06X}")
        if self.dies_at == CONTENT:
            self.taken += [taken] if self.keeps_what_it_dies_with else []
            self._die(connection)
            return False
        self.taken += [taken] if answer.startswith("250") else []
        self._say(stream, answer)
        return True

    @staticmethod
    def _die(connection: socket.socket) -> None:
        connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _say(stream: BufferedRWPair, *lines: str) -> None:
        stream.write("".join(f"{line}\r\n" for line in lines).encode())
        stream.flush()


@contextmanager
def stub_server() -> Iterator[StubServer]:
    """A server that is up until told otherwise."""
    server = StubServer()
    server.up()
    try:
        yield server
    finally:
        server.down()
