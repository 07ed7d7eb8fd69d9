"""Reads camt.053 statements: schema first, own account next, then currency, money and sums."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ebok.adapters import xml
from ebok.adapters.camt053.entries import movements_of
from ebok.adapters.camt053.values import day_of, first, money_of, only_day, text_of
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
        _drop_namespace(root, namespace)
        return tuple(_statement(node) for node in root.iterfind("BkToCstmrStmt/Stmt"))


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


def _drop_namespace(root: Any, namespace: str) -> None:
    """Both versions are read by the same plain names once the schema has been checked."""
    prefix = "{" + namespace + "}"
    for node in root.iter(prefix + "*"):
        node.tag = node.tag[len(prefix) :]


def _statement(node: Any) -> Statement:
    account = node.find("Acct")
    own = own_account(text_of(account, "Id/IBAN") or text_of(account, "Id/Othr/Id"))
    number = _number(node)
    opening, closing = _balance(node, _OPENING, number), _balance(node, _CLOSING, number)
    movements = tuple(replace(m, position=n) for n, m in enumerate(_movements(node, own), start=1))
    conserve(opening=opening[1], amounts=(m.amount for m in movements), closing=closing[1], number=number)
    first_day, last_day = _period(node, movements, closing[0])
    return Statement(
        own_nrb=own,
        number=number,
        first_day=first_day,
        last_day=last_day,
        opening=opening[1],
        closing=closing[1],
        movements=movements,
    )


def _number(node: Any) -> str:
    sequence = first(node, "ElctrncSeqNb", "LglSeqNb")
    identity = text_of(node, "Id")
    return f"{identity}/{sequence}" if sequence else identity


def _movements(node: Any, own: str) -> Iterator[Movement]:
    for entry in node.iterfind("Ntry"):
        if first(entry, "Sts/Cd", "Sts") == "BOOK":
            yield from movements_of(entry, own)


def _balance(node: Any, codes: tuple[str, ...], number: str) -> tuple[date, Decimal]:
    """The first of `codes` that is there; two different balances of one code cannot both be true."""
    for code in codes:
        found = [b for b in node.iterfind("Bal") if text_of(b, "Tp/CdOrPrtry/Cd") == code]
        read = {(only_day(b.find("Dt")), money_of(b, b.find("Amt"))) for b in found}
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


def _period(node: Any, movements: tuple[Movement, ...], closing_day: date) -> tuple[date, date]:
    booked = [m.booked_on for m in movements]
    since, until = text_of(node, "FrToDt/FrDtTm"), text_of(node, "FrToDt/ToDtTm")
    if not since or not until:
        last = max([closing_day, *booked])
        return min(booked, default=last), last
    start, end = day_of(since, line=None), day_of(until, line=None)
    if until[10:].startswith("T00:00:00") and end > start:
        end -= _DAY
    return min([start, *booked]), max([end, start, *booked])
