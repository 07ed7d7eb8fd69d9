"""Which passwords will do."""

from functools import cache
from pathlib import Path
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator

from ebok.access.domain import PasswordFault, password_faults
from ebok.access.domain.breached import is_listed
from ebok.access.models import User
from ebok.foundation.utility import utility

BREACHED_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "breached_passwords.bin"
"""Where it comes from and under which licence is written beside it."""
CONTEXT_WORDS = ("ebok", "woda", "wody", "wodociag", "wodociagi", "kanalizacja", "haslo", "password")


def general_faults(*, password: str) -> tuple[PasswordFault, ...]:
    """What is wrong with a new password, whoever it is for."""
    return _faults(password, _ours())


def faults_of(*, password: str, user: User) -> tuple[PasswordFault, ...]:
    """What is wrong with a new password for this user: the general rules, and their own data in it."""
    theirs = (user.username, user.email, user.full_name)
    return _faults(password, (*_ours(), *theirs))


def _faults(password: str, personal: tuple[str, ...]) -> tuple[PasswordFault, ...]:
    breached = is_listed(password, digests=_breached())
    return password_faults(password=password, common=_is_common(password), breached=breached, personal=personal)


def _ours() -> tuple[str, ...]:
    return (utility().short_name, utility().name, utility().city, *CONTEXT_WORDS)


def _is_common(password: str) -> bool:
    return password.lower().strip() in _common().passwords


@cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()


@cache
def _breached() -> bytes:
    return BREACHED_FILE.read_bytes()
