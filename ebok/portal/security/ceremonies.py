"""What browsers and the server say to each other about a passkey (WebAuthn level 3, by fido2 through allauth).

Every passkey is one that can sign in alone: kept on the device, and opened by a finger, face or PIN.
"""

import json
import struct
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

ANSWER_CHARACTERS: Final = 20_000
MISSHAPEN: Final = (
    ValidationError, ValueError, TypeError, LookupError, AttributeError, RecursionError, NotImplementedError,
    AssertionError, struct.error,
)  # fmt: skip
"""What reading an answer that no browser sent may raise."""


def begin_new(*, user: AbstractBaseUser) -> str:
    """Ask for a new passkey: the JSON of `navigator.credentials.create`. Its challenge stays in the session."""
    return json.dumps(auth.begin_registration(user, passwordless=True))


def finish_new(*, answer: str) -> dict[str, Any] | None:
    """Return the new passkey as it is stored; None when the answer does not fit what was asked."""
    try:
        credential = _read(answer)
        auth.parse_registration_response(credential)
        binding = auth.complete_registration(credential)
    except MISSHAPEN:
        return None
    return credential if binding.is_user_verified() else None


def begin_check(*, user: AbstractBaseUser | None = None) -> str:
    """Ask for a passkey of this person, of anybody when there is none: the JSON of `navigator.credentials.get`."""
    return json.dumps(auth.begin_authentication(user))


def finish_check(*, answer: str, user: AbstractBaseUser | None = None) -> Authenticator | None:
    """Return the passkey that answered; None when the answer does not fit what was asked, or is nobody's."""
    try:
        credential = _read(answer)
        auth.parse_authentication_response(credential)
        owner = auth.extract_user_from_response(credential) if user is None else user
        factor: Authenticator = auth.complete_authentication(owner, credential)
    except MISSHAPEN:
        return None
    return factor


def _read(answer: str) -> dict[str, Any]:
    """:raises ValueError: for what is too long or no JSON object."""
    value = json.loads(answer) if len(answer) <= ANSWER_CHARACTERS else None
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value
