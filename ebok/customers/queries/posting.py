"""Where paper goes that must reach the holder of the agreement and nobody else."""

from collections.abc import Collection
from datetime import datetime

from ebok.customers.domain import NEW_ADDRESS_WAITS, Account, Address, ContactField
from ebok.customers.models import ContactChange


def letter_addresses(*, held: Collection[Account], now: datetime) -> dict[int, Address]:
    """Where a letter that opens an account goes, account by account; `held` were read in scope.

    An address given online counts only after `NEW_ADDRESS_WAITS`: until then a letter goes where the registry said
    before the first of such changes. Whoever was let in for a day cannot have the key sent to themselves.
    """
    ids = [one.id for one in held]
    changes = ContactChange.objects.filter(account_id__in=ids, field=ContactField.CORRESPONDENCE.value)
    fresh = changes.filter(at__gt=now - NEW_ADDRESS_WAITS).exclude(by=ContactChange.BY_REGISTRY)
    first = fresh.order_by("account_id", "id").distinct("account_id")
    before = {row.account_id: Address(**row.registry_value) for row in first}
    return {one.id: before.get(one.id, one.correspondence) or one.address for one in held}
