"""Reading customer accounts and service points, always through a scope."""

from ebok.customers.queries.accounts import (
    account,
    account_of_holder,
    accounts,
    accounts_by_collect_id,
    accounts_by_nip,
    accounts_by_number,
    accounts_by_payment_nrb,
    any_account,
    has_identity,
    holder_changes,
    payment_account_holders,
    payment_accounts_of,
    points,
    points_by_number,
    premises,
)
from ebok.customers.queries.care import (
    approved_data_changes_after,
    contact_change,
    contact_changes_after,
    data_change,
    data_changes,
    seen_since,
    waiting_data_changes,
)
from ebok.customers.queries.posting import letter_addresses
from ebok.customers.queries.search import (
    search,
)

__all__ = [
    "account",
    "account_of_holder",
    "accounts",
    "accounts_by_collect_id",
    "accounts_by_nip",
    "accounts_by_number",
    "accounts_by_payment_nrb",
    "any_account",
    "approved_data_changes_after",
    "contact_change",
    "contact_changes_after",
    "data_change",
    "data_changes",
    "has_identity",
    "holder_changes",
    "letter_addresses",
    "payment_account_holders",
    "payment_accounts_of",
    "points",
    "points_by_number",
    "premises",
    "search",
    "seen_since",
    "waiting_data_changes",
]
