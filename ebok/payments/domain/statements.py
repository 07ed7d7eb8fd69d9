"""Bank statements as read from MT940 or camt.053, before anything is booked."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Final

from ebok.kernel.identifiers import NRB_LENGTH, nrb, nrb_check_digits
from ebok.kernel.money import plain
from ebok.kernel.refusals import RefusalCode, UnableToTake

NO_REFERENCE: Final = frozenset({"", "NONREF", "NOTPROVIDED"})
_GROUPS_OF_DIGITS: Final = re.compile(r"[0-9]+(?:[ \n-]{1,2}[0-9]+)*")
_HYPHENS_TO_SPACES: Final = str.maketrans("-", " ")
_COLLECT_MARK: Final = "ID IPH"
_COLLECT_ID: Final = re.compile(r"\bID IPH:?\s*([A-Z0-9]{4,34})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement on the utility's own account.

    `amount` in złoty, positive when money came in. `accounts_mentioned` are the valid NRBs found
    anywhere in the details other than the own account and the counterparty's; `collect_id` is the
    bank's payer id (mBank `ID IPH`). `reversal` marks a bank's own reversal (RC, RD, `RvslInd`).
    """

    position: int
    booked_on: date
    value_on: date
    amount: Decimal
    reversal: bool
    bank_reference: str
    counterparty_name: str
    counterparty_nrb: str
    accounts_mentioned: tuple[str, ...]
    collect_id: str
    title: str
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of one own account: opening + Σ movements = closing (I5, checked by the reader).

    `first_day` and `last_day` are the days the statement speaks for, both included.
    """

    own_nrb: str
    number: str
    first_day: date
    last_day: date
    opening: Decimal
    closing: Decimal
    movements: tuple[Movement, ...]


def own_account(text: str) -> str:
    """Return the 26 digits of the account a statement is of, written with or without `/` and `PL`.

    :raises UnableToTake: `unknown_own_account` when it is no Polish account with right check digits.
    """
    found = nrb(text.strip().removeprefix("/"))
    if found is None:
        raise unknown_own_account(text)
    return found


def unknown_own_account(text: str) -> UnableToTake:
    """The refusal of a statement of somebody else's account."""
    return UnableToTake(
        RefusalCode.UNKNOWN_OWN_ACCOUNT,
        f"Wyciąg dotyczy rachunku {text.strip()[:40]}, którego nie ma wśród rachunków przedsiębiorstwa. "
        "Dopisz ten rachunek w ustawieniu EBOK_UTILITY_IBANS albo wybierz inny plik.",
    )


def conserve(*, opening: Decimal, amounts: Iterable[Decimal], closing: Decimal, number: str) -> None:
    """Prove invariant I5: opening balance + Σ movements = closing balance.

    :raises UnableToTake: `conservation`.
    """
    total = sum(amounts, opening)
    if total != closing:
        raise UnableToTake(
            RefusalCode.CONSERVATION,
            f"Wyciąg {number[:40]}: saldo początkowe i operacje dają {plain(total)} zł, a saldo końcowe to "
            f"{plain(closing)} zł. Pobierz wyciąg z banku jeszcze raz.",
        )


def accounts_in(text: str, *, other_than: Iterable[str]) -> tuple[str, ...]:
    """Return the NRBs with right check digits in a text, also grouped or broken by a line end, each once, in order."""
    found: dict[str, None] = {}
    for run in _GROUPS_OF_DIGITS.findall(text):
        if len(run) >= NRB_LENGTH:
            found.update(dict.fromkeys(_of_account_length(run.translate(_HYPHENS_TO_SPACES).split())))
    left_out = frozenset(other_than)
    return tuple(n for n in found if n not in left_out and nrb_check_digits(n[2:]) == n[:2])


def _of_account_length(groups: Sequence[str]) -> Iterator[str]:
    """Every whole number of neighbouring groups that have 26 digits together."""
    for start in range(len(groups)):
        digits = ""
        for group in groups[start:]:
            digits += group
            if len(digits) >= NRB_LENGTH:
                break
        if len(digits) == NRB_LENGTH:
            yield digits


def collect_id_in(text: str) -> str:
    """Return the payer id of a collect payment (mBank's `ID IPH: XX…`), or an empty text."""
    found = _COLLECT_ID.search(text) if _COLLECT_MARK in text else None
    return found[1] if found else ""


def squeezed(text: str) -> str:
    """Drop spaces at the ends and repeated ones inside."""
    return " ".join(text.split())


def content_keys(*, own_nrb: str, movements: Sequence[Movement]) -> list[bytes]:
    """Return for each movement the hash of what makes it this movement, whichever statement reports it.

    Names and free details are left out: banks word them differently in a daily and a monthly statement.
    """
    return [sha256("\x1f".join([own_nrb, *_identity(m)]).encode()).digest() for m in movements]


def _identity(m: Movement) -> tuple[str, ...]:
    title = "".join(m.title.split()).casefold()
    direction = "R" if m.reversal else ""
    dates = (m.booked_on.isoformat(), m.value_on.isoformat())
    return (*dates, plain(m.amount), direction, m.bank_reference, m.counterparty_nrb, m.collect_id, title)


def fingerprints(*, keys: Sequence[bytes], known: Counter[bytes]) -> list[bytes]:
    """Number equal movements apart: the n-th of a content, counting the `known` ones already booked."""
    seen = Counter(known)
    result = []
    for key in keys:
        result.append(sha256(key + seen[key].to_bytes(4, "big")).digest())
        seen[key] += 1
    return result
