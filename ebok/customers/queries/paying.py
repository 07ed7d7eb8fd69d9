"""Where holders pay, for whoever tells many of them at once."""

from collections.abc import Collection

from ebok.customers.models import CustomerAccount
from ebok.foundation.lookups import among


def paid_to(*, account_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The number of each of these accounts and the payment account it has today, in one query; for jobs."""
    rows = CustomerAccount.objects.filter(among("id", account_ids)).values_list("id", "number", "payment_nrb")
    return {account: (number, nrb) for account, number, nrb in rows}
