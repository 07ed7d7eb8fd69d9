"""Loads the open items of accounts, and writes down what posting changed in them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from ebok.billing.domain.ledger import Posting
from ebok.billing.domain.settlement import AccountSettlement, Allocated, Item
from ebok.billing.models import Allocation, LedgerEntry, OpenItem
from ebok.billing.queries.items import items_of
from ebok.foundation.bulk import copy_rows
from ebok.foundation.lookups import among

ALLOCATION_COLUMNS = ("credit_id", "charge_id", "amount", "made_at")
OPEN_ITEM_COLUMNS = ("entry_id", "account_id", "remaining", "due_on", "invoice_id")


def item_of(entry_id: int, posting: Posting) -> Item:
    """An entry as settlement sees it; without a due date it is due when it is booked."""
    return Item(
        entry_id=entry_id,
        amount=posting.amount,
        due_on=posting.due_on or posting.booked_on,
        document_number=posting.document_number,
        names=posting.settles_first,
        reverses=posting.reverses,
    )


def load_settlements(*, account_ids: Collection[int], reversed_ids: Collection[int]) -> dict[int, AccountSettlement]:
    """The open items of these accounts, with what entries about to be reversed have settled."""
    remaining: dict[int, dict[int, Decimal]] = defaultdict(dict)
    items: dict[int, list[Item]] = defaultdict(list)
    still_open = OpenItem.objects.filter(among("account_id", account_ids))
    for account, entry, left in still_open.values_list("account_id", "entry_id", "remaining"):
        remaining[account][entry] = left
    for account, item in items_of(LedgerEntry.objects.filter(open_item__in=still_open)):
        items[account].append(item)
    pairs, owners = _pairs(reversed_ids), {}
    for account, item in _entries_of(pairs, reversed_ids):
        owners[item.entry_id] = account
        items[account].append(item)
    settled: dict[int, list[Allocated]] = defaultdict(list)
    for pair in pairs:
        settled[owners[pair.credit]].append(pair)
    return {a: AccountSettlement(items=items[a], remaining=remaining[a], settled=settled[a]) for a in account_ids}


def _pairs(reversed_ids: Collection[int]) -> list[Allocated]:
    if not reversed_ids:
        return []
    touching = Allocation.objects.filter(Q(among("credit_id", reversed_ids)) | Q(among("charge_id", reversed_ids)))
    sums = touching.values_list("credit_id", "charge_id").annotate(net=Sum("amount")).order_by()
    return [Allocated(credit=credit, charge=charge, amount=net) for credit, charge, net in sums if net]


def _entries_of(pairs: Sequence[Allocated], reversed_ids: Collection[int]) -> Iterator[tuple[int, Item]]:
    ids = {entry for pair in pairs for entry in (pair.credit, pair.charge)} | set(reversed_ids)
    return items_of(LedgerEntry.objects.filter(among("id", ids)))


def save_settlements(
    *, ledgers: Mapping[int, AccountSettlement], invoices: Mapping[int, int | None], now: datetime
) -> None:
    """Add the allocations and bring the open items up to date; `invoices` names the invoice of each new entry."""
    allocations = [a for ledger in ledgers.values() for a in ledger.allocations]
    copy_rows(Allocation, ALLOCATION_COLUMNS, ((a.credit, a.charge, a.amount, now) for a in allocations))
    changed = {entry for ledger in ledgers.values() for entry in ledger.changed}
    known = {**invoices, **_invoices_of(changed - invoices.keys())}
    OpenItem.objects.filter(among("entry_id", changed - invoices.keys())).delete()
    rows = (
        (entry, account, ledger.remaining[entry], ledger.items[entry].due_on, known[entry])
        for account, ledger in ledgers.items()
        for entry in sorted(ledger.changed & ledger.remaining.keys())
    )
    copy_rows(OpenItem, OPEN_ITEM_COLUMNS, rows)


def _invoices_of(entries: Collection[int]) -> dict[int, int | None]:
    kinds = ("invoice", "correction")
    rows = LedgerEntry.objects.filter(among("id", entries)).values_list("id", "kind", "invoice_id")
    return {entry: invoice if kind in kinds else None for entry, kind, invoice in rows}
