"""What a print batch is made of, and the order in which the post wants it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ebok.billing.domain.recipients import Recipient
from ebok.billing.domain.visualization import InvoiceDocument, OfficeFacts
from ebok.customers.domain import Address

PRINTED_AT_ONCE: Final = 150
"""Most invoices in one batch: what one person folds at a time, and some 350 MB of memory while the file is made."""
_LETTERS: Final = "aąbcćdeęfghijklłmnńoóprsśtuvwxyzźż"
_PLACES: Final = {letter: chr(ord("a") + place) for place, letter in enumerate(_LETTERS)}
_ALPHABET: Final = str.maketrans(_PLACES)
_PARTS: Final = re.compile(r"([0-9]+)")
_KINDS_OF_STREET: Final = ("ul. ", "ulica ", "al. ", "aleja ", "pl. ", "plac ", "os. ", "osiedle ")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintItem:
    """One invoice of a batch: drawn from `document`, or the pages of `supplied_pdf` when the billing system gave it."""

    document: InvoiceDocument
    supplied_pdf: bytes = b""

    @property
    def number(self) -> str:
        """The invoice number."""
        return self.document.invoice.number

    @property
    def recipient(self) -> Recipient:
        """To whom and where it is posted."""
        return self.document.sent_to


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintCover:
    """What the list in front of a batch says of it: its number, the day it was made, and whose it is.

    With `both_sides` each invoice begins on a sheet of its own; otherwise the list asks for one side only, since the
    back of a letter may never be somebody else's.
    """

    batch: int
    made_on: date
    office: OfficeFacts
    both_sides: bool = False


def in_postal_order(items: Iterable[PrintItem]) -> list[PrintItem]:
    """Order by postal code, city, street and house as people count: 2 before 10, 10 before 10a, ł after l.

    An invoice whose address could not be read stands last, by its lines.
    """
    return sorted(items, key=_postal_key)


def _postal_key(item: PrintItem) -> tuple[Any, ...]:
    to = item.recipient
    return not to.address, *_address_key(to.address), *(_natural(line) for line in (to.name, item.number))


def _address_key(address: Address) -> tuple[Any, ...]:
    street = address.street.casefold()
    kind = next((kind for kind in _KINDS_OF_STREET if street.startswith(kind)), "")
    names = (address.city, street.removeprefix(kind), address.house, address.flat)
    return address.postal_code, *map(_natural, names)


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """Compare runs of digits as numbers and letters in the order of the Polish alphabet."""
    parts = _PARTS.split(text.casefold().translate(_ALPHABET))
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts if part)
