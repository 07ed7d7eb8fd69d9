"""The parts of `ebok serve`: is the port free, what to start, is it up, is the database still there."""

import http.client
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from ebok.config import postgres
from ebok.config.supervisor import POLL_SECONDS, Child, Supervisor

PORT_SECONDS: Final = 3
"""How long to wait for a port that the last run is just giving back."""
READY_SECONDS: Final = 60
REVIVE_SECONDS: Final = 1
LOGGING: Final = Path(__file__).with_name("granian-logging.json")
PORTS: Final = range(1, 65_536)
log = structlog.get_logger(__name__)


class PortTaken(Exception):
    """Another program listens there, or this one may not; the text is a Polish sentence."""


class NoPort(ValueError):
    """What was given is no port; the text is a Polish sentence."""


def port_of(text: str) -> int:
    """Return the port that the text names.

    :raises NoPort: when it is not a number from 1 to 65535.
    """
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(PORTS[-1]))
    if not (digits and int(text) in PORTS):
        raise NoPort(
            f"Port to liczba od 1 do {PORTS[-1]}, a nie „{text}”. Podaj inny, na przykład: make run PORT=8123."
        )
    return int(text)


def probe(*, host: str, port: int) -> None:
    """Make sure that nobody listens there: granian itself would share the port silently.

    :raises PortTaken: when the port cannot be had.
    """
    deadline = time.monotonic() + PORT_SECONDS
    while True:
        try:
            _bind(host, port)
        except OSError as error:
            if time.monotonic() > deadline:
                raise PortTaken(
                    f"Port {port} jest zajęty albo niedostępny. Zwolnij go lub wybierz inny, na przykład: "
                    "make run PORT=8123."
                ) from error
            time.sleep(POLL_SECONDS)
        else:
            return


def _bind(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe_socket:
        probe_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe_socket.bind((host, port))


def children(*, host: str, port: int, workers: int, no_worker: bool) -> list[Child]:
    """The processes to keep running."""
    web = [
        sys.executable, "-m", "ebok.config.web", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "1", "--respawn-failed-workers",
        "--workers-kill-timeout", "10", "--no-ws",
        "--log-level", "warning", "--log-config", str(LOGGING), "ebok.config.wsgi:application",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "django", "worker"]
    return [Child(name="web", command=web), *([] if no_worker else [Child(name="worker", command=worker)])]


def wait_until_ready(supervisor: Supervisor, *, host: str, port: int) -> bool:
    """Start the children and wait until the web answers. Returns False when it does not come up."""
    deadline = time.monotonic() + READY_SECONDS
    while not supervisor.stopping:
        supervisor.look_after()
        if _answers(host, port):
            return True
        if time.monotonic() > deadline:
            supervisor.end()
            return False
        time.sleep(POLL_SECONDS)
    return True


def _answers(host: str, port: int) -> bool:
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(here, port, timeout=5)
    try:
        connection.request("GET", "/zdrowie/", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def kept_alive(url: str, *, data: Path) -> Iterator[Callable[[], None]]:
    """Give a function that starts the embedded server again when it died; for another database it does nothing."""
    folder = postgres.folder_of(data)
    if url != postgres.url_of(folder):
        yield lambda: None
        return
    lease = postgres.ensure(folder=folder)

    def revive() -> None:
        if lease.revive():
            log.error("database_restarted")

    try:
        yield revive
    finally:
        lease.release()


@dataclass(slots=True, kw_only=True)
class Rounds:
    """What the supervisor does in every round besides its children."""

    revive: Callable[[], None]
    parent: int | None
    stop: Callable[[], None] = lambda: None
    due: float = 0.0

    def __call__(self) -> None:
        """Stop when the parent is gone; once a second see that the database is there."""
        if self.parent is not None and os.getppid() != self.parent:
            self.stop()
            return
        now = time.monotonic()
        if now >= self.due:
            self.revive()
            self.due = now + REVIVE_SECONDS
