"""What people copy from paper: numbers of accounts and invoices, and amounts. Forgiving in form, strict in letters."""

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Final

NUMBER_MAX_LENGTH: Final = 256
AMOUNT_MAX_LENGTH: Final = 32
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
    if any(_looks_like_another(letter) for letter in bare):
        raise UnableToRead(TypedProblem.LOOK_ALIKE)
    number = bare.upper()
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
    """How a number read by `read_number` may stand on file."""
    return frozenset({number, number.lower()})


def bare_number(on_file: str) -> str:
    """A number on file as `read_number` gives one typed."""
    return "".join(on_file.split()).upper()


def _looks_like_another(letter: str) -> bool:
    if letter.isascii():
        return False
    if letter.isdigit() or letter.isnumeric():
        return True
    return letter.isalpha() and not unicodedata.name(letter, "").startswith(("LATIN SMALL LETTER", "LATIN CAPITAL"))
