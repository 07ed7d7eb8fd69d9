"""What a login proves itself by besides its password: names, numbers, and why a factor has to stay."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

PASSKEYS_AT_MOST: Final = 10
KEY_NAME_MAX_LENGTH: Final = 40
"""Letters in the name of a passkey."""
APP_DIGITS: Final = 6
"""Digits of a code from an app (TOTP, RFC 6238)."""


class Change(Enum):
    """What changed: its name in the audit trail, and its words in the mail."""

    PASSKEY_ADDED = ("factor.passkey_added", "dodany klucz logowania")
    PASSKEY_REMOVED = ("factor.passkey_removed", "usunięty klucz logowania")
    APP_ADDED = ("factor.app_added", "włączone kody z aplikacji")
    APP_REMOVED = ("factor.app_removed", "wyłączone kody z aplikacji")
    CODES_MADE = ("factor.recovery_codes_made", "nowe kody zapasowe, poprzednie nie działają")
    PASSWORD_REMOVED = ("password.remove", "usunięte hasło, logujesz się kluczem")


class FactorRefusal(StrEnum):
    """Why a factor has to stay."""

    ONLY_WAY = "only_way"
    """It is the login's last passkey, and there is no password."""
    STAFF_DUTY = "staff_duty"
    """It is the last factor of a member of staff (ASVS 6.3.3)."""


class Occasion(StrEnum):
    """When somebody proves who they are by a factor. The value is its action in the audit trail."""

    SECOND_STEP = "second_factor"
    """Signing in, after the password or the mailed code."""
    CONFIRM = "confirm"
    """Already signed in, before something that matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorState:
    """What a login would still have without one of its factors."""

    is_passkey: bool
    other_passkeys: int
    other_factors: int
    has_password: bool
    must_have_factor: bool
    """Staff, logins of the demo excepted."""


def why_it_stays(state: FactorState) -> FactorRefusal | None:
    """Why the factor has to stay; None when it can go."""
    if state.is_passkey and not state.has_password and not state.other_passkeys:
        return FactorRefusal.ONLY_WAY
    if state.must_have_factor and not state.other_factors:
        return FactorRefusal.STAFF_DUTY
    return None
