"""A sign-in that waits at its second step: it lives no longer than the password it began with."""

from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

BEGUN_WITH: Final = "sign_in_begun_with"
"""Where the session keeps the keyed hash of the password as it was, the one signed-in sessions have, too."""


def begin(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Note what the sign-in begins with."""
    request.session[BEGUN_WITH] = user.get_session_auth_hash()


def still_holds(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Whether the password is still the one the sign-in began with."""
    return constant_time_compare(request.session.get(BEGUN_WITH, ""), user.get_session_auth_hash())
