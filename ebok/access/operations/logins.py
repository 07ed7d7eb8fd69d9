"""Logins and their passwords."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction

from ebok.access.domain import CLOSED_PREFIX, CodePurpose, Login, PasswordFault
from ebok.access.models import User
from ebok.access.operations.codes import withdraw_codes
from ebok.access.operations.passwords import faults_of
from ebok.access.queries import as_login
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.kernel.emails import email_address
from ebok.kernel.names import person_name
from ebok.notifications.domain import MessageKind
from ebok.notifications.operations import queue_message

_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9@.+_-]{1,149}")

OPENING: Final = (CodePurpose.PASSWORD_RESET, CodePurpose.SIGN_IN, CodePurpose.CONFIRM)
"""Codes that stand in for a password."""


class LoginRefusal(StrEnum):
    """Why a login cannot be made."""

    BAD_USERNAME = "bad_username"
    BAD_EMAIL = "bad_email"
    BAD_NAME = "bad_name"
    WEAK_PASSWORD = "weak_password"  # noqa: S105
    TAKEN = "taken"
    DEMO_OUTSIDE_DEMO = "demo_outside_demo"


class UnableToCreateUser(ValueError):
    """The login was not made; `reason` says why, `faults` what is wrong with the password."""

    def __init__(self, reason: LoginRefusal, faults: Sequence[PasswordFault] = ()) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.faults = tuple(faults)


class UnableToSetPassword(ValueError):
    """The password was not changed; `faults` say what is wrong with the new one, none when the present is wrong."""

    def __init__(self, faults: Sequence[PasswordFault] = ()) -> None:
        super().__init__("weak password" if faults else "wrong password")
        self.faults = tuple(faults)


@transaction.atomic
def create_user(
    *,
    username: str,
    password: str,
    acting: Actor,
    now: datetime,
    email: str = "",
    full_name: str = "",
    is_demo: bool = False,
) -> Login:
    """Make a login. It reaches nothing until it is granted an account.

    :raises UnableToCreateUser: when a name or the address is taken or misshapen, or the password is weak.
    """
    address = email_address(email.strip()) if email.strip() else ""
    if address is None:
        raise UnableToCreateUser(LoginRefusal.BAD_EMAIL)
    name = person_name(full_name) if full_name.strip() else ""
    if name is None:
        raise UnableToCreateUser(LoginRefusal.BAD_NAME)
    user = User(username=username.strip().lower(), email=address, full_name=name)
    user.created_at, user.is_demo = now, is_demo
    _check(user, password)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise UnableToCreateUser(LoginRefusal.TAKEN) from error
    record(facts=[AuditFact(action="user.create", subject=f"user:{user.id}")], acting=acting, now=now)
    return as_login(user)


def _check(user: User, password: str) -> None:
    if user.is_demo and (not settings.EBOK_DEMO or settings.EBOK_PUBLIC_URL.startswith("https:")):
        raise UnableToCreateUser(LoginRefusal.DEMO_OUTSIDE_DEMO)
    if not _USERNAME.fullmatch(user.username) or user.username.startswith(CLOSED_PREFIX):
        raise UnableToCreateUser(LoginRefusal.BAD_USERNAME)
    if faults := faults_of(password=password, user=user):
        raise UnableToCreateUser(LoginRefusal.WEAK_PASSWORD, faults)


def change_password(*, user_id: int, present: str, new: str, acting: Actor, now: datetime) -> None:
    """Change a password its owner knows, and tell them by mail. Every other session of theirs ends.

    :raises UnableToSetPassword: without faults when `present` is wrong, with them when `new` is weak.
    """
    refusal = _try_change(user_id, present, new, acting, now)
    if refusal is not None:
        raise refusal


@transaction.atomic
def _try_change(user_id: int, present: str, new: str, acting: Actor, now: datetime) -> UnableToSetPassword | None:
    """The refusal is returned, not raised, so that its audit row is committed."""
    user = User.objects.select_for_update().get(id=user_id)
    if not user.check_password(present):
        fact = AuditFact(action="password.change", subject=f"user:{user.id}", result="wrong_password")
        record(facts=[fact], acting=acting, now=now)
        return UnableToSetPassword()
    if faults := faults_of(password=new, user=user):
        return UnableToSetPassword(faults)
    set_password(user=user, password=new, action="password.change", acting=acting, now=now)
    return None


def set_password(*, user: User, password: str, action: str, acting: Actor, now: datetime) -> None:
    """Store the password, audit it, and tell its owner, in the caller's transaction.

    Codes that open the login and were asked for before are worth nothing from now on: whoever changes a password
    because somebody else is in wants them out.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    withdraw_codes(user_id=user.id, purposes=OPENING, now=now)
    record(facts=[AuditFact(action=action, subject=f"user:{user.id}")], acting=acting, now=now)
    if user.email:
        queue_message(kind=MessageKind.PASSWORD_CHANGED, recipient=user.email, context={}, now=now)
