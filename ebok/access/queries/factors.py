"""Which factors a login has, what is left of its recovery codes, and which factor can go.

The rows are allauth's. They are given away as they are, since its flows take them; they hold no secret in clear.
"""

from typing import Any, Final

import structlog
from allauth.mfa.models import Authenticator

from ebok.access.domain.factors import FactorRefusal, FactorState, why_it_stays
from ebok.access.models import User
from ebok.access.queries.logins import staff_member
from ebok.foundation.encryption import UnableToDecrypt

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a factor. Recovery codes only stand in for one."""

log = structlog.get_logger(__name__)


def has_second_factor(*, user_id: int) -> bool:
    """Say whether the login has a code app or a passkey."""
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=FACTORS).exists())


def has_app(*, user_id: int) -> bool:
    """Say whether the login has an app that shows codes."""
    return app_of(user_id=user_id) is not None


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


def may_go_without_password(*, user_id: int) -> bool:
    """Whether the login holds two passkeys, or one and recovery codes, so that a lost device locks nobody out."""
    passkeys = passkeys_of(user_id=user_id).count()
    return passkeys > 1 or (passkeys == 1 and unused_codes(user_id=user_id) > 0)


def is_last(*, factor: Authenticator) -> bool:
    """Say whether the login has no other app or passkey."""
    return not _others(factor).exists()


def barrier(*, factor: Authenticator) -> FactorRefusal | None:
    """Why a factor has to stay, as things are now; None when it can go."""
    user, staff = User.objects.get(pk=factor.user_id), staff_member(user_id=factor.user_id)
    return why_it_stays(
        FactorState(
            is_passkey=factor.type == Authenticator.Type.WEBAUTHN,
            other_passkeys=_others(factor).filter(type=Authenticator.Type.WEBAUTHN).count(),
            other_factors=_others(factor).count(),
            has_password=user.has_usable_password(),
            must_have_factor=staff is not None and not staff.is_demo,
        )
    )


def log_unreadable(factor: Authenticator, fault: UnableToDecrypt) -> None:
    """Tell the operator that a seed cannot be read: a key of `EBOK_FIELD_KEYS` is missing, or the row was changed."""
    log.error("factor_unreadable", factor=factor.pk, user=factor.user_id, fault=fault.reason.value)


def _others(factor: Authenticator) -> Any:
    return Authenticator.objects.filter(user_id=factor.user_id, type__in=FACTORS).exclude(pk=factor.pk)
