"""Reads MT940 statements: fields into money and days, pages into statements, sums proved."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from ebok.adapters.mt940.details import read_details
from ebok.adapters.mt940.encoding import decode
from ebok.adapters.mt940.grammar import Field, Page, not_a_statement, pages
from ebok.kernel.money import GROSZ
from ebok.kernel.refusals import RefusalCode, UnableToTake
from ebok.payments.domain import (
    NO_REFERENCE,
    Movement,
    Statement,
    accounts_in,
    collect_id_in,
    conserve,
    own_account,
    squeezed,
)

_MARKS: Final = (b":20:", b":25:", b":28C:", b":60F:", b":60M:", b":61:", b":62F:")
_NUMBER: Final = re.compile(r"([0-9]{1,5})(?:/([0-9]{1,5}))?")
_BALANCE: Final = re.compile(r"([CD])([0-9]{6})([A-Z]{3})([0-9]{1,12},[0-9]{0,2})")
_MOVEMENT: Final = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?(?P<mark>RC|RD|C|D)[A-Z]?(?P<amount>[0-9]{1,12},[0-9]{0,2})"
    r"[NSF][A-Z0-9]{3}(?P<reference>(?:(?!//).){0,34})(?://(?P<bank>.{0,34}))?"
)
_SIGNS: Final = {"C": 1, "D": -1, "RC": -1, "RD": 1}
_LAYOUT: Final = re.compile(
    r"20,(?:21,)?25,(?:28C?),(?:NS,)*60[FM],(?:61,(?:NS,)*(?:86,)?(?:NS,)*)*62[FM],(?:64,)?(?:65,)*(?:86,)?(?:NS,)*"
)
_OF_MOVEMENTS: Final = frozenset({"61", "86"})
_CURRENCY: Final = "PLN"
KNOWN_DAYS: Final = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Balance:
    day: date
    amount: Decimal
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _PageRead:
    line: int
    own_nrb: str
    number: str
    sequence: int
    opening: _Balance
    closing: _Balance
    movements: tuple[Movement, ...]


class Mt940Reader:
    """Reads a file of MT940 messages, in any of the encodings and details layouts of Polish banks."""

    def recognizes(self, data: bytes) -> bool:
        """Say whether any line of the file starts like a field of MT940."""
        return any(mark in data for mark in _MARKS)

    def read(self, data: bytes) -> tuple[Statement, ...]:
        """Return every statement of the file, in order, its conservation (I5) proved.

        :raises UnableToTake: `bad_encoding`, `schema_invalid` (the line grammar), `missing_value` (a page
            or a balance is missing), `bad_date`, `unknown_own_account`, `currency`, `conservation`.
        """
        read = [_read_page(page) for page in pages(decode(data))]
        if not read:
            raise UnableToTake(RefusalCode.MISSING_VALUE, "W pliku nie ma żadnego wyciągu. Wybierz inny plik.")
        return tuple(_statement(group) for group in _grouped(read))


def _read_page(page: Page) -> _PageRead:
    if not _LAYOUT.fullmatch("".join(f.tag + "," for f in page.fields)):
        raise not_a_statement(
            page.line, "W wyciągu, który zaczyna się w tym wierszu, brakuje pól albo są w złej kolejności"
        )
    tagged = {f.tag: f for f in page.fields}
    own = own_account(tagged["25"].value)
    number, sequence = _number(tagged.get("28C") or tagged["28"])
    opening, closing = (_balance(next(f for f in page.fields if f.tag[:2] == tag)) for tag in ("60", "62"))
    for extra in (f for f in page.fields if f.tag in {"64", "65"}):
        _balance(extra)
    movements = tuple(_movements(page.fields, own))
    conserve(opening=opening.amount, amounts=(m.amount for m in movements), closing=closing.amount, number=number)
    return _PageRead(
        line=page.line,
        own_nrb=own,
        number=number,
        sequence=sequence,
        opening=opening,
        closing=closing,
        movements=movements,
    )


def _number(field: Field) -> tuple[str, int]:
    found = _NUMBER.fullmatch(field.value.strip())
    if found is None:
        raise not_a_statement(field.line, "Numer wyciągu nie pasuje do formatu MT940")
    return found[1], int(found[2] or 0)


def _balance(field: Field) -> _Balance:
    found = _BALANCE.fullmatch(field.value.rstrip())
    if found is None:
        raise not_a_statement(field.line, "Saldo nie pasuje do formatu MT940")
    mark, day, currency, amount = found.groups()
    if currency != _CURRENCY:
        raise UnableToTake(
            RefusalCode.CURRENCY,
            f"Wyciąg jest w walucie {currency}. Przyjmujemy tylko wyciągi w złotych.",
            line=field.line,
        )
    return _Balance(day=_day(day, field.line), amount=_SIGNS[mark] * _amount(amount), final=not field.tag.endswith("M"))


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ".")).quantize(GROSZ)


def _day(digits: str, line: int) -> date:
    try:
        return _date(digits)
    except ValueError as error:
        raise _bad_date(digits, line) from error


@lru_cache(maxsize=KNOWN_DAYS)
def _date(digits: str) -> date:
    return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))


def _entry_day(digits: str, value_on: date, line: int) -> date:
    days = _days_near(digits, value_on)
    if not days:
        raise _bad_date(digits, line)
    return days[0]


@lru_cache(maxsize=KNOWN_DAYS)
def _days_near(digits: str, value_on: date) -> list[date]:
    """The entry date has no year: it is the one nearest to the value date, so that it survives the turn of the year."""
    days = []
    for year in (value_on.year - 1, value_on.year, value_on.year + 1):
        try:
            days.append(date(year, int(digits[:2]), int(digits[2:])))
        except ValueError:
            continue
    return sorted(days, key=lambda day: abs(day - value_on))


def _bad_date(digits: str, line: int) -> UnableToTake:
    return UnableToTake(
        RefusalCode.BAD_DATE,
        f"Nie ma takiej daty: {digits} (wiersz {line}). Pobierz wyciąg z banku jeszcze raz.",
        line=line,
    )


def _movements(fields: Sequence[Field], own: str) -> Iterator[Movement]:
    """Each `:61:` with the `:86:` that follows it, whatever a bank puts between the two."""
    position = 0
    moved: Field | None = None
    for field in fields:
        closing = field.tag[:2] == "62"
        if moved is not None and (closing or field.tag in _OF_MOVEMENTS):
            position += 1
            yield _movement(moved, field if field.tag == "86" else None, own, position)
            moved = None
        if field.tag == "61":
            moved = field
        if closing:
            return


def _movement(field: Field, details: Field | None, own: str, position: int) -> Movement:
    found = _MOVEMENT.fullmatch(field.value.rstrip())
    if found is None:
        raise not_a_statement(field.line, "Operacja nie pasuje do formatu MT940")
    value_on = _day(found["value"], field.line)
    said = read_details(details.lines if details is not None else ())
    extra = "".join(field.lines[1:])
    text = "\n".join([said.text, extra, found["reference"]])
    return Movement(
        position=position,
        booked_on=_entry_day(found["entry"], value_on, field.line) if found["entry"] else value_on,
        value_on=value_on,
        amount=_SIGNS[found["mark"]] * _amount(found["amount"]),
        reversal=found["mark"].startswith("R"),
        bank_reference=_reference(found["bank"], found["reference"]),
        counterparty_name=said.name,
        counterparty_nrb=said.account,
        accounts_mentioned=accounts_in(text, other_than=(own, said.account)),
        collect_id=collect_id_in(said.text),
        title=said.title or squeezed(extra),
        details=said.text or extra,
    )


def _reference(*given: str | None) -> str:
    return next((squeezed(r) for r in given if r and squeezed(r) not in NO_REFERENCE), "")


def _grouped(read: Sequence[_PageRead]) -> Iterator[list[_PageRead]]:
    group: list[_PageRead] = []
    for page in read:
        if page.opening.final == bool(group):
            raise _page_missing(page.number)
        if group:
            _must_follow(group[-1], page)
        group.append(page)
        if page.closing.final:
            yield group
            group = []
    if group:
        raise _page_missing(group[-1].number)


def _must_follow(before: _PageRead, page: _PageRead) -> None:
    if (before.own_nrb, before.number) != (page.own_nrb, page.number) or page.sequence != before.sequence + 1:
        raise _page_missing(page.number)
    conserve(opening=before.closing.amount, amounts=(), closing=page.opening.amount, number=page.number)


def _page_missing(number: str) -> UnableToTake:
    return UnableToTake(
        RefusalCode.MISSING_VALUE,
        f"Wyciąg {number}: brakuje jednej ze stron. Pobierz wyciąg z banku jeszcze raz, w całości.",
    )


def _statement(group: Sequence[_PageRead]) -> Statement:
    movements = tuple(m for page in group for m in page.movements)
    last_day = max([group[-1].closing.day, *(m.booked_on for m in movements)])
    first_day = min((m.booked_on for m in movements), default=last_day)
    return Statement(
        own_nrb=group[0].own_nrb,
        number=group[0].number if len(group) > 1 or not group[0].sequence else f"{group[0].number}/{group[0].sequence}",
        first_day=first_day,
        last_day=last_day,
        opening=group[0].opening.amount,
        closing=group[-1].closing.amount,
        movements=tuple(m if m.position == n else replace(m, position=n) for n, m in enumerate(movements, start=1)),
    )
