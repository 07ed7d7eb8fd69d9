"""Making logins, giving and taking grants, changing and resetting passwords."""

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
    ResetTicket,
    UnableToReset,
    ask_for_reset,
    forget_past_resets,
    reset_password,
)

__all__ = [
    "GivenGrant",
    "GrantRefusal",
    "LoginRefusal",
    "ResetRefusal",
    "ResetTicket",
    "UnableToCreateUser",
    "UnableToGrant",
    "UnableToReset",
    "UnableToSetPassword",
    "ask_for_reset",
    "change_password",
    "create_user",
    "forget_past_resets",
    "general_faults",
    "grant",
    "reset_password",
    "revoke",
]
