"""What people copy from paper: numbers of accounts and invoices, and amounts. Forgiving in form, strict in letters."""

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum
from typing import Final

NUMBER_MAX_LENGTH: Final = 256
AMOUNT_MAX_LENGTH: Final = 32
PADDED_TO: Final = 32
"""How long a number of digits alone may be on file and still be found without the zeros before it."""
_AMOUNT: Final = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2}))?")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{2}")
_CURRENCY: Final = re.compile(r"(?:zł|zl|pln)\.?$")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})


class TypedProblem(StrEnum):
    """Why something typed cannot be what stands on paper."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    INVISIBLE = "invisible"
    """A control character, or one without a shape."""
    LOOK_ALIKE = "look_alike"
    """A letter of another script, or a digit that is not 0 to 9."""
    NOT_AN_AMOUNT = "not_an_amount"
    NEGATIVE = "negative"


class UnableToRead(ValueError):
    """What was typed means nothing; `reason` says why."""

    def __init__(self, reason: TypedProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


def read_number(text: str) -> str:
    """Return the number of an account or an invoice as it is compared: without spaces, in capitals.

    :raises UnableToRead: when it is empty, too long, or has characters that only look right.
    """
    bare = "".join(text.split())
    if not bare:
        raise UnableToRead(TypedProblem.EMPTY)
    if any(unicodedata.category(letter) in _INVISIBLE for letter in bare):
        raise UnableToRead(TypedProblem.INVISIBLE)
    # A few marks become letters of another alphabet only as capitals.
    number = bare.upper()
    if any(_looks_like_another(letter) for letter in bare + number):
        raise UnableToRead(TypedProblem.LOOK_ALIKE)
    if len(number) > NUMBER_MAX_LENGTH:
        raise UnableToRead(TypedProblem.TOO_LONG)
    return number


def read_amount(text: str) -> Decimal:
    """Return the złoty of `228,44`, `228.44 zł`, `1 234,56`, `1.234,56`, `300`: never below zero, two places.

    :raises UnableToRead: when it is empty, below zero, or no amount.
    """
    bare = _CURRENCY.sub("", "".join(text.split()).lower())
    if not bare:
        raise UnableToRead(TypedProblem.EMPTY)
    if len(bare) > AMOUNT_MAX_LENGTH:
        raise UnableToRead(TypedProblem.TOO_LONG)
    if any(letter.isdigit() and not letter.isascii() for letter in bare):
        raise UnableToRead(TypedProblem.LOOK_ALIKE)
    if bare[0] in "-−–":
        raise UnableToRead(TypedProblem.NEGATIVE)
    match = _AMOUNT.fullmatch(bare.replace(".", "") if _GROUPED.fullmatch(bare) else bare)
    if match is None:
        raise UnableToRead(TypedProblem.NOT_AN_AMOUNT)
    return Decimal(f"{match[1]}.{(match[2] or '0'):0<2}")


def spellings(number: str) -> frozenset[str]:
    """How an account number read by `read_number` may stand on file: in small letters, with other zeros before it.

    How many there are follows from what was typed alone, so that looking for them costs the same whether or not
    there is such an account.
    """
    plain = without_zeros(number)
    if not (plain.isascii() and plain.isdigit()):
        return frozenset({number, number.lower()})
    return frozenset({number, *(plain.zfill(length) for length in range(len(plain), PADDED_TO + 1))})


def without_zeros(number: str) -> str:
    """The normal form of an account number: one of digits alone without the zeros before it, any other as it is."""
    return number.lstrip("0") or "0" if number.isascii() and number.isdigit() else number


def the_one_meant(number: str, on_file: Collection[str]) -> str:
    """Which of the numbers found by `spellings` is meant: the very one, else the only one; empty when unclear."""
    exact = sorted({number, number.lower()} & set(on_file))
    return exact[0] if exact else next(iter(on_file)) if len(on_file) == 1 else ""


def bare_number(on_file: str) -> str:
    """A number on file as `read_number` gives one typed."""
    return "".join(on_file.split()).upper()


def _looks_like_another(letter: str) -> bool:
    if letter.isascii():
        return False
    if letter.isdigit() or letter.isnumeric():
        return True
    return letter.isalpha() and not unicodedata.name(letter, "").startswith(("LATIN SMALL LETTER", "LATIN CAPITAL"))
