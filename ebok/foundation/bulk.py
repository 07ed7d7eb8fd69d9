"""Bulk writes by PostgreSQL COPY. The one module besides migrations with SQL of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, cast

from django.db import connection, models
from psycopg import sql

from ebok.foundation.locks import Lock
from ebok.foundation.lookups import array_literal


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY `rows` into the model's table; `columns` are database column names. Returns how many."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def reserve_ids(model: type[models.Model], count: int) -> range | list[int]:
    """Take `count` values from the model's identity sequence, so that rows can refer to each other before COPY."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(name) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) AS s,"
            " generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def lock_key(key: Lock) -> None:
    """Hold the advisory lock `key` until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.value])


@contextmanager
def alone_with(key: Lock) -> Iterator[bool]:
    """Hold the advisory lock `key` for the body, over any number of transactions, and say whether it was free.

    Nobody waits: where another session holds it the body is told False. It is freed also when this process dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key.value])
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key.value])


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set `columns` of the rows named by the first value of each row, their id, in one UPDATE."""
    table, staged = sql.Identifier(model._meta.db_table), sql.Identifier("ebok_staged_update")
    names = [sql.Identifier(column) for column in columns]
    listed = sql.SQL(", ").join([sql.Identifier("id"), *names])
    assignments = sql.SQL(", ").join(sql.SQL("{0} = staged.{0}").format(name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} AS SELECT {} FROM {} WITH NO DATA").format(staged, listed, table)
        )
        with cursor.cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(staged, listed)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            sql.SQL("UPDATE {} SET {} FROM {} AS staged WHERE {}.id = staged.id").format(
                table, assignments, staged, table
            )
        )
        cursor.execute(sql.SQL("DROP TABLE {}").format(staged))


def rows_with_keys(
    model: type[models.Model],
    key: Sequence[str],
    keys: Iterable[Sequence[Any]],
    columns: Sequence[str],
    *,
    where_null: str,
) -> list[tuple[Any, ...]]:
    """Return `columns` of the rows whose `key` columns equal one of `keys` and whose `where_null` is null."""
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    arrays = sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(_element(types[name]))) for name in key)
    names = [sql.Identifier(name) for name in key]
    # One index look-up for each key, whatever the planner believes of a table that is just being filled.
    query = sql.SQL(
        "SELECT t.* FROM unnest({}) AS k ({}) CROSS JOIN LATERAL"
        " (SELECT {} FROM {} AS found WHERE {} AND found.{} IS NULL OFFSET 0) AS t"
    ).format(
        arrays,
        sql.SQL(", ").join(names),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.Identifier(model._meta.db_table),
        sql.SQL(" AND ").join(sql.SQL("found.{0} = k.{0}").format(name) for name in names),
        sql.Identifier(where_null),
    )
    values = [array_literal(column) for column in zip(*keys, strict=True)]
    if not values:
        return []
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _element(db_type: str | None) -> LiteralString:
    """The array element type for a key column; only these kinds make keys."""
    kind = (db_type or "").split("(")[0]
    return {"bigint": "bigint", "date": "date", "varchar": "text"}[kind]


def count_up(model: type[models.Model], *, key: Mapping[str, Any], column: str, others: Mapping[str, Any]) -> int:
    """Add one to `column` of the row that `key` names, making it (with `others`) when absent. Returns the new count.

    One statement: any number of processes may count the same row at once.
    """
    columns = [*key, *others, column]
    statement = sql.SQL(
        "INSERT INTO {table} AS t ({columns}) VALUES ({values}) ON CONFLICT ({key}) "
        "DO UPDATE SET {column} = t.{column} + 1 RETURNING {column}"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
        key=sql.SQL(", ").join(map(sql.Identifier, key)),
        column=sql.Identifier(column),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*key.values(), *others.values(), 1])
        return int(cursor.fetchone()[0])


def tables_with_trigger(name: str) -> set[str]:
    """Return the tables on which the trigger `name` is enabled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s AND tgenabled IN ('O', 'A')", [name]
        )
        return {row[0] for row in cursor.fetchall()}


def insert_new(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert the rows that break no unique constraint, in one statement; the others are there already.

    Returns how many were inserted.
    """
    values = [list(column) for column in zip(*rows, strict=True)]
    if not values:
        return 0
    types = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    arrays = [sql.SQL("%s::{}[]").format(sql.SQL(cast("LiteralString", types[name]))) for name in columns]
    statement = sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({}) ON CONFLICT DO NOTHING").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(arrays),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def call(function: str, *values: Any) -> Any:
    """Call a function that a migration made, in one round trip. Returns what it returns."""
    statement = sql.SQL("SELECT {}({})").format(
        sql.Identifier(function), sql.SQL(", ").join([sql.Placeholder()] * len(values))
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
