"""Names that people type for themselves and others: one rule, for they travel to third parties in our messages."""

import re
import unicodedata
from typing import Final

from ebok.kernel.identifiers import holds_pesel

SHORTEST: Final = 2
LONGEST: Final = 100
"""Letters of a person's name."""
_MARKS: Final = frozenset(" .,'’-–&+/()„”\"")
_DIGITS: Final = frozenset("0123456789")
_UNSEEN_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
"""Hangul fillers: letters by their kind, blank on the screen."""
_CAPITAL: Final = r"A-ZĄĆĘŁŃÓŚŹŻ"
_BARE_INITIAL: Final = re.compile(rf"(?<!\w)([{_CAPITAL}])\.(?=[{_CAPITAL}][^\W\d_])")
_HOST: Final = re.compile(r"www\.|\.[^\W\d_]{2}|\d+(?:\.\d+){3}", re.IGNORECASE)
"""What mail programs turn into a link: a dot with two letters right behind it, or an address of numbers."""


def person_name(typed: str, *, longest: int = LONGEST) -> str | None:
    """Return the name of a person or an organization in NFC, its spaces folded; None when it is no name.

    It reads as a name and as nothing else: no address of a page or a mailbox, nothing unseen, no letters of two
    alphabets in one word, no PESEL. "J.Kowalski" becomes "J. Kowalski", which nobody takes for a page.
    """
    blanks = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in typed)
    name = " ".join(part for part in unicodedata.normalize("NFC", blanks).split(" ") if part)
    if not all(_may_stand(letter) for letter in name) or not any(map(str.isalpha, name)):
        return None
    name = _BARE_INITIAL.sub(r"\1. ", name)
    misleads = _HOST.search(name) or holds_pesel(name) or any(map(mixes_alphabets, name.split(" ")))
    return name if SHORTEST <= len(name) <= longest and not misleads else None


def is_same_name(one: str, other: str) -> bool:
    """Whether both are the same words in any order, whichever way they are written: "NOWAK Anna" is Anna Nowak."""
    return _words(one) == _words(other)


def mixes_alphabets(word: str) -> bool:
    """Whether a word has letters of more than one alphabet: one that looks right and is another."""
    names = (unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha())
    return len(set(names)) > 1


def _words(name: str) -> list[str]:
    return sorted(unicodedata.normalize("NFC", name).casefold().split())


def _may_stand(letter: str) -> bool:
    """No letter that only looks like a plain one: wide, raised, or of mathematics."""
    plain = letter.isalpha() and unicodedata.normalize("NFKC", letter) == letter and letter not in _UNSEEN_LETTERS
    return plain or letter in _DIGITS or letter in _MARKS
