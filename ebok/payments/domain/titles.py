"""Which numbers a transfer's title may be naming: invoices and customer accounts.

A title is free text, so a bare number is taken only where it cannot well be a date, a month, a house or
a sum: wrong money is worse than a payment that waits for a person.
"""

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r"[^\s,;:()\[\]\"']+")
_EDGE: Final = ".-/_#"
_INVOICE_WORD: Final = re.compile(
    r"(?:FA?KT(?:UR[AYĘE]?)?|FV|FVAT|F|FA|F-RA|RACH(?:UNEK)?|NOTA|DOK(?:UMENT)?|NUMER|NR)\.?"
)
_BARE_NUMBER_WORD: Final = frozenset({"NR", "NR.", "NUMER"})
_ACCOUNT_WORD: Final = re.compile(
    r"(?:NR|NUMER|ID)?\.?(?:KLIENTA?|ODBIORC[AY]|KONT[AO]|P[ŁL]ATNIKA?|KONTRAHENTA?|ABONENTA?)\.?"
)
_FILLER: Final = frozenset({"NR", "NR.", "NUMER", "ID", "NO", "VAT"})
_MONTH: Final = re.compile(r"(?:0?[1-9]|1[0-2])[/.-]?20[0-9]{2}|20[0-9]{2}[/.-]?(?:0?[1-9]|1[0-2])")
_DATE: Final = re.compile(
    r"(?:[0-2]?[0-9]|3[01])[/.-]?(?:0?[1-9]|1[0-2])[/.-]?(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}[/.-]?(?:0?[1-9]|1[0-2])[/.-]?(?:[0-2]?[0-9]|3[01])"
)
_POSTAL_CODE: Final = re.compile(r"[0-9]{2}-[0-9]{3}")
_LONG_DIGITS: Final = 6
_LONG_MIXED: Final = 5
_JOINED_TOKENS: Final = 3
MAX_TITLE: Final = 500
MAX_NUMBERS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleNumbers:
    """What may be an invoice number and what may be an account number, in the order of the title."""

    invoices: tuple[str, ...]
    accounts: tuple[str, ...]


def numbers_in(title: str) -> TitleNumbers:
    """Return the candidate numbers of a title; whether they exist is for the caller to look up."""
    tokens = [t for t in (found.strip(_EDGE) for found in _TOKEN.findall(title[:MAX_TITLE])) if t]
    invoices: dict[str, None] = {}
    accounts: dict[str, None] = {}
    for index, token in enumerate(tokens):
        word = _word_before(tokens, index)
        of_invoice = bool(_INVOICE_WORD.fullmatch(word))
        if _may_be_number(token, told=of_invoice):
            invoices.update(dict.fromkeys((token, token.upper())))
        said_otherwise = of_invoice and word not in _BARE_NUMBER_WORD
        if not said_otherwise and _may_be_number(token, told=bool(_ACCOUNT_WORD.fullmatch(word))):
            accounts.update(dict.fromkeys((token, token.upper())))
        invoices.update(dict.fromkeys(_joined(tokens, index)))
    return TitleNumbers(invoices=tuple(invoices)[:MAX_NUMBERS], accounts=tuple(accounts)[:MAX_NUMBERS])


def _word_before(tokens: list[str], index: int) -> str:
    before = [t.upper() for t in tokens[max(0, index - 3) : index]]
    while len(before) > 1 and before[-1] in _FILLER:
        before.pop()
    return before[-1] if before else ""


def _may_be_number(token: str, *, told: bool) -> bool:
    """Say whether a token can be a number of ours; `told` when the word before it says so."""
    if not _has_digit(token):
        return False
    if told:
        return True
    if len(token) < (_LONG_DIGITS if token.isdigit() else _LONG_MIXED):
        return False
    return not (_MONTH.fullmatch(token) or _DATE.fullmatch(token) or _POSTAL_CODE.fullmatch(token))


def _has_digit(token: str) -> bool:
    return any(map(str.isdigit, token))


def _joined(tokens: list[str], index: int) -> list[str]:
    """Invoice numbers with a space inside, or cut in two by the width of a bank's line."""
    result = []
    for length in range(2, _JOINED_TOKENS + 1):
        parts = tokens[index : index + length]
        if len(parts) == length and _has_digit(parts[-1]):
            result += [form for text in ("".join(parts), " ".join(parts)) for form in (text, text.upper())]
    return [text for text in result if len(text) > _LONG_DIGITS]
