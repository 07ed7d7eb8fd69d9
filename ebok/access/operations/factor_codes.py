"""Codes that people type: from the app (TOTP, RFC 6238) and from the list of recovery codes."""

from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction

from ebok.access.domain.factors import APP_DIGITS
from ebok.access.models import User
from ebok.access.queries.factors import log_unreadable
from ebok.foundation.encryption import UnableToDecrypt

LAST_COUNTER: Final = "last_counter"
"""The step of the last code taken. No code of that step or before is taken again (RFC 6238, 5.2)."""


@transaction.atomic
def take_code(*, user_id: int, digits: str) -> Authenticator | None:
    """Use up a code: of the app by its length, else a recovery code. Return what it belongs to, None when wrong.

    Of two requests with the same code one wins. Who took it on which occasion is for the caller to audit.
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


def start_app(*, user: User, secret: str, digits: str) -> Authenticator | None:
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
