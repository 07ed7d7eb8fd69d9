"""Adding and removing what a login proves itself by. Each change is audited and told by mail.

The rows and the forms of secrets are allauth's; who may change what, and that one change waits for the other, is ours.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from ebok.access.domain.factors import PASSKEYS_AT_MOST, Change, FactorRefusal
from ebok.access.models import User
from ebok.access.operations.factor_codes import start_app
from ebok.access.operations.telling import tell_user
from ebok.access.queries.factors import barrier, has_app, has_second_factor, may_go_without_password, passkeys_of
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.formats import moment
from ebok.notifications.domain import MessageKind


class UnableToRemoveFactor(ValueError):
    """The factor stays; `reason` says why."""

    def __init__(self, reason: FactorRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFactor:
    """A factor just added; `first`: recovery codes were made with it."""

    factor: Authenticator
    first: bool


@transaction.atomic
def add_passkey(
    *, user_id: int, name: str, credential: dict[str, Any], acting: Actor, now: datetime
) -> AddedFactor | None:
    """Keep a passkey the browser has just made; None when the login has `PASSKEYS_AT_MOST` already."""
    user = _locked(user_id)
    if passkeys_of(user_id=user.id).count() >= PASSKEYS_AT_MOST:
        return None
    factor: Authenticator = WebAuthn.add(user, name, credential).instance
    return _added(user, factor, Change.PASSKEY_ADDED, acting, now)


@transaction.atomic
def add_app(*, user_id: int, secret: str, digits: str, acting: Actor, now: datetime) -> AddedFactor | None:
    """Turn on codes from the app that shows the right one now; None when it is wrong or there is an app already."""
    user = _locked(user_id)
    if has_app(user_id=user.id):
        return None
    factor = start_app(user=user, secret=secret, digits=digits)
    return None if factor is None else _added(user, factor, Change.APP_ADDED, acting, now)


@transaction.atomic
def rename_passkey(*, user_id: int, passkey_id: int, name: str) -> None:
    """Give a passkey of the login, if it is still there, another name. What it proves is the same: nobody is told."""
    passkey = passkeys_of(user_id=user_id).select_for_update().filter(pk=passkey_id).first()
    if passkey is not None:
        passkey.wrap().name = name
        passkey.save(update_fields=["data"])


@transaction.atomic
def remove_factor(*, user_id: int, factor_id: int, acting: Actor, now: datetime) -> None:
    """Take a passkey or the app away; one that is gone already is left at that. With the last one the recovery
    codes go, too.

    Whether it may go is asked under the lock: of two removals at once the second finds what the first left.

    :raises UnableToRemoveFactor: when it is the only way in, or the last factor of a member of staff.
    """
    user = _locked(user_id)
    factor = Authenticator.objects.filter(pk=factor_id, user=user).first()
    if factor is None:
        return
    if refusal := barrier(factor=factor):
        raise UnableToRemoveFactor(refusal)
    factor.delete()
    if not has_second_factor(user_id=user.id):
        Authenticator.objects.filter(user=user).delete()
    is_app = factor.type == Authenticator.Type.TOTP
    _tell(user, Change.APP_REMOVED if is_app else Change.PASSKEY_REMOVED, acting, now)


@transaction.atomic
def make_codes(*, user_id: int, acting: Actor, now: datetime) -> None:
    """Make recovery codes anew; those made before open nothing any more."""
    user = _locked(user_id)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    _tell(user, Change.CODES_MADE, acting, now)


@transaction.atomic
def remove_password(*, user_id: int, acting: Actor, now: datetime) -> bool:
    """Leave passkeys as the only way in; say whether it was done: only while the last key is not the only way."""
    user = _locked(user_id)
    if not may_go_without_password(user_id=user.id):
        return False
    user.set_unusable_password()
    user.save(update_fields=["password"])
    _tell(user, Change.PASSWORD_REMOVED, acting, now)
    return True


def _added(user: User, factor: Authenticator, change: Change, acting: Actor, now: datetime) -> AddedFactor:
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
    first = not held.exists()
    if first:
        RecoveryCodes.activate(user)
    _tell(user, change, acting, now)
    return AddedFactor(factor=factor, first=first)


def _tell(user: User, change: Change, acting: Actor, now: datetime) -> None:
    action, words = change.value
    record(facts=[AuditFact(action=action, subject=f"user:{user.id}")], acting=acting, now=now)
    told = {"what": words, "when": moment(now)}
    tell_user(user=user, kind=MessageKind.SECOND_FACTOR_CHANGED, context=told, now=now)


def _locked(user_id: int) -> User:
    """One change of a login's factors at a time."""
    return User.objects.select_for_update().get(id=user_id)
