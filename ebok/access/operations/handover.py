"""What is left of an owner's time ends on the day it ends: the contacts they changed are the registry's again."""

from datetime import date, datetime, timedelta
from typing import Final

from ebok.access.domain import GrantRole
from ebok.access.models import Grant
from ebok.audit.domain import Actor
from ebok.customers.operations import end_contact_changes
from ebok.foundation import clock

LOOKED_BACK: Final = timedelta(days=31)
"""How late an ownership that ran out by itself is still noticed, should the worker stand still."""


def hand_over_contacts(*, account_id: int, acting: Actor, now: datetime) -> None:
    """End what was changed about the contacts of an account whose owner owns it no more."""
    end_contact_changes(account_ids=[account_id], made_before=None, acting=acting, now=now)


def hand_over_what_ran_out(*, today: date, acting: Actor, now: datetime) -> None:
    """The same for ownerships whose day came since; what a later owner changed stays."""
    since = today - LOOKED_BACK
    ran_out = Grant.objects.filter(role=GrantRole.OWNER.value, revoked_at__isnull=True, ends_on__range=(since, today))
    for account_id, ends_on in ran_out.order_by("id").values_list("account_id", "ends_on"):
        if ends_on is not None:
            end_contact_changes(
                account_ids=[account_id], made_before=clock.day_start(ends_on), acting=acting, now=now
            )  # fmt: skip
