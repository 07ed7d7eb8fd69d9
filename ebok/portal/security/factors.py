"""Adding and removing what a login proves itself by. Each change is audited and told by mail."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.encryption import UnableToDecrypt
from ebok.foundation.formats import moment
from ebok.notifications.domain import MessageKind
from ebok.notifications.operations import queue_message
from ebok.portal.security.codes import log_unreadable, start_app
from ebok.web.second_factor import FACTORS

PASSKEYS_AT_MOST = 10
KEY_NAME_MAX_LENGTH = 40


class Change(Enum):
    """What changed: its name in the audit trail, and its words in the mail."""

    PASSKEY_ADDED = ("factor.passkey_added", "dodany klucz logowania")
    PASSKEY_REMOVED = ("factor.passkey_removed", "usunięty klucz logowania")
    APP_ADDED = ("factor.app_added", "włączone kody z aplikacji")
    APP_REMOVED = ("factor.app_removed", "wyłączone kody z aplikacji")
    CODES_MADE = ("factor.recovery_codes_made", "nowe kody zapasowe, poprzednie nie działają")
    PASSWORD_REMOVED = ("password.remove", "usunięte hasło, logujesz się kluczem")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedFactor:
    """A factor just added; `first`: recovery codes were made with it."""

    factor: Authenticator
    first: bool


@transaction.atomic
def add_passkey(
    *, user: AbstractBaseUser, name: str, credential: dict[str, Any], acting: Actor, now: datetime
) -> AddedFactor | None:
    """Keep a passkey the browser has just made; None when the login has `PASSKEYS_AT_MOST` already."""
    _lock(user)
    if passkeys_of(user_id=user.pk).count() >= PASSKEYS_AT_MOST:
        return None
    factor: Authenticator = WebAuthn.add(user, name, credential).instance
    return _added(user, factor, Change.PASSKEY_ADDED, acting, now)


@transaction.atomic
def add_app(*, user: AbstractBaseUser, secret: str, digits: str, acting: Actor, now: datetime) -> AddedFactor | None:
    """Turn on codes from the app that shows the right one now; None when it is wrong or there is an app already."""
    _lock(user)
    if has_app(user_id=user.pk):
        return None
    factor = start_app(user=user, secret=secret, digits=digits)
    return None if factor is None else _added(user, factor, Change.APP_ADDED, acting, now)


def rename_passkey(*, passkey: Authenticator, name: str) -> None:
    """Give a passkey another name."""
    passkey.wrap().name = name
    passkey.save(update_fields=["data"])


@transaction.atomic
def remove(*, user: AbstractBaseUser, factor: Authenticator, acting: Actor, now: datetime) -> None:
    """Take a passkey or the app away. With the last of them the recovery codes go, too."""
    _lock(user)
    gone, _ = Authenticator.objects.filter(pk=factor.pk, user_id=user.pk).delete()
    if not gone:
        return
    if not Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists():
        Authenticator.objects.filter(user_id=user.pk).delete()
    is_app = factor.type == Authenticator.Type.TOTP
    tell(user=user, change=Change.APP_REMOVED if is_app else Change.PASSKEY_REMOVED, acting=acting, now=now)


@transaction.atomic
def make_codes(*, user: AbstractBaseUser, acting: Actor, now: datetime) -> None:
    """Make recovery codes anew; those made before open nothing any more."""
    _lock(user)
    Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    tell(user=user, change=Change.CODES_MADE, acting=acting, now=now)


@transaction.atomic
def remove_password(*, user: AbstractBaseUser, acting: Actor, now: datetime) -> bool:
    """Leave passkeys as the only way in; say whether it was done: only while the last key is not the only way."""
    _lock(user)
    if not may_go_without_password(user_id=user.pk):
        return False
    user.set_unusable_password()
    user.save(update_fields=["password"])
    tell(user=user, change=Change.PASSWORD_REMOVED, acting=acting, now=now)
    return True


def may_go_without_password(*, user_id: int) -> bool:
    """Whether the login holds two passkeys, or one and recovery codes, so that a lost device locks nobody out."""
    passkeys = passkeys_of(user_id=user_id).count()
    return passkeys > 1 or (passkeys == 1 and unused_codes(user_id=user_id) > 0)


def has_app(*, user_id: int) -> bool:
    """Say whether the login has an app that shows codes."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists())


def app_of(*, user_id: int) -> Authenticator | None:
    """The app of the login."""
    app: Authenticator | None = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).first()
    return app


def passkeys_of(*, user_id: int) -> Any:
    """The passkeys of the login, oldest first, as a queryset."""
    return Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.WEBAUTHN).order_by("pk")


def codes_left(*, user_id: int) -> list[str]:
    """The recovery codes nobody has used yet."""
    held = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.RECOVERY_CODES).first()
    try:
        return [] if held is None else list(held.wrap().get_unused_codes())
    except UnableToDecrypt as fault:
        log_unreadable(held, fault)
        return []


def unused_codes(*, user_id: int) -> int:
    """How many recovery codes are left."""
    return len(codes_left(user_id=user_id))


def tell(*, user: AbstractBaseUser, change: Change, acting: Actor, now: datetime) -> None:
    """Audit a change and tell its owner, in the caller's transaction."""
    action, words = change.value
    record(facts=[AuditFact(action=action, subject=f"user:{user.pk}")], acting=acting, now=now)
    address = getattr(user, "email", "")
    if address:
        told = {"what": words, "when": moment(now)}
        queue_message(kind=MessageKind.SECOND_FACTOR_CHANGED, recipient=address, context=told, now=now)


def _added(user: AbstractBaseUser, factor: Authenticator, change: Change, acting: Actor, now: datetime) -> AddedFactor:
    held = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES)
    first = not held.exists()
    if first:
        RecoveryCodes.activate(user)
    tell(user=user, change=change, acting=acting, now=now)
    return AddedFactor(factor=factor, first=first)


def _lock(user: AbstractBaseUser) -> None:
    """One change of a login's factors at a time."""
    get_user_model().objects.select_for_update().get(pk=user.pk)
