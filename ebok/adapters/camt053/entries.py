"""Booked entries of camt.053 and the payments each of them is made of."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from ebok.adapters.camt053.values import amount_of, first, money_of, only_day, sign_of, text_of
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


def movements_of(entry: Any, own: str) -> Iterator[Movement]:
    """Yield the payments of one booked entry, whose sum is the entry.

    :raises UnableToTake: `conservation` when the details do not add up to the entry.
    """
    details = entry.findall("NtryDtls/TxDtls")
    total = money_of(entry, entry.find("Amt"))
    amounts: list[Decimal | None] = [_amount(tx, sign_of(entry)) for tx in details] or [total]
    if len(amounts) == 1 and amounts[0] is None:
        amounts = [total]
    _must_add_up(entry, amounts, total)
    for tx, amount in zip(details or [None], amounts, strict=True):
        yield _movement(entry, tx, amount or Decimal(0), own, alone=len(amounts) == 1)


def _amount(tx: Any, entry_sign: int) -> Decimal | None:
    """What one payment of an entry moved; None when the bank gives no sum in the account's currency."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        element = tx.find(path)
        if element is not None and element.get("Ccy") == "PLN":
            return (sign_of(tx) or entry_sign) * amount_of(element)
    return None


def _must_add_up(entry: Any, amounts: list[Decimal | None], total: Decimal) -> None:
    given = [a for a in amounts if a is not None]
    if len(given) < len(amounts) or sum(given) != total:
        raise UnableToTake(
            RefusalCode.CONSERVATION,
            f"Operacja na {plain(total)} zł składa się z płatności, które nie dają tej sumy. "
            "Pobierz wyciąg z banku jeszcze raz.",
            line=entry.sourceline,
        )


def _movement(entry: Any, tx: Any, amount: Decimal, own: str, *, alone: bool) -> Movement:
    reversal = text_of(entry, "RvslInd") in _TRUE
    name, account = _counterparty(tx, paid_in=(amount > 0) != reversal) if tx is not None else ("", "")
    text = _text(entry, tx, alone=alone)
    booked_on = _day(entry, "BookgDt", "ValDt")
    return Movement(
        position=0,
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


def _counterparty(tx: Any, *, paid_in: bool) -> tuple[str, str]:
    """Who stands on the other side: the debtor of what was paid in, also when the bank takes it back."""
    side = "Dbtr" if paid_in else "Cdtr"
    name = first(tx, f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")
    account = first(tx, f"RltdPties/{side}Acct/Id/IBAN", f"RltdPties/{side}Acct/Id/Othr/Id")
    return squeezed(name), nrb(account) or ""


def _text(entry: Any, tx: Any, *, alone: bool) -> str:
    nodes = [node for node in (tx, entry.find("AddtlNtryInf") if alone else None) if node is not None]
    parts = (squeezed(part) for node in nodes for part in node.itertext())
    return _BETWEEN.join(part for part in parts if part)


def _reference(entry: Any, tx: Any, *, alone: bool) -> str:
    given = [text_of(tx, path) for path in _REFERENCES] if tx is not None else []
    if alone:
        given += [text_of(entry, path) for path in _ENTRY_REFERENCES]
    return next((r for r in given if r not in NO_REFERENCE), "")


def _title(entry: Any, tx: Any, *, alone: bool) -> str:
    parts = [n.text or "" for path in _TITLES for n in tx.iterfind(path)] if tx is not None else []
    if not any(part.strip() for part in parts):
        parts = [text_of(tx, "AddtlTxInf") if tx is not None else ""]
    if not any(part.strip() for part in parts) and alone:
        parts = [text_of(entry, "AddtlNtryInf")]
    return squeezed(" ".join(parts))


def _day(entry: Any, *paths: str) -> date:
    node = next((n for path in paths if (n := entry.find(path)) is not None), None)
    if node is None:
        raise UnableToTake(
            RefusalCode.MISSING_VALUE,
            "Operacja nie ma daty księgowania. Pobierz wyciąg z banku jeszcze raz.",
            line=entry.sourceline,
        )
    return only_day(node)
