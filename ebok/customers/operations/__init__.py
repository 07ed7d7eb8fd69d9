"""Writing customer accounts and service points as the registry gives them."""

from ebok.customers.operations.registry import (
    Registered,
    pesel_digest,
    register_accounts,
    register_points,
)

__all__ = [
    "Registered",
    "pesel_digest",
    "register_accounts",
    "register_points",
]
