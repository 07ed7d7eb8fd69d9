"""Money and days of camt.053 elements, once the schema has been checked."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from ebok.adapters.camt053.parts import Part
from ebok.kernel.money import GROSZ
from ebok.kernel.refusals import RefusalCode, UnableToTake

_SIGNS: Final = {"CRDT": 1, "DBIT": -1}
_CURRENCY: Final = "PLN"
_YEARS: Final = range(1990, 2100)
MAX_AMOUNT: Final = Decimal(10) ** 13


def amount_of(element: Any) -> Decimal:
    """An amount in złoty.

    :raises UnableToTake: `currency`, or `bad_number` for parts of a grosz.
    """
    if element.get("Ccy") != _CURRENCY:
        raise UnableToTake(
            RefusalCode.CURRENCY,
            f"Wyciąg zawiera kwoty w walucie {element.get('Ccy')}. Przyjmujemy tylko wyciągi w złotych.",
            line=element.sourceline,
        )
    value = Decimal(element.text.strip())
    if value >= MAX_AMOUNT or value != (rounded := value.quantize(GROSZ)):
        raise UnableToTake(
            RefusalCode.BAD_NUMBER,
            f"Kwota {value} jest za duża albo ma części grosza. Pobierz wyciąg z banku jeszcze raz.",
            line=element.sourceline,
        )
    return rounded


def sign_of(part: Part) -> int:
    """1 for a credit, -1 for a debit, 0 when the element does not say."""
    return _SIGNS.get(part.text("CdtDbtInd"), 0)


def money_of(part: Part) -> Decimal:
    """The amount of an element, with its sign."""
    return sign_of(part) * amount_of(part.one("Amt"))


def only_day(part: Part, path: str) -> date:
    """The day of a `Dt` or `DtTm` choice, as the bank printed it.

    :raises UnableToTake: `bad_date`.
    """
    return day_of(part.first(f"{path}/Dt", f"{path}/DtTm"), line=part.one(path).sourceline)


def day_of(text: str, *, line: int | None) -> date:
    """The day a date or a moment starts with, as the bank printed it.

    :raises UnableToTake: `bad_date` also for years no statement is of.
    """
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        day = date.min
    if day.year not in _YEARS:
        raise UnableToTake(
            RefusalCode.BAD_DATE,
            f"To nie jest data operacji: {text[:30]}. Pobierz wyciąg jeszcze raz.",
            line=line,
        )
    return day
