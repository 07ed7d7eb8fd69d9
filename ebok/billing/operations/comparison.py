"""Comparing balances with what the billing system says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum

from ebok.billing.models import BalanceComparison, LedgerEntry
from ebok.foundation.lookups import among
from ebok.kernel.money import ZERO

AccountDay = tuple[int, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedBalance:
    """What the billing system says an account owed at the end of the day `as_of`, in złoty."""

    account_id: int
    balance: Decimal
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedBalance:
    """Both balances at the end of that day."""

    account_id: int
    as_of: date
    theirs: Decimal
    ours: Decimal

    @property
    def differs(self) -> bool:
        """Say whether they are not the same."""
        return self.theirs != self.ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was compared, row by row, and how many of the comparisons said something new."""

    rows: tuple[ComparedBalance, ...]
    kept: int


@transaction.atomic
def compare_balances(*, claimed: Sequence[ClaimedBalance], now: datetime) -> Comparison:
    """Put each claimed balance beside the ledger's for that day, and keep both where that says something new.

    For an account and a day the last claim speaks; of an account's days the newest does.
    """
    ours = _balances(claimed)
    compared = [
        ComparedBalance(account_id=c.account_id, as_of=c.as_of, theirs=c.balance, ours=ours[c.account_id, c.as_of])
        for c in claimed
    ]
    speaking = {(c.account_id, c.as_of): c for c in compared}
    known = _known(claimed)
    fresh = [c for day, c in speaking.items() if known.get(day) != (c.theirs, c.ours)]
    BalanceComparison.objects.bulk_create(
        BalanceComparison(account_id=c.account_id, as_of=c.as_of, theirs=c.theirs, ours=c.ours, compared_at=now)
        for c in fresh
    )
    return Comparison(rows=tuple(compared), kept=len(fresh))


def _known(claimed: Sequence[ClaimedBalance]) -> dict[AccountDay, tuple[Decimal, Decimal]]:
    """What the latest comparison of each of these accounts and days said: theirs and ours."""
    rows = BalanceComparison.objects.filter(
        among("account_id", {c.account_id for c in claimed}), as_of__in={c.as_of for c in claimed}
    )
    said = rows.order_by("id").values_list("account_id", "as_of", "theirs", "ours")
    return {(account, day): (theirs, ours) for account, day, theirs, ours in said}


def _balances(claimed: Sequence[ClaimedBalance]) -> Mapping[AccountDay, Decimal]:
    found = {(c.account_id, c.as_of): ZERO for c in claimed}
    for day in {c.as_of for c in claimed}:
        accounts = [c.account_id for c in claimed if c.as_of == day]
        rows = LedgerEntry.objects.filter(Q(account_id__in=accounts), booked_on__lte=day)
        for account, balance in rows.values_list("account_id").annotate(balance=Sum("amount")).order_by():
            found[account, day] = balance
    return found
