"""Guards what every room does with the database: it is PostgreSQL, locks have names, insert-only tables stay so."""

import ast
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from ebok.foundation.insert_only import InsertOnly, unguarded_tables
from ebok.foundation.locks import Lock
from tests.databases import own_database

PACKAGE = Path(__file__).resolve().parents[2] / "ebok"
LOCKING = frozenset({"lock_key", "alone_with"})


@pytest.mark.django_db
def test_the_tests_run_on_postgresql_in_a_database_of_their_own() -> None:
    assert connection.vendor == "postgresql"
    assert connection.settings_dict["NAME"].startswith("test_")


@pytest.mark.django_db
def test_a_database_of_one_test_leaves_that_of_the_run_in_its_place() -> None:
    with own_database("beside") as url, psycopg.connect(url) as beside:
        asked = "SELECT count(*) FROM pg_database WHERE datname = %s"
        assert beside.execute(asked, [connection.settings_dict["NAME"]]).fetchone() == (1,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (connection.settings_dict["NAME"],)


def locked() -> Iterator[tuple[str, str]]:
    """Where an advisory lock is taken, and by which key, as written."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "bulk.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in LOCKING:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", ast.unparse(node.args[0])


def test_every_advisory_lock_is_taken_by_a_name_of_its_own() -> None:
    names = {f"Lock.{lock.name}" for lock in Lock.__members__.values()}
    taken = list(locked())
    assert [where for where, key in taken if key not in names] == []
    assert {key for _, key in taken} | {"Lock.TABLES"} == names
    assert len({lock.value for lock in Lock}) == len(Lock.__members__)
    modules = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    written = {name for name, text in modules.items() if "pg_advisory" in text}
    assert written == {"foundation/bulk.py", "config/postgres.py"}


def test_a_model_that_calls_itself_insert_only_is_marked_so() -> None:
    told = {model.__name__ for model in apps.get_models() if "insert-only" in (model.__doc__ or "").casefold()}
    marked = {model.__name__ for model in apps.get_models() if issubclass(model, InsertOnly)}
    assert told == marked
    assert {"AuditRow", "LedgerEntry", "MatchedMovement", "TakenRows", "ReadingAcceptance", "StoredDocument"} <= marked


@pytest.mark.django_db
def test_every_insert_only_table_is_guarded() -> None:
    assert unguarded_tables() == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", [model for model in apps.get_models() if issubclass(model, InsertOnly)])
def test_an_insert_only_table_cannot_be_emptied(model: type[InsertOnly]) -> None:
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


@pytest.mark.django_db
def test_a_guard_that_is_switched_off_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE interchange_takenrows DISABLE TRIGGER insert_only_rows")
    assert unguarded_tables() == [("interchange_takenrows", "insert_only_rows")]
