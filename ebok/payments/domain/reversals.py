"""Which earlier credit a bank's reversal takes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from ebok.payments.domain.statements import Movement

REVERSIBLE_FOR: Final = timedelta(days=400)
"""Art. 44 ust. 2 ustawy o usługach płatniczych lets a payer object for 13 months; a later reversal is no clear case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierCredit:
    """A credit on the same own account that nothing has taken back. Without `entry_id` it waits unmatched."""

    movement_id: int
    amount: Decimal
    booked_on: date
    bank_reference: str
    counterparty_nrb: str
    accounts_mentioned: tuple[str, ...]
    collect_id: str
    account_id: int | None
    entry_id: int | None


def credit_taken_back(*, reversal: Movement, earlier: Sequence[EarlierCredit]) -> EarlierCredit | None:
    """Return the one earlier credit a reversal identifies, or None when there is none or more than one.

    The same sum, not later, not over `REVERSIBLE_FOR` before, and the same bank reference; without such a
    one the same counterparty. Nothing both sides tell may differ.
    """
    possible = [c for c in earlier if c.amount == -reversal.amount and _agrees(reversal, c)]
    by_reference = [c for c in possible if c.bank_reference and c.bank_reference == reversal.bank_reference]
    by_payer = [c for c in possible if c.counterparty_nrb and c.counterparty_nrb == reversal.counterparty_nrb]
    found = by_reference or by_payer
    return found[0] if len(found) == 1 else None


def _agrees(reversal: Movement, credit: EarlierCredit) -> bool:
    pairs = (
        (reversal.counterparty_nrb, credit.counterparty_nrb),
        (reversal.accounts_mentioned, credit.accounts_mentioned),
        (reversal.collect_id, credit.collect_id),
    )
    in_time = reversal.booked_on - REVERSIBLE_FOR <= credit.booked_on <= reversal.booked_on
    return in_time and all(not a or not b or a == b for a, b in pairs)
