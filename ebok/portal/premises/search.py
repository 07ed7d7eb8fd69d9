"""Finding premises by what people type: any case, with or without Polish letters, words in any order."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from ebok.customers.domain import Premises

_STROKE: Final = str.maketrans({"ł": "l", "đ": "d", "ø": "o"})
_WORDS: Final = re.compile(r"[^\W_]+")
_NUMBERS: Final = re.compile(r"(\d+)")
_DIGITS_AT_MOST: Final = 18


def folded(text: str) -> str:
    """The text in small letters without their marks: `Żółta` as `zolta`."""
    parted = unicodedata.normalize("NFKD", text.casefold()).translate(_STROKE)
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of what somebody typed; marks between them part them."""
    return tuple(_WORDS.findall(folded(text)))


def found(*, among: Iterable[Premises], typed: str, names: frozenset[int]) -> list[Premises]:
    """The premises in which every typed word begins a word of the address or is in the account number.

    The holder's name counts only for the accounts in `names`.
    """
    wanted = words_of(typed)
    return [one for one in among if all(_has(one, word, by_name=one.account_id in names) for word in wanted)]


def _has(one: Premises, word: str, *, by_name: bool) -> bool:
    said = f"{one.address.words} {one.number} {one.name if by_name else ''}"
    return any(part.startswith(word) for part in words_of(said)) or word in folded(one.number)


def in_order(among: Iterable[Premises]) -> list[Premises]:
    """Open ones first, then by town and street, houses by their number: 2 before 10."""
    return sorted(among, key=lambda one: (one.closed_on is not None, *_place_key(one)))


def _place_key(one: Premises) -> tuple[str, str, list[tuple[int, str]], list[tuple[int, str]], str]:
    at = one.address
    return folded(at.city), folded(at.street), _natural(at.house), _natural(at.flat), one.number


def _natural(text: str) -> list[tuple[int, str]]:
    """The numbers in a text as numbers, the rest as words."""
    parts = [part for part in _NUMBERS.split(folded(text)) if part]
    return [(int(part), "") if _is_number(part) else (0, part) for part in parts]


def _is_number(part: str) -> bool:
    return part.isdecimal() and len(part) <= _DIGITS_AT_MOST
