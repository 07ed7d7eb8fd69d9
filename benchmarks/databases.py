"""Databases of a benchmark: a migrated one, copies of it, and the bare COPY of what an import wrote.

On the server of `DATABASE_URL`, or on an embedded one of their own in `var/bench`.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT: Final = Path(__file__).resolve().parent.parent
SETTINGS: Final = {
    "EBOK_DEMO": "1",
    "EBOK_SECRET_KEY": "bench-only-" + "s" * 64,
    "EBOK_HMAC_KEY": "bench-only-" + "h" * 64,
    "EBOK_CONFIG": os.devnull,
    "DJANGO_SETTINGS_MODULE": "ebok.config.settings",
}
_PREFIX: Final = "bench"
# A trigger on another table writes these rows, in both sides alike.
_FILLED_BY_TRIGGERS: Final = frozenset({"audit_unsealedrow"})

Rows = Mapping[str, bytes]
"""Rows of tables, each in the binary format of COPY."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database of the benchmark's server."""

    name: str

    @property
    def url(self) -> str:
        """Its address."""
        return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}"))

    def copy(self, suffix: str) -> "Database":
        """A new database with the same bytes; an older one of that name is dropped."""
        return _create(f"{_PREFIX}_{os.getpid()}_{suffix}", template=self.name)

    def use(self) -> None:
        """Let Django work on this database from now on."""
        from django.db import connections

        connections.close_all()
        connections["default"].settings_dict["NAME"] = self.name

    def release(self) -> None:
        """Close Django's connections to it."""
        release()


@contextmanager
def migrated(data: Path) -> Iterator[Database]:
    """A database with the present tables and nothing in them; `data` keeps what eBOK writes besides."""
    os.environ |= SETTINGS | {"EBOK_DATA": str(data)}
    with server():
        import django
        from django.core.management import call_command

        django.setup()
        base = _create(f"{_PREFIX}_{os.getpid()}_base", template="template1")
        try:
            base.use()
            call_command("migrate", verbosity=0)
            release()
            yield base
        finally:
            release()
            _drop_ours()


def release() -> None:
    """Close Django's connections, so that the database can be copied."""
    from django.db import connections

    connections.close_all()


@contextmanager
def server() -> Iterator[None]:
    """The server of `DATABASE_URL`; without one an embedded server, whose databases stay for the next run."""
    if "DATABASE_URL" in os.environ:
        yield
        return
    from ebok.config import postgres

    folder = ROOT / "var" / "bench" / "postgres"
    os.environ["DATABASE_URL"] = postgres.url_of(folder)
    lease = postgres.ensure(folder=folder)
    try:
        yield
    finally:
        # The next one in this process has to start the server again.
        del os.environ["DATABASE_URL"]
        lease.release()


def _create(name: str, *, template: str) -> Database:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return Database(name=name)


def _drop_ours() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        ours = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{_PREFIX}\\_{os.getpid()}\\_%"]
        )
        for (name,) in ours.fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def new_rows(*, before: Database, after: Database) -> Rows:
    """The rows of every table that `after`, a copy of `before`, has got since, as they lie there."""
    with psycopg.connect(before.url) as old, psycopg.connect(after.url) as new:
        tables = new.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        ours = sorted(table for (table,) in tables if table not in _FILLED_BY_TRIGGERS)
        return {table: rows for table in ours if (rows := _since(old, new, table))}


def _since(old: psycopg.Connection, new: psycopg.Connection, table: str) -> bytes:
    name = sql.Identifier(table)
    row = old.execute(sql.SQL("SELECT coalesce(max(ctid), '(0,0)')::text FROM {}").format(name)).fetchone()
    assert row is not None
    query = sql.SQL("SELECT * FROM {} WHERE ctid > {}::tid").format(name, sql.Literal(row[0]))
    found = new.execute(sql.SQL("SELECT EXISTS ({})").format(query)).fetchone()
    if found is None or not found[0]:
        return b""
    with new.cursor() as cursor, cursor.copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(query)) as copy:
        return b"".join(bytes(part) for part in copy)


def copy_in(database: Database, rows: Rows) -> None:
    """COPY the rows into the same indexed tables of another database, in one transaction."""
    with psycopg.connect(database.url) as connection, connection.cursor() as cursor:
        for table, data in rows.items():
            statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
            with cursor.copy(statement) as copy:
                copy.write(data)


def against_copy(
    *, base: Database, ours: Callable[[], object], bare: Callable[[Database, Rows], object], rounds: int
) -> tuple[float, float]:
    """Time an import and its bare limit in turn, each on its own fresh copy of `base`; the median seconds."""
    import statistics

    from benchmarks.bench import seconds

    times = []
    for _ in range(rounds):
        release()
        first, second = base.copy("ours"), base.copy("bare")
        first.use()
        spent = seconds(ours)
        release()
        rows = new_rows(before=base, after=first)
        times.append((spent, seconds(lambda: bare(second, rows))))  # noqa: B023 - called at once
    return statistics.median(t for t, _ in times), statistics.median(t for _, t in times)
