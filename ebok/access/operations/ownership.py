"""Becoming the owner of an account, and ceasing to be."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from ebok.access.domain import GrantRole
from ebok.access.models import AccessRequest, Grant, User
from ebok.access.operations.giving import (
    GrantRefusal,
    UnableToGrant,
    check_login,
    end,
    end_what_it_gave,
    give,
    standing,
)
from ebok.access.operations.handover import hand_over_contacts
from ebok.access.operations.settling import settle_with
from ebok.access.operations.telling import account_hint, added, contacts_of, tell, tell_owners
from ebok.access.queries import has_owner, owned_before, owners, within
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.notifications.domain import MessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of a proof: the ownership, or a request that the owner or the office decides. Exactly one is there."""

    grant_id: int | None
    request_id: int | None


@transaction.atomic
def take_ownership(
    *, account_id: int, user_id: int, method: str, ground: str, today: date, acting: Actor, now: datetime
) -> Taken:
    """Make the login the owner of an account it has proved to be its own, or ask the owner when there is one.

    Of two at once one becomes the owner and the other asks. A second time changes nothing. Whoever owned it before
    never gets it back by a proof, but asks: the owner, or the office where there is none. Everybody on file is told
    of a new owner; the present owner is told of a request. `method` names the way of the proof.

    :raises UnableToGrant: for a login of staff, or one that is closed.
    """
    lock_key(Lock.ACCESS)
    check_login(user_id)
    held = standing(account_id=account_id, user_id=user_id)
    if held is not None and held.role == GrantRole.OWNER.value and (held.ends_on is None or held.ends_on > today):
        settle_with(owner=held, acting=acting, now=now, others=False)
        return Taken(grant_id=held.id, request_id=None)
    user = User.objects.get(id=user_id)
    was_theirs = owned_before(account_id=account_id, user_id=user_id, today=today)
    if was_theirs or has_owner(account_id=account_id, today=today):
        return Taken(grant_id=None, request_id=_ask(account_id, user, method, acting, now))
    told = contacts_of(account_id=account_id, now=now)
    made = give(
        account_id=account_id, user_id=user_id, role=GrantRole.OWNER, ground=ground, until=None, today=today,
        acting=acting, now=now,
    )  # fmt: skip
    settle_with(owner=made, acting=acting, now=now, others=True)
    context = added(account_id=account_id, user=user, role=GrantRole.OWNER, now=now)
    tell(contacts=told, kind=MessageKind.ACCESS_ADDED, context=context, now=now)
    return Taken(grant_id=made.id, request_id=None)


@transaction.atomic
def end_ownership(
    *, scope: CustomerScope, grant_id: int, ends_on: date, reason: str, today: date, acting: Actor, now: datetime
) -> None:
    """Let an ownership run out on `ends_on` (today, past or coming): the owner keeps the papers from before that day.

    Whoever else has access loses it with them, and nobody can come by an invitation any more; while another owner
    stays, only what this one gave ends. One that would have no day of its own is taken back. Requests wait on: the
    office decides them, as long as the account has no new owner.

    :raises UnableToGrant: when it is not in scope, or is no ownership in force.
    """
    lock_key(Lock.ACCESS)
    rows = within(Grant.objects.in_force(today).filter(id=grant_id, role=GrantRole.OWNER.value), scope)
    held = rows.select_related("user").first()
    if held is None:
        raise UnableToGrant(GrantRefusal.NOT_GRANTED)
    end(held=held, ends_on=ends_on, today=today, acting=acting, now=now, reason=reason)
    alone = not owners(account_id=held.account_id, today=max(ends_on, today)).exclude(id=held.id).exists()
    end_what_it_gave(held=held, ends_on=ends_on, today=today, acting=acting, now=now, and_all_else=alone)
    if ends_on <= today:
        hand_over_contacts(
            account_id=held.account_id, user_id=held.user_id, today=today, acting=acting, now=now
        )  # fmt: skip


def _ask(account_id: int, user: User, method: str, acting: Actor, now: datetime) -> int:
    row, is_new = AccessRequest.objects.get_or_create(
        account_id=account_id, user=user, decision="", defaults={"method": method, "asked_at": now}
    )
    if is_new:
        details = {"request": row.id, "method": method}
        fact = AuditFact(action="access.ask", subject=f"user:{user.id}", account_id=account_id, details=details)
        record(facts=[fact], acting=acting, now=now)
        context = {"account_hint": account_hint(account_id), "who": user.get_full_name()}
        tell_owners(account_id=account_id, kind=MessageKind.ACCESS_REQUESTED, context=context, now=now)
    return row.id
