"""Posting to the ledger: entries, what settles what, and the open items, for a batch of accounts at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.billing.domain.ledger import CONTRA, EntryKind, EntrySource, PostedEntries, Posting
from ebok.billing.models import AccountLedger, LedgerEntry
from ebok.billing.operations.settling import item_of, load_settlements, save_settlements
from ebok.foundation.bulk import copy_rows, insert_new, reserve_ids
from ebok.foundation.lookups import among, array_literal

ENTRY_COLUMNS = (
    "id", "account_id", "kind", "contra", "source", "external_id", "amount", "booked_on", "due_on",
    "invoice_id", "document_number", "title", "settles_first", "reverses_id", "posted_at",
)  # fmt: skip
OF_AN_INVOICE = frozenset({EntryKind.INVOICE, EntryKind.CORRECTION})

Key = tuple[EntrySource, str]


class UnableToPostReason(StrEnum):
    """Why postings cannot be booked."""

    REVERSES_FOREIGN_ENTRY = "reverses_foreign_entry"


class UnableToPostEntries(Exception):
    """Nothing of the batch was booked; `reason` says why."""

    def __init__(self, reason: UnableToPostReason) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def post_entries(*, postings: Sequence[Posting], acting: Actor, now: datetime) -> PostedEntries:
    """Add entries to the ledger and settle, in the order given, within the caller's transaction.

    Locks the touched accounts in id order until that transaction ends. A posting whose (source,
    external id) is in the ledger already, or earlier in `postings`, adds nothing (I4).

    :raises UnableToPostEntries: a posting reverses an entry that is not of its account.
    """
    lock_accounts({p.account_id for p in postings})
    known = _known(postings)
    fresh = [p for p in _first_of_each(postings) if _key(p) not in known]
    ids = dict(zip(map(_key, fresh), reserve_ids(LedgerEntry, len(fresh)), strict=True))
    if fresh:
        _add(fresh, ids, now)
    posted = _result(postings, known, ids)
    _audit(posted, acting, now)
    return posted


def lock_accounts(account_ids: Collection[int]) -> None:
    """Lock the ledgers of these accounts in id order, until the transaction ends."""
    ordered = sorted(account_ids)
    insert_new(AccountLedger, ["account_id"], ([account] for account in ordered))
    locked = AccountLedger.objects.select_for_update().filter(among("account_id", ordered)).order_by("account_id")
    list(locked.values_list("account_id", flat=True))


def _key(posting: Posting) -> Key:
    return posting.source, posting.external_id


def _first_of_each(postings: Sequence[Posting]) -> list[Posting]:
    first: dict[Key, Posting] = {}
    for posting in postings:
        first.setdefault(_key(posting), posting)
    return list(first.values())


def _known(postings: Sequence[Posting]) -> dict[Key, int]:
    by_source: dict[EntrySource, list[str]] = defaultdict(list)
    for posting in postings:
        by_source[posting.source].append(posting.external_id)
    known: dict[Key, int] = {}
    for source, external_ids in by_source.items():
        rows = LedgerEntry.objects.filter(among("external_id", external_ids), source=source.value)
        known |= {(source, external_id): id_ for external_id, id_ in rows.values_list("external_id", "id")}
    return known


def _entry_row(entry_id: int, p: Posting, now: datetime) -> tuple[object, ...]:
    return (
        entry_id, p.account_id, p.kind.value, CONTRA[p.kind].value, p.source.value, p.external_id, p.amount,
        p.booked_on, p.due_on, p.invoice_id, p.document_number, p.title, array_literal(p.settles_first),
        p.reverses, now,
    )  # fmt: skip


def _add(fresh: Sequence[Posting], ids: Mapping[Key, int], now: datetime) -> None:
    reversed_ids = {p.reverses for p in fresh if p.reverses is not None}
    ledgers = load_settlements(account_ids={p.account_id for p in fresh}, reversed_ids=reversed_ids)
    invoices: dict[int, int | None] = {}

    def rows() -> Iterator[tuple[object, ...]]:
        # Settled here because the database takes the rows before meanwhile.
        for posting in fresh:
            ledger, item = ledgers[posting.account_id], item_of(ids[_key(posting)], posting)
            yield _entry_row(item.entry_id, posting, now)
            if item.reverses is not None and item.reverses not in ledger.items:
                raise UnableToPostEntries(UnableToPostReason.REVERSES_FOREIGN_ENTRY)
            ledger.add(item)
            invoices[item.entry_id] = posting.invoice_id if posting.kind in OF_AN_INVOICE else None

    copy_rows(LedgerEntry, ENTRY_COLUMNS, rows())
    save_settlements(ledgers=ledgers, invoices=invoices, now=now)


def _result(postings: Sequence[Posting], known: Mapping[Key, int], ids: Mapping[Key, int]) -> PostedEntries:
    keys = [_key(p) for p in postings]
    first = {key: position for position, key in reversed(list(enumerate(keys)))}
    duplicates = frozenset(i for i, key in enumerate(keys) if key in known or first[key] != i)
    return PostedEntries(entry_ids=tuple(known.get(key) or ids[key] for key in keys), duplicates=duplicates)


def _audit(posted: PostedEntries, acting: Actor, now: datetime) -> None:
    if posted.new:
        details = {"new": posted.new, "same": len(posted.duplicates)}
        record(
            facts=[AuditFact(action="billing.post_entries", subject="ledger", details=details)], acting=acting, now=now
        )
