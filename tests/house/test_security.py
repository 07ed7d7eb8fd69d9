"""docs/security.md keeps its word: every item is there once, every test and every line it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
ITEMS = 74
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINE = re.compile(r'`([\w./-]+)` "(.+?)"(?= ·| \||\.|$| \(|,)')
NOT_YET = re.compile(r"\*\*Not yet\*\*: \w.{20,}")


def rows() -> dict[int, str]:
    found = ROW.findall((ROOT / "docs" / "security.md").read_text("utf-8"))
    assert len(found) == len({number for number, _, _ in found})
    return {int(number): proof for number, _, proof in found}


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_item_is_there_once() -> None:
    assert sorted(rows()) == list(range(1, ITEMS + 1))


def test_every_item_has_a_proof_or_says_why_not_yet() -> None:
    bare = [
        number
        for number, proof in rows().items()
        if not (TEST.search(proof) or LINE.search(proof) or NOT_YET.search(proof))
    ]
    assert bare == []


def test_every_named_test_exists() -> None:
    named = [(path, name) for proof in rows().values() for path, name in TEST.findall(proof)]
    missing = [f"{path}::{name}" for path, name in named if not (ROOT / path).is_file() or name not in named_in(path)]
    assert (len(named) > ITEMS / 2, missing) == (True, [])


def test_every_quoted_line_stands_where_it_is_said_to_stand() -> None:
    quoted = [pair for proof in rows().values() for pair in LINE.findall(proof)]
    missing = [f"{path}: {text}" for path, text in quoted if text not in (ROOT / path).read_text("utf-8")]
    assert missing == []


def parts(resolver: URLResolver, prefix: str = "") -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found |= parts(entry, route)
        elif isinstance(entry, URLPattern):
            found[route] = dict(entry.pattern.converters)
    return found


NO_NUMBERS = {
    # The code of an invoice is an address on paper. It opens nothing: it tells three facts printed beside it.
    "f/<str:token>/": ["token"],
    # The link of an invoice mail ends e-invoices without a login: the mark proves that we made it for this entry.
    "efaktura/rezygnacja/<int:consent_id>/<str:mac>/": ["mac"],
}
"""What addresses carry besides numbers, with the reason."""


def test_an_address_carries_numbers_only() -> None:
    others = {
        route: [name for name, converter in converters.items() if type(converter).__name__ != "IntConverter"]
        for route, converters in parts(get_resolver()).items()
    }
    assert {route: names for route, names in others.items() if names} == NO_NUMBERS
