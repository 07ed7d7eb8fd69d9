"""Bank statements as read from MT940 or camt.053, before anything is booked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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
