"""To whom and where a paper invoice goes: the lines in the window of the envelope, and the address they make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ebok.billing.domain.invoices import Party
from ebok.customers.domain import NOWHERE, Address
from ebok.kernel.names import is_same_name

_TOWN: Final = re.compile(r"(?:(?P<before>.*\S)[\s,]+)?(?P<code>[0-9]{2}-[0-9]{3})\s+(?P<city>\S.*)")
_NUMBER: Final = re.compile(r"(?P<street>.*?\S)\s+(?P<house>[0-9]\S*)(?:\s*(?:/|m\.?|lok\.?)\s*(?P<flat>[0-9]\S*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a letter is for. `lines` are as printed under the name; `address` sorts it, and is empty when unknown."""

    name: str
    lines: tuple[str, ...]
    address: Address = NOWHERE


def recipient_of(*, buyer: Party, holder: str, correspondence: Address) -> Recipient:
    """Say where the invoice goes: to the correspondence address of the account, else to the buyer's on the invoice.

    The address of an account is its present holder's. Of an invoice to somebody else it is not used: that is how the
    bill of a former owner would tell where the present one lives.
    """
    if correspondence and is_same_name(holder, buyer.name):
        town = f"{correspondence.postal_code} {correspondence.city}".strip()
        lines = tuple(line for line in (correspondence.place, town) if line)
        return Recipient(name=buyer.name, lines=lines, address=correspondence)
    return Recipient(name=buyer.name, lines=buyer.address_lines, address=address_in(buyer.address_lines))


def address_in(lines: Sequence[str]) -> Address:
    """Read `ul. Polna 1/2`, `05-400 Otwock` (also on one line) as an address; empty when there is no postal code."""
    found = next((match for line in lines if (match := _TOWN.fullmatch(line.strip()))), None)
    if found is None:
        return NOWHERE
    places = [line.strip() for line in lines if not _TOWN.fullmatch(line.strip())]
    place = found["before"] or (places[0] if places else "")
    city = found["city"].strip()
    number = _NUMBER.fullmatch(place.rstrip(","))
    if number is None:
        return Address(street=place, house="", flat="", postal_code=found["code"], city=city)
    house, _, flat = number["house"].partition("/")
    street = "" if number["street"] == city else number["street"]
    return Address(street=street, house=house, flat=number["flat"] or flat, postal_code=found["code"], city=city)
