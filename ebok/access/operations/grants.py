"""Grants: what opens a customer account to a login, given and taken back."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from ebok.access.domain import GrantRole
from ebok.access.models import Grant
from ebok.access.operations.giving import GivenGrant, GrantRefusal, UnableToGrant, close, give, standing, user_named
from ebok.access.operations.settling import settle_with
from ebok.access.queries import within
from ebok.audit.domain import Actor
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_number
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock


@transaction.atomic
def grant(
    *,
    scope: CustomerScope,
    username: str,
    account_number: str,
    ground: str,
    today: date,
    acting: Actor,
    now: datetime,
    until: date | None = None,
    role: GrantRole = GrantRole.OWNER,
) -> GivenGrant:
    """Open one account to one login from today, up to, not including, `until`, as far as `role` goes.

    `scope` is what the giver may reach. A grant that has run out is closed and replaced. The same grant a second
    time, with the same end, ground and role, changes nothing.

    :raises UnableToGrant: when there is no such login or account, the login is staff's or closed, or the account is
        open to it on other terms.
    """
    lock_key(Lock.ACCESS)
    if until is not None and until <= today:
        raise UnableToGrant(GrantRefusal.ENDS_BEFORE_IT_STARTS)
    user, account_id = user_named(username), _account(scope, account_number)
    held = standing(account_id=account_id, user_id=user.id)
    if held is not None and (held.ends_on is None or held.ends_on > today):
        if (held.ends_on, held.ground, held.role) != (until, ground, role.value):
            raise UnableToGrant(GrantRefusal.ALREADY_GRANTED)
        return GivenGrant(grant_id=held.id, is_new=False)
    made = give(
        account_id=account_id, user_id=user.id, role=role, ground=ground, until=until, today=today,
        acting=acting, now=now,
    )  # fmt: skip
    settle_with(owner=made, acting=acting, now=now, others=False)
    return GivenGrant(grant_id=made.id, is_new=True)


@transaction.atomic
def revoke(*, scope: CustomerScope, username: str, account_number: str, acting: Actor, now: datetime) -> None:
    """Close one account to one login; its next request finds it closed. What it gave to others is closed, too.

    :raises UnableToGrant: when there is no such login or account, or nothing to take back.
    """
    lock_key(Lock.ACCESS)
    user, account_id = user_named(username), _account(scope, account_number)
    held = standing(account_id=account_id, user_id=user.id)
    if held is None:
        raise UnableToGrant(GrantRefusal.NOT_GRANTED)
    close(held=held, today=timezone.localdate(now), acting=acting, now=now)


@transaction.atomic
def take_back(*, scope: CustomerScope, grant_id: int, acting: Actor, now: datetime) -> None:
    """Close a grant that the account's owner (or staff) no longer wants; its holder's next request finds it closed.

    :raises UnableToGrant: when it is not in scope or closed already, or is an ownership, which is ended instead.
    """
    lock_key(Lock.ACCESS)
    held = within(Grant.objects.filter(id=grant_id, revoked_at__isnull=True), scope).select_related("user").first()
    if held is None:
        raise UnableToGrant(GrantRefusal.NOT_GRANTED)
    if held.role == GrantRole.OWNER.value:
        raise UnableToGrant(GrantRefusal.OWNERSHIP)
    close(held=held, today=timezone.localdate(now), acting=acting, now=now)


def _account(scope: CustomerScope, number: str) -> int:
    found = accounts_by_number(scope=scope, numbers=[number])
    if number not in found:
        raise UnableToGrant(GrantRefusal.UNKNOWN_ACCOUNT)
    return found[number]
