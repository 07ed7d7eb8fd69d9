"""Booked entries of camt.053 and the payments each of them is made of."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree

from ebok.adapters.camt053.parts import Part
from ebok.adapters.camt053.values import amount_of, money_of, only_day, sign_of
from ebok.kernel.identifiers import nrb
from ebok.kernel.money import plain
from ebok.kernel.refusals import RefusalCode, UnableToTake
from ebok.payments.domain import NO_REFERENCE, Movement, accounts_in, collect_id_in, squeezed

_TRUE: Final = frozenset({"true", "1"})
_REFERENCES: Final = ("Refs/EndToEndId", "Refs/TxId", "Refs/AcctSvcrRef")
_ENTRY_REFERENCES: Final = ("AcctSvcrRef", "NtryRef")
_TITLES: Final = (
    "RmtInf/Ustrd",
    "RmtInf/Strd/CdtrRefInf/Ref",
    "RmtInf/Strd/RfrdDocInf/Nb",
    "RmtInf/Strd/AddtlRmtInf",
)
# A blank line keeps the digits of neighbouring elements apart.
_BETWEEN: Final = "\n\n"
_texts: Final = etree.XPath("descendant::text()[normalize-space()]", smart_strings=False)


def movements_of(entry: Part, own: str, positions: Iterator[int]) -> Iterator[Movement]:
    """Yield the payments of one booked entry, whose sum is the entry, each at the next position.

    :raises UnableToTake: `conservation` when the details do not add up to the entry.
    """
    details = [Part(tx) for tx in entry.all("NtryDtls/TxDtls")]
    total = money_of(entry)
    amounts: list[Decimal | None] = [_amount(tx, sign_of(entry)) for tx in details] or [total]
    if len(amounts) == 1 and amounts[0] is None:
        amounts = [total]
    _must_add_up(entry, amounts, total)
    payments: Sequence[Part | None] = details or [None]
    for tx, amount in zip(payments, amounts, strict=True):
        yield _movement(entry, tx, amount or Decimal(0), own, alone=len(amounts) == 1, position=next(positions))


def _amount(tx: Part, entry_sign: int) -> Decimal | None:
    """What one payment of an entry moved; None when the bank gives no sum in the account's currency."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        element = tx.one(path)
        if element is not None and element.get("Ccy") == "PLN":
            return (sign_of(tx) or entry_sign) * amount_of(element)
    return None


def _must_add_up(entry: Part, amounts: list[Decimal | None], total: Decimal) -> None:
    given = [a for a in amounts if a is not None]
    if len(given) < len(amounts) or sum(given) != total:
        raise UnableToTake(
            RefusalCode.CONSERVATION,
            f"Operacja na {plain(total)} zł składa się z płatności, które nie dają tej sumy. "
            "Pobierz wyciąg z banku jeszcze raz.",
            line=entry.line,
        )


def _movement(entry: Part, tx: Part | None, amount: Decimal, own: str, *, alone: bool, position: int) -> Movement:
    reversal = entry.text("RvslInd") in _TRUE
    name, account = _counterparty(tx, paid_in=(amount > 0) != reversal) if tx is not None else ("", "")
    text = _text(entry, tx, alone=alone)
    booked_on = _day(entry, "BookgDt", "ValDt")
    return Movement(
        position=position,
        booked_on=booked_on,
        value_on=_day(entry, "ValDt", "BookgDt"),
        amount=amount,
        reversal=reversal,
        bank_reference=_reference(entry, tx, alone=alone),
        counterparty_name=name,
        counterparty_nrb=account,
        accounts_mentioned=accounts_in(text, other_than=(own, account)),
        collect_id=collect_id_in(text),
        title=_title(entry, tx, alone=alone),
        details=text,
    )


def _counterparty(tx: Part, *, paid_in: bool) -> tuple[str, str]:
    """Who stands on the other side: the debtor of what was paid in, also when the bank takes it back."""
    side = "Dbtr" if paid_in else "Cdtr"
    name = tx.first(f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")
    account = tx.first(f"RltdPties/{side}Acct/Id/IBAN", f"RltdPties/{side}Acct/Id/Othr/Id")
    return squeezed(name), nrb(account) or ""


def _text(entry: Part, tx: Part | None, *, alone: bool) -> str:
    parts = _texts(tx.element) if tx is not None else []
    if alone and (more := entry.one("AddtlNtryInf")) is not None:
        parts += _texts(more)
    return _BETWEEN.join(filter(None, map(squeezed, parts)))


def _reference(entry: Part, tx: Part | None, *, alone: bool) -> str:
    given = [tx.text(path) for path in _REFERENCES] if tx is not None else []
    if alone:
        given += [entry.text(path) for path in _ENTRY_REFERENCES]
    return next((r for r in given if r not in NO_REFERENCE), "")


def _title(entry: Part, tx: Part | None, *, alone: bool) -> str:
    title = ""
    if tx is not None:
        title = squeezed(" ".join(n.text or "" for path in _TITLES for n in tx.all(path)))
        title = title or squeezed(tx.text("AddtlTxInf"))
    return title or (squeezed(entry.text("AddtlNtryInf")) if alone else "")


def _day(entry: Part, *paths: str) -> date:
    given = next((path for path in paths if entry.one(path) is not None), None)
    if given is None:
        raise UnableToTake(
            RefusalCode.MISSING_VALUE,
            "Operacja nie ma daty księgowania. Pobierz wyciąg z banku jeszcze raz.",
            line=entry.line,
        )
    return only_day(entry, given)
