"""Telling a genuine invoice from a forged one: what was found, what may be told, and when which field differs."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ebok.einvoicing.domain.ways import TOKEN_LENGTH
from ebok.kernel import identifiers

PRINTED: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, of which codes are made."""
LONGEST_TYPED: Final = 512
"""More than that is no longer looked at."""
_LOOK_ALIKES: Final = str.maketrans("OILU", "011V")
_PATH: Final = "/F/"
_ABROAD: Final = re.compile(r"(?!PL)[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


class CheckWay(StrEnum):
    """How somebody asks whether an invoice is genuine."""

    CODE = "code"
    TYPED = "typed"
    FILE = "file"


class Finding(StrEnum):
    """What a check found. None of them is a bare yes: a forger can copy a genuine code or number."""

    KNOWN_CODE = "known_code"
    """There is an invoice with this code; whether the paper is it, its reader compares."""
    UNKNOWN_CODE = "unknown_code"
    ALL_AGREE = "all_agree"
    """Account, number and amount are those of one invoice."""
    NOT_OUR_ACCOUNT = "not_our_account"
    """The account is nobody's here, and never was: not the utility's, not a customer's, printed on no invoice."""
    ACCOUNT_DIFFERS = "account_differs"
    """Number and amount agree; the account is ours, but not that invoice's."""
    AMOUNT_DIFFERS = "amount_differs"
    NUMBER_DIFFERS = "number_differs"
    CANNOT_CONFIRM = "cannot_confirm"
    """The account is ours, and at most one thing agrees: which one, and whether any does, is not told."""
    FILE_UNCHANGED = "file_unchanged"
    FILE_ALTERED = "file_altered"
    """It bears our seal, but was changed afterwards."""
    FILE_UNLISTED = "file_unlisted"
    """Our seal holds, but it is the file of no invoice here."""
    FILE_NOT_OURS = "file_not_ours"
    FILE_UNCHECKED = "file_unchecked"
    """It is the file of no invoice here, and there is nothing to read seals with: nothing can be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCompare:
    """What stands on the genuine invoice, for its reader to compare. Holds no name, no address and no debt.

    `nrb` is empty when it prints no account. `amount` is in złoty, below zero on a correction that gives back;
    `is_gross`: it is the gross total, and the invoice asks for another sum. `due_on` is None when nothing is due.
    """

    nrb: str
    amount: Decimal
    is_gross: bool
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found; `compare` when there is a genuine invoice that may be told of.

    `misspelled`: the account is not ours, and its check digits are wrong, so that it is nobody's at all.
    `abroad`: it is an account of another country.
    """

    finding: Finding
    compare: ToCompare | None = None
    misspelled: bool = False
    abroad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Which of the other two things typed agree with the invoice whose number was typed."""

    account: bool
    amount: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReport:
    """Reports of a suspect invoice that say the same, and that nobody in the office has dealt with.

    `id` is the newest of `times`; `typed` is what was typed, by field; `file_sha256` in hexadecimal, or empty.
    """

    id: int
    times: int
    first_at: datetime
    last_at: datetime
    way: CheckWay
    finding: Finding
    typed: Mapping[str, str] = field(default_factory=dict)
    file_sha256: str = ""


def is_account(nrb: str) -> bool:
    """Say whether 26 digits can be an account: their check digits are right (PN-F 01102)."""
    return identifiers.nrb(nrb) is not None


def is_abroad(account: str) -> bool:
    """Say whether this has the form of an account of another country (IBAN, ISO 13616): capitals, without blanks."""
    return _ABROAD.fullmatch(account) is not None


def may_be_ours(*, nrb: str, known: bool, knows_any: bool) -> bool:
    """Say whether an account is to be taken for ours: `known` here, or there is none to compare with (`knows_any`).

    Where nothing is set up yet, nothing is called foreign, except what cannot be an account.
    """
    return known or (not knows_any and is_account(nrb))


def judge(*, ours: bool, of_number: Iterable[Agreement], sum_on_account: bool) -> Finding:
    """Say what may be told of an account, a number and an amount.

    `ours`: the account is ours. `of_number` has one agreement for each invoice with this number (an invoice and a
    correction may share one). `sum_on_account`: some invoice with this amount is paid to this account.

    What differs is told only where the other two agree; where an account and something else could be meant, the
    account is named, since that is what the fraud swaps.
    """
    if not ours:
        return Finding.NOT_OUR_ACCOUNT
    found = {(one.account, one.amount) for one in of_number}
    if (True, True) in found:
        return Finding.ALL_AGREE
    if (False, True) in found:
        return Finding.ACCOUNT_DIFFERS
    if (True, False) in found:
        return Finding.AMOUNT_DIFFERS
    return Finding.NUMBER_DIFFERS if sum_on_account else Finding.CANNOT_CONFIRM


def amount_agrees(*, typed: Decimal, gross_total: Decimal, to_pay: Decimal) -> bool:
    """Say whether the amount typed stands on the invoice: its gross total, or what it asks for.

    A correction that gives back may be typed with or without its minus. Nothing to pay is no amount to go by.
    """
    return typed == gross_total or (to_pay > 0 and typed == to_pay) or (gross_total < 0 and typed == -gross_total)


def plain_token(typed: str) -> str:
    """What a person meant by a printed code: with its address or without, grouped or not, O for 0, I for 1.

    Empty when it cannot be one.
    """
    letters = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    bare = "".join(letter for letter in letters.rpartition(_PATH)[2].translate(_LOOK_ALIKES) if letter.isalnum())
    return bare if len(bare) == TOKEN_LENGTH and all(letter in PRINTED for letter in bare) else ""


def number_spellings(number: str) -> frozenset[str]:
    """How an invoice number may stand on file: as typed, in other letters, without its blanks.

    At most six, whatever was typed.
    """
    typed = " ".join(number.split())
    kinds = {typed, typed.replace(" ", "")}
    return frozenset({spelled for kind in kinds for spelled in (kind, kind.upper(), kind.lower())})


def counted_number(number: str) -> str:
    """One name for every spelling that finds the same invoice, wherever its blanks stand: tries are counted by it."""
    return "".join(number.split()).casefold()
