"""Customer accounts, the scope through which they are reached, and how they are searched."""

from ebok.customers.domain.accounts import (
    Account,
    Address,
    CustomerKind,
    CustomerScope,
    DocumentWindow,
    Point,
    Premises,
    RegistryRow,
)
from ebok.customers.domain.search import (
    FOLDED_FROM,
    FOLDED_TO,
    SEARCH_LONGEST,
    SearchKind,
    SearchTerms,
    folded,
    forgives,
    search_terms,
    with_a_typo,
)

__all__ = [
    "FOLDED_FROM",
    "FOLDED_TO",
    "SEARCH_LONGEST",
    "Account",
    "Address",
    "CustomerKind",
    "CustomerScope",
    "DocumentWindow",
    "Point",
    "Premises",
    "RegistryRow",
    "SearchKind",
    "SearchTerms",
    "folded",
    "forgives",
    "search_terms",
    "with_a_typo",
]
