"""One-time codes: six digits sent to somebody's address, and long ones printed on paper."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

CODE_DIGITS: Final = 6
CODE_LIFETIME: Final = timedelta(minutes=10)
CODE_TRIES: Final = 5

LONG_CODE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that nothing read from paper is mistaken."""
LONG_CODE_LETTERS: Final = 20
"""Twenty letters of five bits are 100 bits (ASVS 6.4.1 asks for 80)."""
_GROUP: Final = 5
_LOOK_ALIKES: Final = str.maketrans("OILUĄĆĘŁŃÓŚŹŻ", "011VACE1N0SZZ")


class CodePurpose(StrEnum):
    """What a six-digit code is good for. A code for one thing never opens another."""

    PASSWORD_RESET = "password_reset"  # noqa: S105
    SIGN_IN = "sign_in"
    EMAIL_CHANGE = "email_change"
    PHONE_CHANGE = "phone_change"
    ACTIVATION = "activation"
    E_INVOICE_ADDRESS = "e_invoice_address"
    """An address for e-invoices is the customer's own."""
    CONFIRM = "confirm"
    """A signed-in person says again who they are, before something that matters."""


class CodeRefusal(StrEnum):
    """Why a six-digit code was not taken."""

    WRONG = "wrong"
    EXPIRED = "expired"
    """Used, too old, tried too often, or asked for by another session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTicket:
    """What the asking session keeps: which code, and a secret without which the code is worth nothing."""

    code_id: int
    secret: str


def new_long_code() -> str:
    """A new code of `LONG_CODE_LETTERS` letters, ungrouped."""
    return "".join(secrets.choice(LONG_CODE_ALPHABET) for _ in range(LONG_CODE_LETTERS))


def grouped(code: str) -> str:
    """A long code as it is printed: `7KQ2M-XR4VD-9WTHB-3F8JC`."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def plain_long_code(typed: str) -> str:
    """What a person meant by a long code, however they grouped it and whichever look-alikes they typed.

    Empty when it cannot be one.
    """
    letters = unicodedata.normalize("NFKC", typed).upper().translate(_LOOK_ALIKES)
    bare = "".join(letter for letter in letters if letter.isalnum())
    fits = len(bare) == LONG_CODE_LETTERS and all(letter in LONG_CODE_ALPHABET for letter in bare)
    return bare if fits else ""
