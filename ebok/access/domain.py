"""What a grant allows, what a login is, and the limits of passwords and one-time codes."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

PASSWORD_MIN_LENGTH: Final = 12
PASSWORD_MAX_LENGTH: Final = 128
RESET_CODE_DIGITS: Final = 6
RESET_CODE_LIFETIME: Final = timedelta(minutes=10)
RESET_CODE_TRIES: Final = 5


class GrantRole(StrEnum):
    """How much of an account a grant opens. One kind for now: everything its account has."""

    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A login: who signs in. Not a customer."""

    user_id: int
    username: str
    email: str
    full_name: str
    is_active: bool
    is_demo: bool
