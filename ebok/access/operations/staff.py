"""Making a login one of the utility's own people, and ending that."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from ebok.access.domain import StaffMember, StaffRole
from ebok.access.models import AccessRequest, CustomerVisit, Grant, StaffPost, User
from ebok.access.operations.sessions import drop_sessions
from ebok.access.queries import staff_member
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock


class StaffRefusal(StrEnum):
    """Why a login cannot become staff's, or cease to be."""

    UNKNOWN_USER = "unknown_user"
    HAS_GRANTS = "has_grants"
    """A customer's login: it holds grants, or asks for one."""
    OTHER_ROLE = "other_role"
    """It is staff's already, in another role."""
    NOT_STAFF = "not_staff"


class UnableToPost(ValueError):
    """Nothing was changed; `reason` says why."""

    def __init__(self, reason: StaffRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def make_staff(*, username: str, role: StaffRole, acting: Actor, now: datetime) -> StaffMember:
    """Make a login staff's from now on, and end its sessions: staff sign in as staff, for a staff session's time.

    The same role a second time changes nothing.

    :raises UnableToPost: when there is no such login in use, it is a customer's, or it has another role.
    """
    lock_key(Lock.ACCESS)
    user = User.objects.filter(username=username.strip().lower(), is_active=True).first()
    if user is None:
        raise UnableToPost(StaffRefusal.UNKNOWN_USER)
    present = staff_member(user_id=user.id)
    if present is not None and present.role is not role:
        raise UnableToPost(StaffRefusal.OTHER_ROLE)
    if _is_a_customer(user, now):
        raise UnableToPost(StaffRefusal.HAS_GRANTS)
    if present is None:
        StaffPost.objects.create(user=user, role=role.value, started_at=now, started_by=acting.name)
        drop_sessions(user_id=user.id)
        _note("staff.start", user.id, role, acting, now)
    return StaffMember(
        user_id=user.id, username=user.username, full_name=user.full_name, role=role, is_demo=user.is_demo
    )


@transaction.atomic
def end_staff(*, username: str, acting: Actor, now: datetime) -> None:
    """End the post of a login; its next request in the office is refused, and what it had open is closed.

    :raises UnableToPost: when the login is not staff's.
    """
    lock_key(Lock.ACCESS)
    post = StaffPost.objects.filter(user__username=username.strip().lower(), ended_at__isnull=True).first()
    if post is None:
        raise UnableToPost(StaffRefusal.NOT_STAFF)
    post.ended_at, post.ended_by = now, acting.name
    post.save(update_fields=["ended_at", "ended_by"])
    CustomerVisit.objects.filter(staff_id=post.user_id, closed_at__isnull=True).update(closed_at=now)
    _note("staff.end", post.user_id, StaffRole(post.role), acting, now)


def _is_a_customer(user: User, now: datetime) -> bool:
    held = Grant.objects.held(timezone.localdate(now)).filter(user=user)
    return held.exists() or AccessRequest.objects.filter(user=user, decision="").exists()


def _note(action: str, user_id: int, role: StaffRole, acting: Actor, now: datetime) -> None:
    fact = AuditFact(action=action, subject=f"user:{user_id}", details={"role": role.value})
    record(facts=[fact], acting=acting, now=now)
