"""Chance that repeats: the same seed and name always give the same numbers."""

import hashlib
import random
from datetime import date, timedelta
from typing import Final

from ebok.jobs.demo import utility
from ebok.kernel.identifiers import ksef_check_digits

_NIP_WEIGHTS: Final = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_PESEL_WEIGHTS: Final = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_ELEVEN: Final = 11
# No tax office issues NIPs that start like this, so none of them belongs to a real firm.
_NIP_PREFIX: Final = "999"


def dice(seed: int, name: str) -> random.Random:
    """A source of chance of its own for `name`, so that one more account moves no other account's numbers."""
    return random.Random(f"{seed}:{name}")  # noqa: S311 - repeatable on purpose, guards nothing


def nip(number: int) -> str:
    """The `number`-th fictional NIP, check digit right."""
    while True:
        body = _NIP_PREFIX + f"{number % 1_000_000:06d}"
        check = sum(int(digit) * weight for digit, weight in zip(body, _NIP_WEIGHTS, strict=True)) % _ELEVEN
        if check < _ELEVEN - 1:
            return f"{body}{check}"
        number += 500_000


def pesel(chance: random.Random) -> str:
    """A PESEL of somebody born in the 19th century: right in every digit, and nobody's alive."""
    born = date(1840, 1, 1) + timedelta(days=chance.randrange(20_000))
    body = f"{born.year % 100:02d}{born.month + 80:02d}{born.day:02d}{chance.randrange(10_000):04d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _PESEL_WEIGHTS, strict=True))
    return f"{body}{(10 - total % 10) % 10}"


def ksef_number(*, seed: int, invoice_number: str, given_on: date) -> str:
    """The number KSeF would give to an invoice, its CRC-8 right."""
    unique = hashlib.sha256(f"{seed}:{invoice_number}".encode()).hexdigest()[:12].upper()
    body = f"{utility.NIP}-{given_on:%Y%m%d}-{unique}"
    return f"{body}-{ksef_check_digits(body)}"
