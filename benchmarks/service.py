"""The product as it serves in production, on loopback, with somebody signed in; and a client that only asks."""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.databases import ROOT, Database
from benchmarks.size import Sized

if TYPE_CHECKING:
    from ebok.access.models import User

COOKIE: Final = "__Host-ebok-session"
START_SECONDS: Final = 60
ANSWER_SECONDS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running server."""

    port: int


@contextmanager
def served(sized: Sized, *, data: Path) -> Iterator[Service]:
    """Serve one of the utilities with the settings of production and the comparison pages beside."""
    more = {"EBOK_UTILITY_IBANS": sized.plan.own_nrb, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    with serving(sized.database, data=data, workers=2, **more) as service:
        yield service


@contextmanager
def serving(database: Database, *, data: Path, workers: int, **more: str) -> Iterator[Service]:
    """Serve a database with the settings of production, and others by name."""
    from ebok.config.serving import children

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = os.environ | {
        "EBOK_DEMO": "0",
        "EBOK_PUBLIC_URL": "https://localhost",
        "EBOK_DATA": str(data),
        "EBOK_FIELD_KEYS": f"k1:{secrets.token_urlsafe(32)}",
        "EBOK_LOG_LEVEL": "WARNING",
        "DATABASE_URL": database.url,
        **more,
    }
    (web,) = children(host="127.0.0.1", port=port, workers=workers, no_worker=True)
    subprocess.run(
        [web.command[0], "-m", "django", "collectstatic", "--no-input", "-v0"], env=environ, cwd=ROOT, check=True
    )
    process = subprocess.Popen(list(web.command), env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield Service(port=port)
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            visitor = Visitor(port=port)
            visitor.get("/zdrowie/")
            visitor.close()
        except OSError:
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.1)
        else:
            return


class Visitor:
    """One kept connection, and the cookie of whoever is signed in. Costs next to nothing, so that the page is seen."""

    def __init__(self, *, port: int, session: str = "") -> None:
        cookie = f"Cookie: {COOKIE}={session}\r\n" if session else ""
        self._rest = f" HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n{cookie}\r\n"
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> bytes:
        """Return the body of a page, which must be there."""
        self._socket.sendall(f"GET {path}{self._rest}".encode())
        answer = self._socket.recv(65536)
        head, found, body = answer.partition(b"\r\n\r\n")
        while not found:
            answer += self._more()
            head, found, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        parts, left = [body], length - len(body)
        while left > 0:
            parts.append(self._more())
            left -= len(parts[-1])
        return b"".join(parts)

    def _more(self) -> bytes:
        more = self._socket.recv(65536)
        if not more:
            raise ConnectionError("the server closed the connection")
        return more

    def seconds(self, path: str) -> float:
        """How long one page takes."""
        start = time.perf_counter()
        self.get(path)
        return time.perf_counter() - start

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def signed_in(*, account: int) -> str:
    """Sign somebody in who sees this one account; returns the key of the session. Django must use the database."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    user = _owner(account)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    assert session.session_key is not None
    return session.session_key


def _owner(account: int) -> "User":
    from ebok.access.models import Grant, User
    from ebok.foundation import clock

    now = clock.now()
    user, made = User.objects.get_or_create(
        username=f"bench{account}", defaults={"full_name": "Żegota Sówka", "created_at": now}
    )
    if made:
        Grant.objects.create(
            user=user, account_id=account, role="owner", starts_on=date(2020, 1, 1), ground="umowa",
            given_by="bench", given_at=now,
        )  # fmt: skip
    return user
