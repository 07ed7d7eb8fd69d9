"""What a cell of the registry may hold, and the value it stands for."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from ebok.kernel import identifiers
from ebok.kernel.refusals import RefusalCode, UnableToTake

MAX_VALUE_M3: Final = Decimal("999999999.999")
MAX_MONTHS: Final = 24
YEARS: Final = (1900, 2199)
DATES_KEPT: Final = 8_192
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_POLISH: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_DECIMAL: Final = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,9}))?")
_EMAIL: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_PHONE: Final = re.compile(r"\+?[0-9]{6,15}")
_PHONE_NOISE: Final = re.compile(r"[\s\u00a0().\-/]+")
POLISH_PHONE_DIGITS: Final = 9

Cell = Callable[[str], Any]


def text(*, longest: int) -> Cell:
    """A cell of words, at most so many characters; spaces inside are made single."""

    def parse(cell: str) -> str:
        words = " ".join(cell.split())
        if len(words) > longest:
            told = f"Wartość jest za długa. Ma {len(words)} zn., a może mieć najwyżej {longest}. Skróć ją."
            raise UnableToTake(RefusalCode.TOO_LARGE, told)
        return words

    return parse


def choice(*values: str, otherwise: str = "") -> Cell:
    """A cell with one of a few words, in any case; an empty one means `otherwise`."""

    def parse(cell: str) -> str:
        if cell in values:
            return cell
        word = cell.casefold() or otherwise
        if word not in values:
            raise UnableToTake(
                RefusalCode.MISSING_VALUE, f"„{cell[:40]}” to nie jest żadna z wartości: {', '.join(values)}."
            )
        return word

    return parse


@lru_cache(maxsize=DATES_KEPT)
def day(cell: str) -> date | None:
    """A day as 2026-11-22 or 22.11.2026; an empty cell is None.

    :raises UnableToTake: `bad_date`.
    """
    if not cell:
        return None
    try:
        found = _day(cell)
    except ValueError as error:
        raise _bad_date(cell) from error
    if not YEARS[0] <= found.year <= YEARS[1]:
        raise _bad_date(cell)
    return found


def _day(cell: str) -> date:
    if _ISO.fullmatch(cell):
        return date.fromisoformat(cell)
    match = _POLISH.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    return date(int(match[3]), int(match[2]), int(match[1]))


def _bad_date(cell: str) -> UnableToTake:
    return UnableToTake(
        RefusalCode.BAD_DATE, f"„{cell[:40]}” to nie jest data. Wpisz ją jako 2026-11-22 albo 22.11.2026."
    )


def cubic_metres(cell: str) -> Decimal | None:
    """A meter's value with a comma or a dot and at most three decimals; an empty cell is None.

    :raises UnableToTake: `bad_number`.
    """
    if not cell:
        return None
    match = _DECIMAL.fullmatch(cell) or _DECIMAL.fullmatch("".join(cell.split()))
    decimals = (match[2] or "").rstrip("0") if match else ""
    if match is None or len(decimals) > len("000"):
        raise UnableToTake(
            RefusalCode.BAD_NUMBER, f"„{cell[:40]}” to nie jest stan wodomierza. Wpisz go na przykład jako 125,5."
        )
    return Decimal(f"{match[1]}.{decimals:0<3}")


def whole(*, lowest: int, highest: int) -> Cell:
    """A cell with a whole number within bounds; an empty cell is None."""

    def parse(cell: str) -> int | None:
        if not cell:
            return None
        if not (
            cell.isascii() and cell.isdigit() and len(cell) <= len(str(highest)) and lowest <= int(cell) <= highest
        ):
            raise UnableToTake(RefusalCode.BAD_NUMBER, f"„{cell[:40]}” to nie jest liczba od {lowest} do {highest}.")
        return int(cell)

    return parse


def nip(cell: str) -> str:
    """A NIP with its check digit, or nothing.

    :raises UnableToTake: `bad_nip`.
    """
    found = identifiers.nip(cell) if cell else ""
    if found is None:
        raise UnableToTake(RefusalCode.BAD_NIP, "NIP ma złą cyfrę kontrolną albo długość. Sprawdź go.")
    return found


def pesel(cell: str) -> str:
    """A PESEL with its check digit, or nothing. Only its keyed HMAC may be kept.

    :raises UnableToTake: `bad_pesel`.
    """
    found = identifiers.pesel(cell) if cell else ""
    if found is None:
        raise UnableToTake(RefusalCode.BAD_PESEL, "PESEL ma złą cyfrę kontrolną albo długość. Sprawdź go.")
    return found


def nrb(cell: str) -> str:
    """A Polish bank account with its check digits, or nothing.

    :raises UnableToTake: `bad_iban`.
    """
    found = identifiers.nrb(cell) if cell else ""
    if found is None:
        raise UnableToTake(RefusalCode.BAD_IBAN, "Numer rachunku ma złą cyfrę kontrolną albo długość. Sprawdź go.")
    return found


def email(cell: str) -> str:
    """An e-mail address, or nothing when the cell holds none: contact data never keeps a row out."""
    word = cell.strip("<>").removeprefix("mailto:")
    return word if len(word) <= 320 and _EMAIL.fullmatch(word) else ""  # noqa: PLR2004 (RFC 3696: 64 + 1 + 255)


def phone(cell: str) -> str:
    """A phone number as +48#########, or nothing when the cell holds none: it never keeps a row out."""
    digits = _PHONE_NOISE.sub("", cell)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not (digits.isascii() and _PHONE.fullmatch(digits)):
        return ""
    if digits.startswith("+"):
        return digits
    if len(digits) == POLISH_PHONE_DIGITS:
        return "+48" + digits
    return "+" + digits if digits.startswith("48") and len(digits) == POLISH_PHONE_DIGITS + 2 else digits
