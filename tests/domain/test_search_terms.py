"""What somebody means by what they typed into a search."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.customers.domain import FOLDED_FROM, FOLDED_TO, SearchKind, folded, search_terms, with_a_typo

letters = st.text(alphabet="abcdefghijklmnoprstuwyz", min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("typed", "kind", "words"),
    [
        ("Żegota  Wójcik", SearchKind.WORDS, ("zegota", "wojcik")),
        ("ul. Polna 7/2", SearchKind.WORDS, ("ul", "polna", "7", "2")),
        ("anna@example.com", SearchKind.EMAIL, ("anna", "example", "com")),
        ("526-587-76-35", SearchKind.DIGITS, ("526", "587", "76", "35")),
        ("+48 600 100 200", SearchKind.DIGITS, ("48", "600", "100", "200")),
        ("", SearchKind.WORDS, ()),
        ("\0\x1b%_", SearchKind.WORDS, ()),
    ],
)
def test_the_shape_says_what_is_searched_for(typed: str, kind: SearchKind, words: tuple[str, ...]) -> None:
    terms = search_terms(typed)
    assert (terms.kind, terms.words) == (kind, words)


def test_each_letter_is_folded_to_one() -> None:
    assert len(FOLDED_FROM) == len(FOLDED_TO) == len(set(FOLDED_FROM))
    assert folded("ZAŻÓŁĆ Gęślą-Jaźń") == "zazolc gesla jazn"


@given(st.text())
def test_anything_can_be_typed(typed: str) -> None:
    terms = search_terms(typed)
    assert "\0" not in terms.typed
    assert all(word.isascii() and word.isalnum() for word in terms.words)
    assert all(re.compile(with_a_typo(word)) for word in terms.words)


@given(word=letters, at=st.integers(0, 11), letter=st.sampled_from("abcxyz"))
def test_one_slip_is_forgiven(word: str, at: int, letter: str) -> None:
    at %= len(word)
    slips = [word[:at] + letter + word[at + 1 :], word[:at] + letter + word[at:]]
    slips += [word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]] if at else []
    slips += [word[:at] + word[at + 1 :]] if len(word) > 4 else []
    for typed in slips:
        assert re.match(with_a_typo(typed), word), typed
