"""Access given as staff decided on an application: a role narrower than owner, for a reason they checked."""

from datetime import date, datetime

from django.db import transaction

from ebok.access.domain import ALLOWED, GrantRole
from ebok.access.models import User
from ebok.access.operations.giving import give, standing
from ebok.access.operations.ownership import Taken
from ebok.access.operations.telling import added, contacts_of, tell
from ebok.audit.domain import Actor
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.notifications.domain import MessageKind


@transaction.atomic
def open_as_decided(
    *, account_id: int, user_id: int, role: GrantRole, ground: str, today: date, acting: Actor, now: datetime
) -> Taken:
    """Open the account to the login as far as `role` goes; everybody on file is told.

    What allows as much, or more, stays as it is.

    :raises UnableToGrant: for a login of staff or a closed one, and for a former owner, who would lose their papers.
    """
    lock_key(Lock.ACCESS)
    held = standing(account_id=account_id, user_id=user_id)
    lasts = held is not None and (held.ends_on is None or held.ends_on > today)
    if held is not None and lasts and ALLOWED[GrantRole(held.role)] >= ALLOWED[role]:
        return Taken(grant_id=held.id, request_id=None)
    user = User.objects.get(id=user_id)
    told = contacts_of(account_id=account_id, now=now)
    made = give(
        account_id=account_id, user_id=user_id, role=role, ground=ground, until=None, today=today,
        acting=acting, now=now,
    )  # fmt: skip
    context = added(account_id=account_id, user=user, role=role, now=now)
    tell(contacts=told, kind=MessageKind.ACCESS_ADDED, context=context, now=now)
    return Taken(grant_id=made.id, request_id=None)
