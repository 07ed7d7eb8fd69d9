"""What somebody searches a customer by, and which slips are forgiven."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SEARCH_LONGEST: Final = 100
"""How many characters of what was typed a search looks at."""
FOLDED_FROM: Final = "ąćęłńóśźżáàâäãåçčďéèêëěíìîïñňòôöõřšťúùûüůýÿžß-–./,;:'\"()&+_"
FOLDED_TO: Final = "acelnoszzaaaaaaccdeeeeeiiiinnoooorstuuuuuyyzs" + " " * 14
"""Small letters and signs, and what each becomes where text is compared without Polish letters and signs."""
_FOLDED: Final = str.maketrans(FOLDED_FROM, FOLDED_TO)
_WORD: Final = re.compile(r"[a-z0-9]+")
_TYPO_LEAST: Final = 4
_DIGITS_ONLY: Final = re.compile(r"[\d\s+()./-]+", re.ASCII)


class SearchKind(StrEnum):
    """What somebody searches by, as far as its shape tells."""

    EMAIL = "email"
    DIGITS = "digits"
    """An account number, a NIP, a phone number or a meter's number."""
    WORDS = "words"
    """Names and addresses, or an account number with letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTerms:
    """What was typed into a search: as it stands, its digits alone, and its words without Polish letters."""

    kind: SearchKind
    typed: str
    digits: str
    words: tuple[str, ...]


def search_terms(typed: str) -> SearchTerms:
    """Say what somebody searches by. Never refuses: what means nothing has no words and finds nothing."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in typed)[:SEARCH_LONGEST].split())
    words = tuple(_WORD.findall(folded(shown)))
    digits = "".join(c for c in shown if c in "0123456789")
    if "@" in shown:
        kind = SearchKind.EMAIL
    else:
        kind = SearchKind.DIGITS if digits and _DIGITS_ONLY.fullmatch(shown) else SearchKind.WORDS
    return SearchTerms(kind=kind, typed=shown, digits=digits, words=words)


def folded(text: str) -> str:
    """Text in small letters, without Polish letters, its signs made spaces."""
    return text.lower().translate(_FOLDED)


def forgives(word: str) -> bool:
    """Say whether a slip in this word is forgiven: it is long enough and no number."""
    return len(word) >= _TYPO_LEAST and word.isalpha()


def with_a_typo(word: str) -> str:
    """A regular expression of the beginnings one slip away from a folded word: a letter wrong, left out, added or
    swapped with the next. Words under four letters are taken as they stand.
    """
    if not forgives(word):
        return word
    spots = range(len(word))
    wrong = {f"{word[:at]}.{word[at + 1 :]}" for at in spots}
    added = {word[:at] + word[at + 1 :] for at in spots}
    left_out = {f"{word[:at]}.{word[at:]}" for at in spots}
    swapped = {word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] for at in spots[1:]}
    return f"({'|'.join(sorted(wrong | added | left_out | swapped))})"
