"""Many questions about one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg import IsolationLevel


@contextmanager
def one_moment() -> Iterator[None]:
    """Answer every query of the block from the database as it was at the first one; nothing can be written.

    Not within a transaction: what that has seen already cannot be taken back.

    :raises django.db.ProgrammingError: inside a transaction.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        connection.connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.connection.read_only = True
    try:
        with transaction.atomic():
            yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            connection.connection.isolation_level = connection.connection.read_only = None
