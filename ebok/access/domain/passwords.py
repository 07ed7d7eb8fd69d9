"""Which passwords will do."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from ebok.access.domain.patterns import is_repetition, is_walk

PASSWORD_MIN_LENGTH: Final = 12
PASSWORD_MAX_LENGTH: Final = 128


class PasswordFault(StrEnum):
    """Why a password will not do. No rule of composition and no ageing (ASVS 6.2.1–6.2.12)."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    BREACHED = "breached"
    PERSONAL = "personal"

    @property
    def sentence(self) -> str:
        """What to do about it, in Polish."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    PasswordFault.TOO_SHORT: f"Wpisz hasło, które ma co najmniej {PASSWORD_MIN_LENGTH} znaków.",
    PasswordFault.TOO_LONG: f"Skróć hasło do {PASSWORD_MAX_LENGTH} znaków.",
    PasswordFault.COMMON: "To hasło łatwo zgadnąć. Wpisz na przykład kilka słów, które nic razem nie znaczą.",
    PasswordFault.BREACHED: "To hasło wyciekło kiedyś z innego serwisu. Wpisz inne, na przykład kilka słów.",
    PasswordFault.PERSONAL: "To hasło za bardzo przypomina Twoje dane albo naszą nazwę. Wpisz inne.",
}
_SHORTEST_PERSONAL_WORD: Final = 4
_OWN_PART: Final = 8
_FEWEST_DIFFERENT: Final = 5


def password_faults(
    *, password: str, common: bool, personal: Iterable[str], breached: bool = False
) -> tuple[PasswordFault, ...]:
    """Say what is wrong with a new password; nothing when it will do.

    `common`: it is on a list of passwords everybody uses. `breached`: it is known from a breach. `personal`: texts
    that must not be most of it (login, e-mail, name, the utility's name): without their words at least 8 characters
    must remain.
    """
    faults = []
    if len(password) < PASSWORD_MIN_LENGTH:
        faults.append(PasswordFault.TOO_SHORT)
    if len(password) > PASSWORD_MAX_LENGTH:
        faults.append(PasswordFault.TOO_LONG)
    if common or _says_nothing(password):
        faults.append(PasswordFault.COMMON)
    elif breached:
        faults.append(PasswordFault.BREACHED)
    if len(_without(password, personal)) < min(_OWN_PART, len(_plain(password))):
        faults.append(PasswordFault.PERSONAL)
    return tuple(faults)


def _says_nothing(password: str) -> bool:
    plain = _plain(password)
    return len(set(password)) < _FEWEST_DIFFERENT or is_walk(plain) or is_repetition(plain)


def _without(password: str, personal: Iterable[str]) -> str:
    rest = _plain(password)
    words = {word for text in personal for word in re.findall(r"[^\W_]+", _plain(text))}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_PERSONAL_WORD:
            rest = rest.replace(word, "")
    return rest


def _plain(text: str) -> str:
    """Lower case, without marks over letters, so that `Żółw` and `zolw` are one word."""
    bare = unicodedata.normalize("NFKD", text.lower().replace("ł", "l"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
