"""Entries of the ledger as settlement sees them."""

from collections.abc import Iterator

from django.db.models import QuerySet

from ebok.billing.domain.settlement import Item
from ebok.billing.models import LedgerEntry


def items_of(entries: QuerySet[LedgerEntry]) -> Iterator[tuple[int, Item]]:
    """Yield each entry with its account; without a due date it is due when it is booked."""
    columns = ("account_id", "id", "amount", "due_on", "booked_on", "document_number", "settles_first", "reverses_id")
    for account, entry, amount, due_on, booked_on, number, names, reverses in entries.values_list(*columns):
        yield (
            account,
            Item(
                entry_id=entry,
                amount=amount,
                due_on=due_on or booked_on,
                document_number=number,
                names=tuple(names),
                reverses=reverses,
            ),
        )
