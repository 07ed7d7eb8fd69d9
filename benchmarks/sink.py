"""A mail server that takes everything at once and writes down each Message-ID: the far end of what sends mail.

`python -m benchmarks.sink FILE` prints its port and serves until it is killed.
"""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.databases import ROOT

_ID: Final = re.compile(rb"^Message-ID: <([^@>]+)@", re.IGNORECASE | re.MULTILINE)
_RECIPIENT: Final = re.compile(rb"^To: (\S+)", re.MULTILINE)
_END: Final = b"\r\n.\r\n"
_CHUNK: Final = 1 << 18
_HEADERS: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """A sink that runs: its port, and the file with what it took."""

    port: int
    log: Path

    def taken(self) -> list[tuple[str, str]]:
        """The Message-ID (without the host) and recipient of each message taken, in order."""
        lines = self.log.read_text("ascii").splitlines() if self.log.exists() else []
        return [(name, recipient) for name, _, recipient in (line.partition(" ") for line in lines)]


@contextmanager
def sink(log: Path) -> Iterator[Sink]:
    """A sink in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.sink", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Sink(port=int(process.stdout.readline()), log=log)
        finally:
            process.kill()


class _Conversation:
    """One connection: what came and was not yet looked at."""

    def __init__(self, connection: socket.socket, log: int) -> None:
        self.connection, self.log, self.rest = connection, log, b""

    def serve(self) -> None:
        """Answer until the other side has gone."""
        self.connection.sendall(b"220 sink\r\n")
        while (line := self._line()) is not None:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.connection.sendall(b"354 go on\r\n")
                self._content()
            elif verb == b"EHLO":
                self.connection.sendall(b"250-sink\r\n250-PIPELINING\r\n250 SIZE\r\n")
            else:
                self.connection.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    def _line(self) -> bytes | None:
        while (at := self.rest.find(b"\r\n")) < 0:
            if not (more := self.connection.recv(_CHUNK)):
                return None
            self.rest += more
        line, self.rest = self.rest[:at], self.rest[at + 2 :]
        return line

    def _content(self) -> None:
        content = bytearray(self.rest)
        while (at := content.find(_END, max(0, len(content) - _CHUNK - len(_END)))) < 0:
            if not (more := self.connection.recv(_CHUNK)):
                return
            content += more
        self.rest = bytes(content[at + len(_END) :])
        head = bytes(content[:_HEADERS])
        name, recipient = _ID.search(head), _RECIPIENT.search(head)
        line = b"%b %b\n" % (name.group(1) if name else b"?", recipient.group(1) if recipient else b"?")
        # On record before it is said to be taken, in one write: nothing acknowledged is missing from the file.
        os.write(self.log, line)
        self.connection.sendall(b"250 2.0.0 Ok: queued\r\n")


def main() -> None:
    """Listen on any port, print it, serve."""
    log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_Conversation(connection, log).serve, daemon=True).start()


if __name__ == "__main__":
    main()
