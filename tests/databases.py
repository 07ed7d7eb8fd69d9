"""A database of one test alone, for processes that commit for real."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests import postgres


@contextmanager
def own_database(suffix: str) -> Iterator[str]:
    """The address of a migrated, empty database; it is gone afterwards."""
    template, server = postgres.prepare().template, os.environ["DATABASE_URL"]
    name = f"test_{os.getpid()}_{suffix}"
    with psycopg.connect(server, autocommit=True) as connection:
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(copied)
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
