"""What the tables hold: a quick mark that moves with every change, and a digest two databases can be compared by."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.rows import dict_row

ROOMS: Final = (
    "customers_", "metering_", "billing_", "payments_", "interchange_", "documents_", "access_", "einvoicing_",
)  # fmt: skip
# Rows of these never change and never go, so their newest key tells everything.
INSERT_ONLY: Final = frozenset(
    {
        "billing_allocation", "billing_invoice", "billing_invoicecorrection", "billing_ledgerentry",
        "billing_ksefregistration", "billing_suppliedpdf", "billing_balancecomparison", "documents_storeddocument",
        "metering_readingacceptance", "payments_bankstatement", "payments_statementmovement",
        "payments_matchedmovement", "interchange_takenrows",
    }
)  # fmt: skip
# What depends on how the work was cut into batches and runs, not on what was taken.
_OF_THE_RUN: Final = frozenset({"interchange_takenrows"})
_COUNTS_OF_THE_RUN: Final = {
    "interchange_importedfile": frozenset({"name", "rows", "new", "changed", "parked"}),
    "einvoicing_invoicetransmission": frozenset({"token"}),
}
"""And what is random on purpose."""

Mark = tuple[str, ...]
Row = dict[str, Any]


def tables() -> list[str]:
    """Every table of the rooms that imports write."""
    with connection.cursor() as cursor:
        return sorted(name for name in connection.introspection.table_names(cursor) if name.startswith(ROOMS))


class Marks:
    """Reads a mark of all tables in one query: newest keys; where rows may change, also their count and last writer."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            self.query = "SELECT " + ", ".join(_mark_of(cursor, name) for name in tables())

    def now(self) -> Mark:
        """The present mark; an equal one means that no row came, went or changed."""
        with connection.cursor() as cursor:
            cursor.execute(self.query)
            return tuple(map(str, cursor.fetchone()))


def _mark_of(cursor: Any, table: str) -> str:
    (key,) = connection.introspection.get_primary_key_columns(cursor, table)
    newest = f"max({connection.ops.quote_name(key)})"
    mark = newest if table in INSERT_ONLY else f"count(*) || ':' || coalesce(max(xmin::text::bigint), 0) || {newest}"
    return f"(SELECT coalesce(({mark})::text, '') FROM {connection.ops.quote_name(table)})"  # noqa: S608 - own catalogue


def digests(url: str) -> dict[str, str]:
    """A digest of every table that says what its rows mean: without ids, times, and how the work was cut up.

    A reference counts as the row it points to. Two databases that were given the same have the same digests.
    """
    with psycopg.connect(url) as connected:
        content = _Content(connected)
    return {name: content.digest(name) for name in content.rows if name not in _OF_THE_RUN}


def kept_documents(url: str) -> int:
    """How many documents the database says are kept."""
    with psycopg.connect(url) as connected:
        row = connected.execute("SELECT count(*) FROM documents_storeddocument").fetchone()
    assert row is not None
    return int(row[0])


_KEYS: Final = """
    SELECT c.contype::text, c.conrelid::regclass::text, a.attname::text, c.confrelid::regclass::text
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype IN ('p', 'f') AND c.connamespace = 'public'::regnamespace ORDER BY 2
"""


class _Content:
    """The rows of all tables, each hashed together with the rows it refers to."""

    def __init__(self, connected: psycopg.Connection) -> None:
        self.rows: dict[str, dict[Any, Row]] = {}
        self.references: dict[str, dict[str, str]] = defaultdict(dict)
        self.hashes: dict[tuple[str, Any], str] = {}
        for kind, table, column, target in connected.execute(_KEYS).fetchall():
            if table.startswith(ROOMS) and kind == "p":
                self.rows[table] = _rows(connected, table, column)
            elif table.startswith(ROOMS):
                self.references[table][column] = target

    def digest(self, table: str) -> str:
        hashes = sorted(self._hash(table, key) for key in self.rows[table])
        return f"{len(hashes)}:{hashlib.sha256(''.join(hashes).encode()).hexdigest()[:16]}"

    def _hash(self, table: str, key: Any) -> str:
        if (table, key) not in self.hashes:
            text = repr(list(self._meaning(table, self.rows[table][key])))
            self.hashes[table, key] = hashlib.sha256(text.encode()).hexdigest()
        return self.hashes[table, key]

    def _meaning(self, table: str, row: Row) -> Iterator[tuple[str, Any]]:
        references, left_out = self.references[table], _COUNTS_OF_THE_RUN.get(table, frozenset())
        for name, value in row.items():
            target = references.get(name)
            if target in self.rows and value is not None:
                yield name, self._hash(target, value)
            elif name not in left_out and not _is_of_this_database(name, value):
                yield name, bytes(value) if isinstance(value, memoryview) else value


def _rows(connected: psycopg.Connection, table: str, key: str) -> dict[Any, Row]:
    query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
    with connected.cursor(row_factory=dict_row) as cursor:
        return {row[key]: row for row in cursor.execute(query)}


def _is_of_this_database(name: str, value: Any) -> bool:
    return name == "id" or name.endswith("_at") or (name.endswith("_id") and isinstance(value, int))
