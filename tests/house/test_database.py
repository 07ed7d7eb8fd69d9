"""Guards what every room does with the database: it is PostgreSQL, locks have names, insert-only tables stay so."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from ebok.foundation.locks import Lock

PACKAGE = Path(__file__).resolve().parents[2] / "ebok"


@pytest.mark.django_db
def test_the_tests_run_on_postgresql_in_a_database_of_their_own() -> None:
    assert connection.vendor == "postgresql"
    assert connection.settings_dict["NAME"].startswith("test_")


def locked() -> Iterator[tuple[str, str]]:
    """Where an advisory lock is taken, and by which key, as written."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "bulk.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "lock_key":
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
