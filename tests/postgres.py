"""The database of the tests: one server for every run on this machine, one database for every process.

Loaded by `-p tests.postgres` before Django reads its settings. The server starts with the first test that
needs a database and stops with the last process that uses it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from subprocess import run
from sys import executable
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from ebok.config import postgres

ROOT = Path(__file__).resolve().parent.parent
SERVER = ROOT / "var" / "test" / "postgres"
TEMPLATE_LOCK = 7_100_001
TEMPLATES_KEPT = 3
DEFAULTS = {
    "EBOK_DEMO": "1",
    "EBOK_SECRET_KEY": "tests-only-" + "s" * 64,
    "EBOK_HMAC_KEY": "tests-only-" + "h" * 64,
    "EBOK_PUBLIC_URL": "http://localhost:8000",
    "EBOK_CONFIG": os.devnull,
    "DJANGO_SETTINGS_MODULE": "ebok.config.settings",
}
HELD: list[postgres.Lease] = []
SCRATCH = Path(tempfile.mkdtemp(prefix="ebok-test-"))

GIVEN = os.environ.get("DATABASE_URL")
os.environ.update(DEFAULTS)
os.environ["EBOK_DATA"] = str(SCRATCH)
os.environ["DATABASE_URL"] = GIVEN or postgres.url_of(SERVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestDatabase:
    """Where this process keeps its database, and what it is copied from."""

    name: str
    template: str


@cache
def prepare() -> TestDatabase:
    """Start the server if need be and make the template of the present migrations; once in a process.

    What earlier processes of our number left is dropped: a second time that would be our own.
    """
    if GIVEN is None and not HELD:
        HELD.append(postgres.ensure(folder=SERVER))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        if GIVEN is None:
            _settle_for_speed(connection)
        _drop_left_behind(connection)
        return TestDatabase(name=f"test_{os.getpid()}", template=_template(connection))


def pytest_unconfigure() -> None:
    """Give the server back and remove what the run wrote."""
    while HELD:
        HELD.pop().release()
    shutil.rmtree(SCRATCH, ignore_errors=True)


def _settle_for_speed(connection: psycopg.Connection) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
    connection.execute("ALTER SYSTEM SET max_connections = 300")
    connection.execute("SELECT pg_reload_conf()")


def _drop_left_behind(connection: psycopg.Connection) -> None:
    """Drop the databases of runs that were killed."""
    for (name,) in connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_[0-9]+'").fetchall():
        pid = name.split("_")[1]
        if not Path("/proc", pid).exists() or pid == str(os.getpid()):
            _drop(connection, name)


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _template(connection: psycopg.Connection) -> str:
    name = f"template_{_fingerprint()[:16]}"
    with _alone(connection):
        if _exists(connection, name):
            return name
        _drop_old_templates(connection)
        # Made under another name first, so that a killed run leaves no half-made template.
        draft = f"draft_{name}"
        _drop(connection, draft)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
        _migrate(draft)
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
        )
    return name


def _fingerprint() -> str:
    """Tell one state of the tables from another: the bytes of every migration and of the lock."""
    digest = sha256()
    for path in [*sorted(ROOT.glob("ebok/*/migrations/*.py")), ROOT / "requirements.lock"]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _alone(connection: psycopg.Connection) -> Iterator[None]:
    connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _drop_old_templates(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%' AND NOT datistemplate ORDER BY oid DESC"
    )
    for (name,) in rows.fetchall()[TEMPLATES_KEPT - 1 :]:
        _drop(connection, name)


def _migrate(database: str) -> None:
    address = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))
    command = [executable, "-m", "django", "migrate", "--verbosity", "0"]
    done = run(
        command, env=os.environ | {"DATABASE_URL": address}, capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode:
        raise pytest.UsageError(f"migrate failed:\n{done.stderr}")
