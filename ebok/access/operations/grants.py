"""Grants: what opens a customer account to a login."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from ebok.access.domain import GrantRole
from ebok.access.models import Grant, User
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_number


class GrantRefusal(StrEnum):
    """Why a grant cannot be given or taken back."""

    UNKNOWN_USER = "unknown_user"
    UNKNOWN_ACCOUNT = "unknown_account"
    ALREADY_GRANTED = "already_granted"
    NOT_GRANTED = "not_granted"
    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"


class UnableToGrant(ValueError):
    """Nothing was changed; `reason` says why."""

    def __init__(self, reason: GrantRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenGrant:
    """A grant as it stands; `is_new` is False when it stood before."""

    grant_id: int
    is_new: bool


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
    time, with the same end and ground, changes nothing.

    :raises UnableToGrant: when there is no such login or account, or the account is open to it on other terms.
    """
    if until is not None and until <= today:
        raise UnableToGrant(GrantRefusal.ENDS_BEFORE_IT_STARTS)
    user, account_id = _user(username), _account(scope, account_number)
    past = Grant.objects.filter(user=user, account_id=account_id, revoked_at__isnull=True, ends_on__lte=today)
    past.update(revoked_at=now, revoked_by=acting.name)
    made = Grant(user=user, account_id=account_id, role=role.value, starts_on=today, ends_on=until)
    made.ground, made.given_by, made.given_at = ground, acting.name, now
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        standing = Grant.objects.filter(user=user, account_id=account_id, revoked_at__isnull=True).first()
        if standing is None or (
            standing.ends_on,
            standing.ground,
            standing.role,
        ) != (until, ground, role.value):
            raise UnableToGrant(GrantRefusal.ALREADY_GRANTED) from error
        return GivenGrant(grant_id=standing.id, is_new=False)
    _record("grant.give", made, acting, now)
    return GivenGrant(grant_id=made.id, is_new=True)


@transaction.atomic
def revoke(*, scope: CustomerScope, username: str, account_number: str, acting: Actor, now: datetime) -> None:
    """Close one account to one login; its next request finds it closed.

    :raises UnableToGrant: when there is no such login or account, or nothing to take back.
    """
    user, account_id = _user(username), _account(scope, account_number)
    held = Grant.objects.select_for_update().filter(user=user, account_id=account_id, revoked_at__isnull=True).first()
    if held is None:
        raise UnableToGrant(GrantRefusal.NOT_GRANTED)
    held.revoked_at, held.revoked_by = now, acting.name
    held.save(update_fields=["revoked_at", "revoked_by"])
    _record("grant.revoke", held, acting, now)


def _user(username: str) -> User:
    user = User.objects.filter(username=username.strip().lower()).first()
    if user is None:
        raise UnableToGrant(GrantRefusal.UNKNOWN_USER)
    return user


def _account(scope: CustomerScope, number: str) -> int:
    found = accounts_by_number(scope=scope, numbers=[number])
    if number not in found:
        raise UnableToGrant(GrantRefusal.UNKNOWN_ACCOUNT)
    return found[number]


def _record(action: str, held: Grant, acting: Actor, now: datetime) -> None:
    details = {"grant": held.id, "role": held.role}
    fact = AuditFact(action=action, subject=f"user:{held.user_id}", account_id=held.account_id, details=details)
    record(facts=[fact], acting=acting, now=now)
