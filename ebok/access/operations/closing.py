"""Closing a login at its owner's wish: what it reached ends, what the law keeps stays."""

from datetime import datetime
from enum import StrEnum

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from ebok.access.domain import CLOSED_PREFIX
from ebok.access.models import AccessRequest, Grant, Invitation, KnownDevice, OneTimeCode, StaffPost, User
from ebok.access.operations.giving import close
from ebok.access.operations.settling import settle
from ebok.access.operations.telling import tell_user
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.notifications.domain import MessageKind


class ClosingRefusal(StrEnum):
    """Why a login cannot be closed by its owner."""

    STAFF_LOGIN = "staff_login"
    """The login of staff ends with their work: `end_staff`."""
    CLOSED = "closed"


class UnableToClose(ValueError):
    """Nothing was changed; `reason` says why."""

    def __init__(self, reason: ClosingRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def close_login(*, user_id: int, acting: Actor, now: datetime) -> None:
    """Close a customer's login for good, and tell its e-mail.

    Every grant it holds ends, with every grant and open invitation it gave to others; its requests are refused;
    its sessions, devices, codes and second factors are deleted; its address, number and name are forgotten.
    The row stays, nameless, so that the audit trail keeps its author.

    :raises UnableToClose: for a login of staff, or one that is closed.
    """
    lock_key(Lock.ACCESS)
    user = User.objects.select_for_update().get(id=user_id)
    if user.closed_at is not None:
        raise UnableToClose(ClosingRefusal.CLOSED)
    if StaffPost.objects.filter(user=user, ended_at__isnull=True).exists():
        raise UnableToClose(ClosingRefusal.STAFF_LOGIN)
    tell_user(user=user, kind=MessageKind.LOGIN_CLOSED, context={}, now=now)
    _end_access(user, acting, now)
    _forget(user)
    _rename(user, now)
    record(facts=[AuditFact(action="user.close", subject=f"user:{user.id}")], acting=acting, now=now)


def _end_access(user: User, acting: Actor, now: datetime) -> None:
    today = timezone.localdate(now)
    Invitation.objects.open(now).filter(invited_by=user).update(withdrawn_at=now)
    given = Grant.objects.filter(given_by_user=user, revoked_at__isnull=True).exclude(user=user)
    for held in given.select_related("user"):
        close(held=held, today=today, acting=acting, now=now)
    for held in Grant.objects.filter(user=user, revoked_at__isnull=True):
        close(held=held, today=today, acting=acting, now=now, tells=False)
    for asked in AccessRequest.objects.filter(user=user, decision="").select_related("user"):
        settle(asked=asked, made=None, reason="login zamknięty", acting=acting, now=now, tells=False)


def _forget(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
    Authenticator.objects.filter(user=user).delete()
    KnownDevice.objects.filter(user=user).delete()
    OneTimeCode.objects.filter(user=user).delete()


def _rename(user: User, now: datetime) -> None:
    user.username, user.email, user.phone, user.full_name = f"{CLOSED_PREFIX}{user.id}", "", "", ""
    user.is_active, user.closed_at = False, now
    user.set_unusable_password()
    user.save()
