"""What is left of an owner's time ends on the day it ends.

The contacts they changed are the registry's again, and nothing is sent any more to an address they named in eBOK.
"""

from datetime import date, datetime, timedelta
from typing import Final

from ebok.access.domain import GrantRole
from ebok.access.models import Grant
from ebok.audit.domain import Actor
from ebok.customers.operations import end_contact_changes
from ebok.foundation import clock
from ebok.terms.operations import end_consents

LOOKED_BACK: Final = timedelta(days=31)
"""How late an ownership that ran out by itself is still noticed, should the worker stand still."""


def hand_over_contacts(*, account_id: int, user_id: int, today: date, acting: Actor, now: datetime) -> None:
    """End what an owner who owns an account no more changed about its contacts, and decided on it in eBOK."""
    end_contact_changes(account_ids=[account_id], made_before=None, acting=acting, now=now)
    end_consents(account_ids=[account_id], said_by=f"user:{user_id}", today=today, acting=acting, now=now)


def hand_over_what_ran_out(*, today: date, acting: Actor, now: datetime) -> None:
    """The same for ownerships whose day came since; what a later owner changed stays."""
    since = today - LOOKED_BACK
    ran_out = Grant.objects.filter(role=GrantRole.OWNER.value, revoked_at__isnull=True, ends_on__range=(since, today))
    for account_id, user_id, ends_on in ran_out.order_by("id").values_list("account_id", "user_id", "ends_on"):
        if ends_on is not None:
            since_then = clock.day_start(ends_on)
            end_contact_changes(account_ids=[account_id], made_before=since_then, acting=acting, now=now)
            end_consents(
                account_ids=[account_id], recorded_before=since_then, said_by=f"user:{user_id}", today=today,
                acting=acting, now=now,
            )  # fmt: skip
