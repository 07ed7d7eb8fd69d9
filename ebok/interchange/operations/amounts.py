"""Amounts in the billing system's tables."""

import re
from decimal import Decimal
from typing import Final

from ebok.kernel.refusals import RefusalCode, UnableToTake

_AMOUNT: Final = re.compile(r"([+-]?)([0-9]{1,12})(?:[.,]([0-9]{1,2}))?", re.ASCII)


def amount(cell: str) -> Decimal:
    """Złoty with a comma or a dot and at most two decimals; spaces between digits are left out.

    :raises UnableToTake: `bad_number`.
    """
    match = _AMOUNT.fullmatch("".join(cell.split()).replace("−", "-"))
    if match is None:
        raise UnableToTake(
            RefusalCode.BAD_NUMBER, f"„{cell[:40]}” to nie jest kwota. Wpisz ją na przykład jako 125,50."
        )
    value = Decimal(f"{match[2]}.{match[3] or '00':0<2}")
    return -value if match[1] == "-" else value
