"""The words for rows of audit: none written without words, and no words for what nobody writes."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import ebok
from ebok.office.journal import words as journal
from ebok.portal.access import deeds
from ebok.portal.care import viewers

PACKAGE = Path(ebok.__file__).parent
WORDING = {Path(module.__file__) for module in (journal, deeds, viewers) if module.__file__}
DOTTED = re.compile(r"[a-z_]+\.[a-z_]+")


@cache
def trees() -> tuple[ast.Module, ...]:
    """Every module of ours that may write rows, parsed."""
    files = (file for file in PACKAGE.rglob("*.py") if file not in WORDING and "migrations" not in file.parts)
    return tuple(ast.parse(file.read_text(encoding="utf-8")) for file in sorted(files))


def texts() -> set[str]:
    """Every string that stands in those modules."""
    return {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def named() -> dict[str, set[str]]:
    """What the constants of modules hold that look like actions, by their name."""
    found: dict[str, set[str]] = {}
    for tree in trees():
        for node in tree.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                match node.value:
                    case ast.Constant(value=str(text)) if DOTTED.fullmatch(text):
                        found.setdefault(node.target.id, set()).add(text)
    return found


def actions() -> Iterator[str]:
    """The actions handed on by keyword: as they stand, or by the name of a constant."""
    constants = named()
    calls = (node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call))
    ours = (call for call in calls if getattr(call.func, "attr", "") != "add_argument")
    for keyword in (one for call in ours for one in call.keywords):
        match keyword:
            case ast.keyword(arg="action", value=ast.Constant(value=str(text))):
                yield text
            case ast.keyword(arg="action", value=ast.Name(id=name) | ast.Attribute(attr=name)):
                yield from constants.get(name, ())


def test_every_action_on_record_has_words_in_the_journal() -> None:
    written = set(actions())
    assert {"account.view", "customer.open", "sign_in"} <= written
    assert written - set(journal.DEEDS) == set()


@pytest.mark.parametrize("words", [deeds.WORDS, viewers.WORDS], ids=["deeds of people", "viewers"])
def test_every_action_told_to_customers_is_written_somewhere_and_stands_in_the_journal(words: dict[str, str]) -> None:
    assert set(words) - texts() == set()
    assert set(words) - set(journal.DEEDS) == set()
