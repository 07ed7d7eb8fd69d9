"""What enrolment prints."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ebok.billing.domain.visualization import OfficeFacts
from ebok.customers.domain import Address
from ebok.enrolment.domain.activation import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivationLetter:
    """One letter with an activation code: to whom, for which accounts, the code ungrouped, the last day it works.

    `page_url` is where the code is typed; it carries no code and no data of anybody: addresses are remembered by
    browsers, and by whatever reads a QR code.
    """

    account_numbers: tuple[str, ...]
    name: str
    address_lines: tuple[str, ...]
    code: str
    printed_on: date
    last_day: date
    page_url: str
    office: OfficeFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLetter:
    """A letter nobody has printed yet. `ordered_by_customer`: ordered on the public page, else by staff.

    `fetched_by` is the actor who first had its file, and with it its code.
    """

    id: int
    delivery: Delivery
    account_numbers: tuple[str, ...]
    name: str
    address: Address
    ordered_at: datetime
    ordered_by_customer: bool
    expires_at: datetime
    fetched_at: datetime | None = None
    fetched_by: str = ""


def in_postal_order(letters: Iterable[WaitingLetter]) -> list[WaitingLetter]:
    """Sort letters as the post sorts them: by postal code, town, street, house and flat."""
    return sorted(letters, key=lambda letter: (*_place(letter.address), letter.name, letter.id))


def _place(address: Address) -> tuple[str, str, str, tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]:
    return (address.postal_code, address.city, address.street, _number(address.house), _number(address.flat))


def _number(text: str) -> tuple[tuple[int, str], ...]:
    """`2` before `10`, `10` before `10A`."""
    parts = re.findall(r"([0-9]*)([^0-9]*)", text.upper())
    return tuple((int(digits or 0), rest) for digits, rest in parts if digits or rest)
