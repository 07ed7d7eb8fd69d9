"""Making logins, giving and taking grants, changing and resetting passwords."""

from ebok.access.operations.codes import (
    IssuedCode,
    RightCode,
    check_code,
    forget_past_codes,
    issue_code,
    send_code,
    spend_code,
)
from ebok.access.operations.grants import GivenGrant, GrantRefusal, UnableToGrant, grant, revoke
from ebok.access.operations.logins import (
    LoginRefusal,
    UnableToCreateUser,
    UnableToSetPassword,
    change_password,
    create_user,
)
from ebok.access.operations.passwords import general_faults
from ebok.access.operations.resets import (
    ResetRefusal,
    UnableToReset,
    ask_for_reset,
    reset_password,
)

__all__ = [
    "GivenGrant",
    "GrantRefusal",
    "IssuedCode",
    "LoginRefusal",
    "ResetRefusal",
    "RightCode",
    "UnableToCreateUser",
    "UnableToGrant",
    "UnableToReset",
    "UnableToSetPassword",
    "ask_for_reset",
    "change_password",
    "check_code",
    "create_user",
    "forget_past_codes",
    "general_faults",
    "grant",
    "issue_code",
    "reset_password",
    "revoke",
    "send_code",
    "spend_code",
]
