"""What a grant allows. One kind for now: everything its account has."""

from enum import StrEnum


class GrantRole(StrEnum):
    """How much of an account a grant opens."""

    OWNER = "owner"
