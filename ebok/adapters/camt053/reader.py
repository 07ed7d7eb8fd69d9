"""Reads camt.053 statements: schema first, own account next, then currency, money and sums."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, Final

from ebok.adapters import xml
from ebok.adapters.camt053.entries import movements_of
from ebok.adapters.camt053.parts import Part
from ebok.adapters.camt053.values import day_of, money_of, only_day
from ebok.kernel.refusals import RefusalCode, UnableToTake
from ebok.payments.domain import Movement, Statement, conserve, own_account

_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."
_VERSIONS: Final = frozenset({"02", "08"})
_SCHEMAS: Final = Path(__file__).parent / "schemas"
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)
_XML_START: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe<\x00|\xfe\xff\x00<")
_DAY: Final = timedelta(days=1)


class Camt053Reader:
    """Reads one camt.053 file with any number of statements."""

    def recognizes(self, data: bytes) -> bool:
        """Say whether the file is XML at all."""
        return _XML_START.match(data) is not None

    def read(self, data: bytes) -> tuple[Statement, ...]:
        """Return every statement of the file; entries that are not booked are no movements.

        :raises UnableToTake: `not_xml`, `doctype`, `schema_invalid` (also for other versions),
            `unknown_own_account`, `currency`, `missing_value`, `bad_date`, `bad_number`, `conservation`.
        """
        root = xml.parse(data)
        namespace, version = _version(root)
        xml.check(_schema(version), root)
        statements = root.iterfind("n:BkToCstmrStmt/n:Stmt", {"n": namespace})
        return tuple(_statement(Part(node)) for node in statements)


def _version(root: Any) -> tuple[str, str]:
    namespace = root.tag.rpartition("}")[0].lstrip("{")
    version = namespace.removeprefix(_NAMESPACE)
    if not namespace.startswith(_NAMESPACE) or version not in _VERSIONS:
        raise UnableToTake(
            RefusalCode.SCHEMA_INVALID,
            "To nie jest wyciąg camt.053 w wersji 001.02 ani 001.08. Pobierz z banku wyciąg w jednej z tych wersji.",
        )
    return namespace, version


@lru_cache(maxsize=len(_VERSIONS))
def _schema(version: str) -> Any:
    return xml.load_schema(_SCHEMAS / f"camt.053.001.{version}.xsd")


def _statement(part: Part) -> Statement:
    own = own_account(part.first("Acct/Id/IBAN", "Acct/Id/Othr/Id"))
    number = _number(part)
    opening, closing = _balance(part, _OPENING, number), _balance(part, _CLOSING, number)
    movements = tuple(_movements(part, own))
    conserve(opening=opening[1], amounts=(m.amount for m in movements), closing=closing[1], number=number)
    first_day, last_day = _period(part, movements, closing[0])
    return Statement(
        own_nrb=own,
        number=number,
        first_day=first_day,
        last_day=last_day,
        opening=opening[1],
        closing=closing[1],
        movements=movements,
    )


def _number(part: Part) -> str:
    sequence = part.first("ElctrncSeqNb", "LglSeqNb")
    identity = part.text("Id")
    return f"{identity}/{sequence}" if sequence else identity


def _movements(part: Part, own: str) -> Iterator[Movement]:
    positions = count(1)
    for entry in map(Part, part.all("Ntry")):
        if entry.first("Sts/Cd", "Sts") == "BOOK":
            yield from movements_of(entry, own, positions)


def _balance(part: Part, codes: tuple[str, ...], number: str) -> tuple[date, Decimal]:
    """The first of `codes` that is there; two different balances of one code cannot both be true."""
    balances = [Part(element) for element in part.all("Bal")]
    for code in codes:
        found = [b for b in balances if b.text("Tp/CdOrPrtry/Cd") == code]
        read = {(only_day(b, "Dt"), money_of(b)) for b in found}
        if len(read) == 1:
            return read.pop()
        if read:
            raise UnableToTake(
                RefusalCode.CONSERVATION,
                f"Wyciąg {number[:40]} podaje dwa różne salda {code}. Pobierz wyciąg z banku jeszcze raz.",
            )
    raise UnableToTake(
        RefusalCode.MISSING_VALUE,
        f"Wyciąg {number[:40]} nie podaje salda {codes[0]}. Pobierz z banku wyciąg z saldami.",
    )


def _period(part: Part, movements: tuple[Movement, ...], closing_day: date) -> tuple[date, date]:
    booked = [m.booked_on for m in movements]
    since, until = part.text("FrToDt/FrDtTm"), part.text("FrToDt/ToDtTm")
    if not since or not until:
        last = max([closing_day, *booked])
        return min(booked, default=last), last
    start, end = day_of(since, line=None), day_of(until, line=None)
    if until[10:].startswith("T00:00:00") and end > start:
        end -= _DAY
    return min([start, *booked]), max([end, start, *booked])
