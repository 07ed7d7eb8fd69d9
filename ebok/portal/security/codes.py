"""Codes that people type: from the app (TOTP, RFC 6238) and from the list of recovery codes."""

from typing import Any, Final

import structlog
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.db import transaction

from ebok.foundation.encryption import UnableToDecrypt

APP_DIGITS: Final = 6
LAST_COUNTER: Final = "last_counter"
"""The step of the last code taken. No code of that step or before is taken again (RFC 6238, 5.2)."""


def plain_digits(typed: str) -> str:
    """The digits of a code however they were grouped; empty when it cannot be a code."""
    digits = "".join(typed.replace("-", " ").split())
    fits = len(digits) in {APP_DIGITS, settings.MFA_RECOVERY_CODE_DIGITS}
    return digits if fits and digits.isascii() and digits.isdigit() else ""


log = structlog.get_logger(__name__)


@transaction.atomic
def take_code(*, user_id: int, digits: str) -> Authenticator | None:
    """Use up a code: of the app by its length, else a recovery code. Return what it belongs to, None when wrong.

    Of two requests with the same code one wins.
    """
    kind = Authenticator.Type.TOTP if len(digits) == APP_DIGITS else Authenticator.Type.RECOVERY_CODES
    factor = Authenticator.objects.select_for_update().filter(user_id=user_id, type=kind).first()
    if factor is None:
        return None
    try:
        right = _takes(factor, digits) if kind == Authenticator.Type.TOTP else factor.wrap().validate_code(digits)
    except UnableToDecrypt as fault:
        log_unreadable(factor, fault)
        return None
    return factor if right else None


def log_unreadable(factor: Authenticator, fault: UnableToDecrypt) -> None:
    """Tell the operator that a seed cannot be read: a key of `EBOK_FIELD_KEYS` is missing, or the row was changed."""
    log.error("factor_unreadable", factor=factor.pk, user=factor.user_id, fault=fault.reason.value)


def start_app(*, user: Any, secret: str, digits: str) -> Authenticator | None:
    """Store the secret of an app that shows the right code, the code used up; None when the code is wrong."""
    counter = _counter_of(secret, digits)
    if counter is None:
        return None
    factor: Authenticator = TOTP.activate(user, secret).instance
    factor.data[LAST_COUNTER] = counter
    factor.save(update_fields=["data"])
    return factor


def _takes(factor: Authenticator, digits: str) -> bool:
    secret = decrypt(factor.data["secret"])
    counter = _counter_of(secret, digits)
    if counter is None or counter <= factor.data.get(LAST_COUNTER, -1):
        return False
    # Encrypted anew each time, so that a secret in use moves to the current key by itself.
    factor.data = {"secret": encrypt(secret), LAST_COUNTER: counter}
    factor.save(update_fields=["data"])
    return True


def _counter_of(secret: str, digits: str) -> int | None:
    steps: list[int] = list(yield_hotp_counters_from_time())
    right = [step for step in steps if format_hotp_value(hotp_value(secret, step)) == digits]
    return max(right, default=None)
