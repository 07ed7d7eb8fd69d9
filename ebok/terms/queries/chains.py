"""Proving the ledgers of consents against their own chains and against the audit trail."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from django.db import DataError
from django.db.models import QuerySet

from ebok.audit.queries import accounts_told_of, told_of
from ebok.terms.domain import BrokenConsent, LedgerRow, ToldEntry, broken_entries, sha256_of
from ebok.terms.models import ConsentEntry as Row
from ebok.terms.models import TermsVersion
from ebok.terms.queries.consents import entry_of

ACTIONS: Final = ("consent.give", "consent.change", "consent.withdraw")
_ACCOUNTS_AT_ONCE: Final = 500
_UNREADABLE: Final = (DataError, ValueError, OverflowError)


def broken_consents() -> list[BrokenConsent]:
    """Recompute every chain and compare it with the audit trail: each row edited, removed, put in or moved.

    A chain made anew as a whole, or cut at its end, is found by the hashes the audit trail was told; who changes
    these too breaks its own chain (`audit.queries.prove_chain`). Memory holds the ledgers of 500 accounts at a time.
    """
    texts = {version.id: sha256_of(version.text) for version in TermsVersion.objects.all()}
    return [broken for accounts in _accounts() for broken in _broken(accounts, texts)]


def _accounts() -> Iterator[list[int]]:
    """Every account with an entry, or of which the audit trail tells that it had one."""
    last: int | None = None
    while True:
        rows = Row.objects.order_by("account_id").values_list("account_id", flat=True).distinct()
        kept = list((rows if last is None else rows.filter(account_id__gt=last))[:_ACCOUNTS_AT_ONCE])
        told = accounts_told_of(actions=ACTIONS, after=last, limit=_ACCOUNTS_AT_ONCE)
        page = sorted({*kept, *told})[:_ACCOUNTS_AT_ONCE]
        if not page:
            return
        yield page
        last = page[-1]


def _broken(accounts: list[int], texts: dict[int, bytes]) -> Iterator[BrokenConsent]:
    kept: dict[int, list[LedgerRow]] = {account: [] for account in accounts}
    rows = Row.objects.filter(account_id__in=accounts).order_by("account_id", "number", "id")
    for account, own in groupby(_readable(rows), key=lambda found: found[0]):
        kept[account] = [row for _, row in own]
    told: dict[int, list[ToldEntry]] = {account: [] for account in accounts}
    for account, details in told_of(account_ids=accounts, actions=ACTIONS):
        told[account].append(ToldEntry(number=details.get("number"), sha256=details.get("sha256")))
    for account in accounts:
        yield from broken_entries(account_id=account, rows=kept[account], told=told[account], texts=texts)


def _readable(rows: QuerySet[Row]) -> Iterator[tuple[int, LedgerRow]]:
    """The rows; where one holds what Python cannot read (the year 20000) they are read one by one."""
    try:
        found = [_ledger_row(row) for row in rows]
    except _UNREADABLE:
        places = list(rows.values_list("id", "account_id", "number"))
        found = [_alone(*place) for place in places]
    yield from found


def _ledger_row(row: Row) -> tuple[int, LedgerRow]:
    try:
        entry = entry_of(row)
    except _UNREADABLE:
        return row.account_id, LedgerRow(id=row.id, number=row.number, entry=None)
    return row.account_id, LedgerRow(id=row.id, number=row.number, entry=entry)


def _alone(row_id: int, account_id: int, number: int) -> tuple[int, LedgerRow]:
    try:
        return _ledger_row(Row.objects.get(id=row_id))
    except _UNREADABLE:
        return account_id, LedgerRow(id=row_id, number=number, entry=None)
