"""A transfer that pays for water, and the bank code that carries it (ZBP „Rekomendacja – Standard 2D”, 2013)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ebok.kernel.money import GROSZ

NAME_LENGTH: Final = 20
TITLE_LENGTH: Final = 32
TRANSFER_TITLE_LENGTH: Final = 140
CODE_LENGTH: Final = 160
LARGEST_AMOUNT: Final = Decimal("99999999.99")
_AMOUNT_DIGITS: Final = 6
_DIRECT_DEBIT_LENGTH: Final = 20
_INVOOBILL_LENGTH: Final = 12
_RESERVED_LENGTH: Final = 24
_LETTERS: Final = "A-Za-zĄĆĘŁŃÓŚŹŻąćęłńóśźż"
_FORBIDDEN: Final = re.compile(rf"[^{_LETTERS}0-9 ,./\\@#&*_-]")
_TITLE_WHEN_NOTHING_FITS: Final = "Woda i ścieki"


class TransferCodeProblem(StrEnum):
    """Why no code can be made."""

    BAD_NIP = "bad_nip"
    BAD_ACCOUNT = "bad_account"
    BAD_AMOUNT = "bad_amount"
    NO_NAME = "no_name"
    NO_TITLE = "no_title"


class UnableToMakeTransferCode(ValueError):
    """The data do not fit the standard; `problem` says which."""

    def __init__(self, problem: TransferCodeProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDetails:
    """What a payer's bank needs to know. `amount` in złoty; zero means that the payer types it.

    `nip` is empty when the recipient is a person; `nrb` has 26 digits.
    """

    nip: str
    nrb: str
    amount: Decimal
    name: str
    title: str
    direct_debit_id: str = ""
    invoobill_id: str = ""
    reserved: str = ""


def allowed_text(text: str) -> str:
    """Return the text in the characters the standard allows: foreign accents lose the accent, the rest is left out."""
    plain = "".join(c if not _FORBIDDEN.match(c) else _without_accent(c) for c in text)
    return " ".join(plain.split())


def recipient_name(*, name: str, short_name: str) -> str:
    """Return the recipient as 20 characters can hold it: the full name, else the short one, else its beginning."""
    full, short = allowed_text(name), allowed_text(short_name)
    return full if len(full) <= NAME_LENGTH else (short or full)[:NAME_LENGTH].rstrip()


def transfer_title(*, invoice_numbers: Sequence[str], customer_number: str, limit: int = TITLE_LENGTH) -> str:
    """Return `FV <no> <customer no>` in at most `limit` characters; without invoices, the customer number alone.

    `FV` is left out when the first invoice number itself begins with a letter (`FV/2026/…`, `FK/2026/…`).

    A number is written whole or left out: a cut one could name somebody else's invoice. Left out first is the
    customer number (an invoice number names its account), then the invoice numbers.
    """
    customer = customer_number if _whole(customer_number) else ""
    invoices = " ".join(invoice_numbers) if invoice_numbers and all(map(_whole, invoice_numbers)) else ""
    said = invoices if invoices[:1].isalpha() else f"FV {invoices}"
    choices = [f"{said} {customer}", said] if invoices else []
    choices += [f"Klient {customer}", customer] if customer else []
    return next((c for c in map(str.strip, choices) if len(c) <= limit), _TITLE_WHEN_NOTHING_FITS)


def transfer_code(details: TransferDetails) -> str:
    """Return the text of the bank code: nine fields joined by `|`, at most 160 characters.

    Check digits of the NIP and the account are the caller's business; here only their shape is looked at.

    :raises UnableToMakeTransferCode: with the field that does not fit.
    """
    amount = _grosze(details.amount)
    name, title = allowed_text(details.name)[:NAME_LENGTH], allowed_text(details.title)[:TITLE_LENGTH]
    _require(not details.nip or _digits(details.nip, 10), TransferCodeProblem.BAD_NIP)
    _require(_digits(details.nrb, 26), TransferCodeProblem.BAD_ACCOUNT)
    _require(bool(name.strip()), TransferCodeProblem.NO_NAME)
    _require(bool(title.strip()), TransferCodeProblem.NO_TITLE)
    reserved_length = _RESERVED_LENGTH - (len(amount) - _AMOUNT_DIGITS)
    tail = [
        allowed_text(details.direct_debit_id)[:_DIRECT_DEBIT_LENGTH],
        allowed_text(details.invoobill_id)[:_INVOOBILL_LENGTH],
        allowed_text(details.reserved)[:reserved_length],
    ]
    return "|".join([details.nip, "PL", details.nrb, amount, name.strip(), title.strip(), *tail])


def _without_accent(character: str) -> str:
    if character.isspace():
        return " "
    return _FORBIDDEN.sub("", unicodedata.normalize("NFKD", character))


def _whole(number: str) -> bool:
    return bool(number) and allowed_text(number) == number


def _grosze(amount: Decimal) -> str:
    fits = amount.is_finite() and 0 <= amount <= LARGEST_AMOUNT and amount == amount.quantize(GROSZ)
    _require(fits, TransferCodeProblem.BAD_AMOUNT)
    return f"{int(amount * 100):0{_AMOUNT_DIGITS}d}"


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _require(condition: object, problem: TransferCodeProblem) -> None:
    if not condition:
        raise UnableToMakeTransferCode(problem)
