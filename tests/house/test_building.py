"""Guards the building itself: who may open what, what may stand where, how big it may grow."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from procrastinate.contrib.django import app

from ebok.foundation.background import Job
from ebok.web.rules import AccessRule, rule_of

PACKAGE = Path(__file__).resolve().parents[2] / "ebok"
MAX_FUNCTION_LINES = 40
MEDIAN_FUNCTION_LINES = 8
MAX_MODULE_LINES = 300
LAYERS = (
    "kernel", "foundation", "audit", "documents", "customers", "terms", "notifications", "access", "metering",
    "billing", "payments einvoicing", "cases outages", "enrolment", "interchange", "privacy", "web",
    "portal office api jobs adapters", "config",
)  # fmt: skip
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms.split()}
MAY_SEE_EVERYTHING = ("jobs", "interchange")
MAY_WRITE_SQL = frozenset({"foundation/bulk.py", "config/postgres.py"})
MAY_WRITE_HTML = frozenset({"web/icons.py", "web/charts.py", "web/qr.py"})
RAW_HTML = frozenset({"mark_safe", "SafeString", "SafeText"})
RAW_SQL = frozenset({"raw", "extra", "RawSQL"})


@cache
def sources() -> dict[str, ast.Module]:
    """Every module by its path below the package, migrations left out."""
    paths = (path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts)
    return {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def functions() -> Iterator[tuple[str, int]]:
    for name, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name}:{node.lineno} {node.name}", _lines(node)


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines of a function do something: its docstring does not."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def called(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that is called, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            target = node.func
            yield node.lineno, target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views(entry, route)
        elif isinstance(entry, URLPattern):
            yield f"/{route}", entry.callback


def test_every_address_declares_who_may_open_it() -> None:
    undeclared = [route for route, view in views(get_resolver()) if not isinstance(rule_of(view), AccessRule)]
    assert undeclared == []


def test_every_job_a_room_declares_has_a_task() -> None:
    assert set(Job.declared) - set(app.tasks) == set()


def test_nothing_looks_up_the_house_even_for_types() -> None:
    upward = []
    for name, tree in sources().items():
        level = LEVEL.get(name.split("/", 1)[0], len(LAYERS))
        for line, imported in imports(tree):
            parts = imported.split(".")
            if parts[0] == "ebok" and len(parts) > 1 and LEVEL.get(parts[1], 0) > level:
                upward.append(f"{name}:{line} {imported}")
    assert upward == []


def test_only_jobs_and_interchange_see_every_customer() -> None:
    pattern = re.compile(r"CustomerScope\.whole\(")
    seen = [name for name in sources() if pattern.search((PACKAGE / name).read_text("utf-8"))]
    assert [name for name in seen if not name.startswith(MAY_SEE_EVERYTHING)] == []


@pytest.mark.parametrize(
    ("maker", "rooms"), [("for_proof", ("enrolment/",)), ("for_staff", ("office/",))], ids=["proofs", "the office"]
)
def test_scopes_of_many_customers_are_made_where_they_are_asked_for(maker: str, rooms: tuple[str, ...]) -> None:
    seen = [
        f"{name}:{line}"
        for name, tree in sources().items()
        for line, what in called(tree)
        if what == maker and not name.startswith(rooms)
    ]
    assert seen == []


def test_sql_is_written_in_one_place() -> None:
    found = [
        f"{name}:{line} {what}"
        for name, tree in sources().items()
        if name not in MAY_WRITE_SQL
        for line, what in called(tree)
        if what in RAW_SQL or (what == "execute" and not name.startswith("config/startup"))
    ]
    assert found == []


def test_html_is_put_together_by_templates() -> None:
    found = [
        f"{name}:{line} {what}"
        for name, tree in sources().items()
        if name not in MAY_WRITE_HTML
        for line, what in called(tree)
        if what in RAW_HTML
    ]
    templates = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("templates/**/*.html")
        if re.search(r"\|\s*safe\b|autoescape\s+off", path.read_text("utf-8"))
    ]
    assert (found, templates) == ([], [])


def test_no_function_is_longer_than_a_screen() -> None:
    assert [f"{name} ({lines})" for name, lines in functions() if lines > MAX_FUNCTION_LINES] == []


def test_the_usual_function_is_short() -> None:
    lengths = sorted(lines for _, lines in functions())
    assert lengths[len(lengths) // 2] <= MEDIAN_FUNCTION_LINES


def test_no_module_is_longer_than_its_drawer() -> None:
    lengths = {name: (PACKAGE / name).read_text("utf-8").count("\n") for name in sources()}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_MODULE_LINES} == {}


def test_nobody_catches_every_exception() -> None:
    broad = [
        f"{name}:{node.lineno}"
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]
    assert broad == []


@pytest.mark.parametrize("forbidden", ["django.db.models.signals", "django.dispatch"])
def test_nothing_listens_to_signals(forbidden: str) -> None:
    found = [
        f"{name}:{line}"
        for name, tree in sources().items()
        for line, imported in imports(tree)
        if imported.startswith(forbidden)
    ]
    assert found == []
