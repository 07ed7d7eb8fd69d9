"""An account that the registry gives to another holder: what the former one decided about invoices ends."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ebok.audit.domain import Actor
from ebok.customers.domain import RegistryRow
from ebok.customers.operations import register_accounts
from ebok.customers.operations.registry import Registered
from ebok.terms.operations import end_consents


@transaction.atomic
def change_accounts(*, rows: Sequence[RegistryRow], acting: Actor, now: datetime) -> Registered:
    """Write accounts as the registry gives them; where another holder stands from now on, every consent ends."""
    report = register_accounts(rows=rows, acting=acting, now=now)
    if report.handed_over:
        end_consents(account_ids=report.handed_over, today=timezone.localdate(now), acting=acting, now=now)
    return report
