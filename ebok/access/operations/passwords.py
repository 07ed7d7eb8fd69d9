"""Which passwords will do."""

from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator

from ebok.access.domain import PasswordFault, password_faults
from ebok.access.models import User
from ebok.foundation.utility import utility

CONTEXT_WORDS = ("ebok", "woda", "wody", "wodociag", "wodociagi", "kanalizacja", "haslo", "password")


def general_faults(*, password: str) -> tuple[PasswordFault, ...]:
    """What is wrong with a new password, whoever it is for."""
    return password_faults(password=password, common=_is_common(password), personal=_ours())


def faults_of(*, password: str, user: User) -> tuple[PasswordFault, ...]:
    """What is wrong with a new password for this user: the general rules, and their own data in it."""
    theirs = (user.username, user.email, user.full_name)
    return password_faults(password=password, common=_is_common(password), personal=(*_ours(), *theirs))


def _ours() -> tuple[str, ...]:
    return (utility().short_name, utility().name, utility().city, *CONTEXT_WORDS)


def _is_common(password: str) -> bool:
    return password.lower().strip() in _common().passwords


@cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()
