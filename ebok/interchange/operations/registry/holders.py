"""An account that the registry gives to another holder: what the former one decided about invoices ends."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ebok.audit.domain import Actor
from ebok.customers.domain import CustomerScope, RegistryRow
from ebok.customers.operations import register_accounts
from ebok.customers.operations.registry import Registered
from ebok.customers.queries import accounts_by_number, holders
from ebok.terms.operations import end_consents


@transaction.atomic
def change_accounts(*, rows: Sequence[RegistryRow], acting: Actor, now: datetime) -> Registered:
    """Write accounts as the registry gives them; where another holder stands from now on, every consent ends."""
    scope = CustomerScope.whole(acting=acting.name)
    before = holders(
        scope=scope, account_ids=accounts_by_number(scope=scope, numbers={row.key for row in rows}).values()
    )
    report = register_accounts(rows=rows, acting=acting, now=now)
    after = holders(scope=scope, account_ids=before)
    others = [account for account, held in before.items() if not held.is_same_holder(after[account])]
    if others:
        end_consents(account_ids=others, today=timezone.localdate(now), acting=acting, now=now)
    return report
