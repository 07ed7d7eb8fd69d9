"""Loads the open items of accounts, and writes down what posting changed in them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from ebok.billing.domain.ledger import Posting
from ebok.billing.domain.settlement import AccountSettlement, Allocated, Item
from ebok.billing.models import Allocation, LedgerEntry, OpenItem
from ebok.foundation.bulk import copy_rows

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


def item_of_row(entry: LedgerEntry) -> Item:
    """The same for an entry of the ledger."""
    return Item(
        entry_id=entry.pk,
        amount=entry.amount,
        due_on=entry.due_on or entry.booked_on,
        document_number=entry.document_number,
        names=tuple(entry.settles_first),
        reverses=entry.reverses_id,
    )


def load_settlements(*, account_ids: Collection[int], reversed_ids: Collection[int]) -> dict[int, AccountSettlement]:
    """The open items of these accounts, with what entries about to be reversed have settled."""
    remaining: dict[int, dict[int, Decimal]] = defaultdict(dict)
    items: dict[int, list[Item]] = defaultdict(list)
    for open_item in OpenItem.objects.filter(account_id__in=account_ids).select_related("entry"):
        remaining[open_item.account_id][open_item.entry_id] = open_item.remaining
        items[open_item.account_id].append(item_of_row(open_item.entry))
    pairs, owners = _pairs(reversed_ids), {}
    for entry in _entries_of(pairs, reversed_ids):
        owners[entry.pk] = entry.account_id
        items[entry.account_id].append(item_of_row(entry))
    settled: dict[int, list[Allocated]] = defaultdict(list)
    for pair in pairs:
        settled[owners[pair.credit]].append(pair)
    return {a: AccountSettlement(items=items[a], remaining=remaining[a], settled=settled[a]) for a in account_ids}


def _pairs(reversed_ids: Collection[int]) -> list[Allocated]:
    if not reversed_ids:
        return []
    touching = Allocation.objects.filter(Q(credit_id__in=reversed_ids) | Q(charge_id__in=reversed_ids))
    sums = touching.values_list("credit_id", "charge_id").annotate(net=Sum("amount")).order_by()
    return [Allocated(credit=credit, charge=charge, amount=net) for credit, charge, net in sums if net]


def _entries_of(pairs: Sequence[Allocated], reversed_ids: Collection[int]) -> Sequence[LedgerEntry]:
    ids = {entry for pair in pairs for entry in (pair.credit, pair.charge)} | set(reversed_ids)
    return list(LedgerEntry.objects.filter(id__in=ids)) if ids else []


def save_settlements(
    *, ledgers: Mapping[int, AccountSettlement], invoices: Mapping[int, int | None], now: datetime
) -> None:
    """Add the allocations and bring the open items up to date; `invoices` names the invoice of each new entry."""
    allocations = [a for ledger in ledgers.values() for a in ledger.allocations]
    copy_rows(Allocation, ALLOCATION_COLUMNS, ((a.credit, a.charge, a.amount, now) for a in allocations))
    changed = {entry for ledger in ledgers.values() for entry in ledger.changed}
    known = {**invoices, **_invoices_of(changed - invoices.keys())}
    OpenItem.objects.filter(entry_id__in=changed - invoices.keys()).delete()
    rows = (
        (entry, account, ledger.remaining[entry], ledger.items[entry].due_on, known[entry])
        for account, ledger in ledgers.items()
        for entry in sorted(ledger.changed & ledger.remaining.keys())
    )
    copy_rows(OpenItem, OPEN_ITEM_COLUMNS, rows)


def _invoices_of(entries: Collection[int]) -> dict[int, int | None]:
    kinds = ("invoice", "correction")
    rows = LedgerEntry.objects.filter(id__in=entries).values_list("id", "kind", "invoice_id")
    return {entry: invoice if kind in kinds else None for entry, kind, invoice in rows}
