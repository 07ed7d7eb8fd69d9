"""Deciding who else gets an account that has an owner."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from ebok.access.domain import GrantRole
from ebok.access.models import AccessRequest, Grant
from ebok.access.operations.giving import GivenGrant, GrantRefusal, UnableToGrant, give
from ebok.access.operations.invitations import ends_with_owner
from ebok.access.operations.telling import account_hint, added, contacts_of, tell, tell_user
from ebok.access.queries import has_owner
from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
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

    What an owner grants lasts no longer than their ownership. Nobody becomes an owner beside another.

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
    context = added(account_id=asked.account_id, user=asked.user, role=GrantRole(made.role), now=now)
    tell(contacts=told, kind=MessageKind.ACCESS_ADDED, context=context, now=now)
    return GivenGrant(grant_id=made.id, is_new=True)


def settle(
    *, asked: AccessRequest, made: Grant | None, reason: str, acting: Actor, now: datetime, tells: bool = True
) -> None:
    """Write down what was decided, and tell whoever asked."""
    asked.decision, asked.decided_at = "refused" if made is None else "granted", now
    asked.decided_by, asked.reason, asked.given = acting.name, reason, made
    asked.save(update_fields=["decision", "decided_at", "decided_by", "reason", "given"])
    details = {"request": asked.id, "grant": made.id if made else None}
    fact = AuditFact(
        action="access.decide", subject=f"user:{asked.user_id}", account_id=asked.account_id, reason=reason,
        result=asked.decision, details=details,
    )  # fmt: skip
    record(facts=[fact], acting=acting, now=now)
    if tells:
        words = "dostęp przyznany" if made else "dostęp nieprzyznany"
        context = {"account_hint": account_hint(asked.account_id), "decision": words, "reason": reason}
        tell_user(user=asked.user, kind=MessageKind.ACCESS_DECIDED, context=context, now=now)


def _lasting(asked: AccessRequest, giver: int | None, until: date | None, today: date) -> date | None:
    if giver is None:
        return until
    return ends_with_owner(account_id=asked.account_id, user_id=giver, until=until, today=today)
