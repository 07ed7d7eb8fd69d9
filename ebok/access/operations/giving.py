"""What every operation that changes access shares: the rows, their rules, and their audit.

Each of them holds `Lock.ACCESS`, so that what it has read stays true until it commits.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db.models import F, Max, Q
from django.utils import timezone

from ebok.access.domain import GrantRole
from ebok.access.models import Grant, Invitation, StaffPost, User
from ebok.access.operations.telling import account_hint, tell_user
from ebok.access.queries import owners
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.queries import holder_changes
from ebok.notifications.domain import MessageKind

REPLACED: Final = "w jego miejsce jest nowy dostęp"


class GrantRefusal(StrEnum):
    """Why access to an account cannot be given, asked for or taken back."""

    UNKNOWN_USER = "unknown_user"
    UNKNOWN_ACCOUNT = "unknown_account"
    ALREADY_GRANTED = "already_granted"
    NOT_GRANTED = "not_granted"
    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"
    STAFF_LOGIN = "staff_login"
    """Staff hold no grants: they open customers in the office, with a reason."""
    FORMER_OWNER = "former_owner"
    """They keep the papers of their own time, which a lesser role would take from them."""
    CLOSED_LOGIN = "closed_login"
    """Its owner closed it for good."""
    HAS_OWNER = "has_owner"
    NOT_WAITING = "not_waiting"
    """The request was decided already, or is not in scope."""
    OWNERSHIP = "ownership"
    """An ownership is ended, not taken back nor made less."""


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


def give(
    *,
    account_id: int,
    user_id: int,
    role: GrantRole,
    ground: str,
    until: date | None,
    today: date,
    acting: Actor,
    now: datetime,
    giver: int | None = None,
) -> Grant:
    """Open the account to the login from today. What it held there until now is closed.

    `giver` is the login whose right to give it stands behind it; with that login's ownership it ends.

    :raises UnableToGrant: for staff, for a closed login, for a former owner (who would lose their papers) or an
        owner in a lesser role, for an end not after today.
    """
    if until is not None and until <= today:
        raise UnableToGrant(GrantRefusal.ENDS_BEFORE_IT_STARTS)
    check_login(user_id)
    held = standing(account_id=account_id, user_id=user_id)
    if held is not None:
        _replace(held, role, today, acting, now)
    made = Grant(account_id=account_id, user_id=user_id, role=role.value, starts_on=today, ends_on=until)
    made.documents_from = _papers_since(account_id=account_id, user_id=user_id, giver=giver, today=today)
    made.ground, made.given_by, made.given_by_user_id, made.given_at = ground, acting.name, giver, now
    made.save(force_insert=True)
    note("grant.give", made, acting, now)
    return made


def check_login(user_id: int) -> None:
    """Let nobody hold a grant but a customer with a login.

    :raises UnableToGrant: for staff, for a closed login.
    """
    if StaffPost.objects.filter(user_id=user_id, ended_at__isnull=True).exists():
        raise UnableToGrant(GrantRefusal.STAFF_LOGIN)
    if User.objects.filter(id=user_id, closed_at__isnull=False).exists():
        raise UnableToGrant(GrantRefusal.CLOSED_LOGIN)


def standing(*, account_id: int, user_id: int) -> Grant | None:
    """The one grant of the login to the account that was not taken back, whether or not it has run out."""
    return Grant.objects.filter(account_id=account_id, user_id=user_id, revoked_at__isnull=True).first()


def close(*, held: Grant, today: date, acting: Actor, now: datetime, tells: bool = True) -> None:
    """Take the grant back for good, and what its holder gave to others, if they owned the account."""
    held.revoked_at, held.revoked_by = now, acting.name
    held.save(update_fields=["revoked_at", "revoked_by"])
    note("grant.revoke", held, acting, now)
    if tells:
        _tell_ended(held, now)
    if held.role == GrantRole.OWNER.value:
        end_what_it_gave(held=held, ends_on=today, today=today, acting=acting, now=now)


def end_what_it_gave(
    *, held: Grant, ends_on: date, today: date, acting: Actor, now: datetime, and_all_else: bool = False
) -> None:
    """Let everything an owner gave on the account end with the ownership; withdraw what nobody accepted yet.

    With `and_all_else`, also what others gave there, the office included.
    """
    sent = Invitation.objects.open(now).filter(account_id=held.account_id)
    given = Grant.objects.filter(account_id=held.account_id, revoked_at__isnull=True).exclude(user_id=held.user_id)
    if and_all_else:
        given = given.exclude(role=GrantRole.OWNER.value)
    else:
        sent, given = sent.filter(invited_by_id=held.user_id), given.filter(given_by_user_id=held.user_id)
    if ends_on <= today:
        sent.update(withdrawn_at=now)
    longer = given.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on))
    for one in longer.select_related("user"):
        end(held=one, ends_on=ends_on, today=today, acting=acting, now=now)


def end(*, held: Grant, ends_on: date, today: date, acting: Actor, now: datetime, reason: str = "") -> None:
    """Let the grant run out on this day; one that would not have had a day of its own is taken back."""
    if ends_on <= held.starts_on:
        close(held=held, today=today, acting=acting, now=now)
        return
    held.ends_on, held.ended_at = ends_on, now
    held.save(update_fields=["ends_on", "ended_at"])
    note("grant.end", held, acting, now, reason=reason)
    if ends_on <= today:
        _tell_ended(held, now)


def note(action: str, held: Grant, acting: Actor, now: datetime, *, reason: str = "") -> None:
    """Write down what became of a grant."""
    details = {"grant": held.id, "role": held.role, "ends_on": held.ends_on.isoformat() if held.ends_on else None}
    fact = AuditFact(
        action=action, subject=f"user:{held.user_id}", account_id=held.account_id, reason=reason, details=details
    )
    record(facts=[fact], acting=acting, now=now)


def user_named(username: str) -> User:
    """The login of this name.

    :raises UnableToGrant: when there is none.
    """
    user = User.objects.filter(username=username.strip().lower()).first()
    if user is None:
        raise UnableToGrant(GrantRefusal.UNKNOWN_USER)
    return user


def _replace(held: Grant, role: GrantRole, today: date, acting: Actor, now: datetime) -> None:
    if held.role == GrantRole.OWNER.value and role is not GrantRole.OWNER:
        former = held.ends_on is not None and held.ends_on <= today
        raise UnableToGrant(GrantRefusal.FORMER_OWNER if former else GrantRefusal.OWNERSHIP)
    held.revoked_at, held.revoked_by = now, acting.name
    held.save(update_fields=["revoked_at", "revoked_by"])
    note("grant.revoke", held, acting, now, reason=REPLACED)


def _papers_since(*, account_id: int, user_id: int, giver: int | None, today: date) -> date | None:
    """The first day whose papers a new grant shows: what the owner sees, or all since the last other owner's end.

    Nothing of before the registry named another holder, unless a login that owns the account shows what it sees.
    """
    owner = owners(account_id=account_id, today=today).exclude(user_id=user_id).last()
    since = owner.documents_from if owner is not None else _owned_until(account_id, user_id, today)
    changed = holder_changes(account_ids=[account_id]).get(account_id)
    if changed is None or (owner is not None and giver is not None):
        return since
    return max(timezone.localdate(changed), since or date.min)


def _owned_until(account_id: int, user_id: int, today: date) -> date | None:
    """The day the last ownership of somebody else ended."""
    lasted = Q(revoked_at__isnull=True) | Q(revoked_at__date__gte=F("ends_on"))
    former = Grant.objects.filter(lasted, account_id=account_id, role=GrantRole.OWNER.value, ends_on__lte=today)
    ended: date | None = former.exclude(user_id=user_id).aggregate(last=Max("ends_on"))["last"]
    return ended


def _tell_ended(held: Grant, now: datetime) -> None:
    context = {"account_hint": account_hint(held.account_id), "role": GrantRole(held.role).word}
    tell_user(user=held.user, kind=MessageKind.GRANT_ENDED, context=context, now=now)
