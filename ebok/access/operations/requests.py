"""Deciding on requests for access."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from ebok.access.domain import GrantRole
from ebok.access.models import AccessRequest
from ebok.access.operations.giving import GivenGrant, GrantRefusal, UnableToGrant, give
from ebok.access.operations.invitations import ends_with_owner
from ebok.access.operations.settling import settle, settle_with
from ebok.access.operations.telling import added, contacts_of, tell
from ebok.access.queries import has_owner
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.notifications.domain import MessageKind

GROUND: Final = "prośba o dostęp"


@transaction.atomic
def decide_request(
    *,
    scope: CustomerScope,
    request_id: int,
    grant_as: GrantRole | None,
    until: date | None,
    reason: str,
    today: date,
    acting: Actor,
    now: datetime,
) -> GivenGrant | None:
    """Grant a request in this role, or refuse it (`grant_as` None). Whoever asked is told, and everybody on file.

    What an owner grants lasts no longer than their ownership. Nobody becomes an owner beside another, and no owner
    becomes less by a request of theirs that was left behind.

    :raises UnableToGrant: when it does not wait in scope, or the role cannot be given.
    """
    lock_key(Lock.ACCESS)
    asked = AccessRequest.objects.filter(id=request_id, decision="").select_related("user").first()
    if asked is None or not scope.allows(asked.account_id):
        raise UnableToGrant(GrantRefusal.NOT_WAITING)
    if grant_as is GrantRole.OWNER and has_owner(account_id=asked.account_id, today=today):
        raise UnableToGrant(GrantRefusal.HAS_OWNER)
    told = contacts_of(account_id=asked.account_id, now=now)
    giver = int(acting.name) if acting.kind is ActorKind.USER else None
    made = None if grant_as is None else give(
        account_id=asked.account_id, user_id=asked.user_id, role=grant_as, ground=GROUND,
        until=_lasting(asked, giver, until, today), today=today, acting=acting, now=now, giver=giver,
    )  # fmt: skip
    settle(asked=asked, made=made, reason=reason, acting=acting, now=now)
    if made is None:
        return None
    if grant_as is GrantRole.OWNER:
        settle_with(owner=made, acting=acting, now=now, others=True)
    context = added(account_id=asked.account_id, user=asked.user, role=GrantRole(made.role), now=now)
    tell(contacts=told, kind=MessageKind.ACCESS_ADDED, context=context, now=now)
    return GivenGrant(grant_id=made.id, is_new=True)


def _lasting(asked: AccessRequest, giver: int | None, until: date | None, today: date) -> date | None:
    if giver is None:
        return until
    return ends_with_owner(account_id=asked.account_id, user_id=giver, until=until, today=today)
