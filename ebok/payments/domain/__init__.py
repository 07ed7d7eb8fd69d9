"""Statements, and the rules by which a movement finds its account."""

from ebok.payments.domain.statements import (
    NO_REFERENCE,
    Movement,
    Statement,
    accounts_in,
    collect_id_in,
    conserve,
    content_keys,
    fingerprints,
    is_zero,
    own_account,
    squeezed,
    unknown_own_account,
)

__all__ = [
    "NO_REFERENCE",
    "Movement",
    "Statement",
    "accounts_in",
    "collect_id_in",
    "conserve",
    "content_keys",
    "fingerprints",
    "is_zero",
    "own_account",
    "squeezed",
    "unknown_own_account",
]
