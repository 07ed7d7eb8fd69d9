"""What a login is, what a grant allows, and the rules of passwords and one-time codes."""

from ebok.access.domain.codes import (
    CODE_DIGITS,
    CODE_LIFETIME,
    CODE_TRIES,
    LONG_CODE_LETTERS,
    CodePurpose,
    CodeRefusal,
    CodeTicket,
    grouped,
    new_long_code,
    plain_long_code,
)
from ebok.access.domain.logins import Login, StaffMember
from ebok.access.domain.matrix import (
    ALLOWED,
    FORMER_OWNER_MAY,
    STAFF_ALLOWED,
    AccountAction,
    GrantRole,
    HeldGrant,
    HeldGrants,
    StaffAction,
    StaffRole,
)
from ebok.access.domain.passwords import PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH, PasswordFault, password_faults

__all__ = [
    "ALLOWED",
    "CODE_DIGITS",
    "CODE_LIFETIME",
    "CODE_TRIES",
    "FORMER_OWNER_MAY",
    "LONG_CODE_LETTERS",
    "PASSWORD_MAX_LENGTH",
    "PASSWORD_MIN_LENGTH",
    "STAFF_ALLOWED",
    "AccountAction",
    "CodePurpose",
    "CodeRefusal",
    "CodeTicket",
    "GrantRole",
    "HeldGrant",
    "HeldGrants",
    "Login",
    "PasswordFault",
    "StaffAction",
    "StaffMember",
    "StaffRole",
    "grouped",
    "new_long_code",
    "password_faults",
    "plain_long_code",
]
