"""Comparing balances with what the billing system says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum

from ebok.billing.models import BalanceComparison, LedgerEntry
from ebok.kernel.money import ZERO


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


@transaction.atomic
def compare_balances(*, claimed: Sequence[ClaimedBalance], now: datetime) -> list[ComparedBalance]:
    """Put each claimed balance beside the ledger's for that day, and keep both; the latest one speaks."""
    ours = _balances(claimed)
    compared = [
        ComparedBalance(account_id=c.account_id, as_of=c.as_of, theirs=c.balance, ours=ours[c.account_id, c.as_of])
        for c in claimed
    ]
    BalanceComparison.objects.bulk_create(
        BalanceComparison(account_id=c.account_id, as_of=c.as_of, theirs=c.theirs, ours=c.ours, compared_at=now)
        for c in compared
    )
    return compared


def _balances(claimed: Sequence[ClaimedBalance]) -> Mapping[tuple[int, date], Decimal]:
    found = {(c.account_id, c.as_of): ZERO for c in claimed}
    for day in {c.as_of for c in claimed}:
        accounts = [c.account_id for c in claimed if c.as_of == day]
        rows = LedgerEntry.objects.filter(Q(account_id__in=accounts), booked_on__lte=day)
        for account, balance in rows.values_list("account_id").annotate(balance=Sum("amount")).order_by():
            found[account, day] = balance
    return found
