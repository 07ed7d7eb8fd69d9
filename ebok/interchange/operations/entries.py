"""Takes what only the billing system knows: opening balances, payments at the desk, interest notes, write-offs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor
from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.operations import post_entries
from ebok.billing.queries import entries_by_external_id
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_number
from ebok.foundation.bulk import lock_key
from ebok.foundation.intake import SourceFile
from ebok.foundation.locks import Lock
from ebok.foundation.ports import adapter
from ebok.interchange.domain import ImportReport, TableRow
from ebok.interchange.models import TakenRows
from ebok.interchange.operations.amounts import amount
from ebok.interchange.operations.registry import cells
from ebok.interchange.ports import TableReader
from ebok.kernel.refusals import Refusal, RefusalCode, UnableToTake

KIND: Final = "entries"
REQUIRED: Final = frozenset({"entry_id", "account_number", "kind", "amount", "booked_on"})
KNOWN: Final = REQUIRED | {"due_on", "document_number", "title"}
KINDS: Final = {
    kind.value: kind
    for kind in (
        EntryKind.OPENING,
        EntryKind.PAYMENT,
        EntryKind.REFUND,
        EntryKind.INTEREST_NOTE,
        EntryKind.WRITE_OFF,
        EntryKind.OTHER,
    )
}
BATCH_ROWS: Final = 1_000
_ID, _NUMBER, _TITLE = cells.text(longest=128), cells.text(longest=256), cells.text(longest=1_000)


def import_entries(*, files: Iterable[SourceFile], acting: Actor, now: datetime) -> ImportReport:
    """Post the rows of CSV files, by the thousand; each `entry_id` once. A bad row is refused, the rest go in.

    A row whose `entry_id` was taken with other content is refused: an entry is corrected by a new one, which
    may be of the same kind with the other sign. A payment with a plus takes a payment back.
    """
    report = ImportReport()
    for file in files:
        report.files += 1
        taken = report.new + report.same
        try:
            with file.open() as stream:
                rows = iter(adapter(TableReader).read(stream, required=REQUIRED, known=KNOWN))
                while batch := list(islice(rows, BATCH_ROWS)):
                    _take(batch, file.name, report, acting=acting, now=now)
        except UnableToTake as unable:
            refuse = report.refuse_file if report.new + report.same == taken else report.refuse_row
            refuse(file.name, unable.refusal)
    return report


@transaction.atomic
def _take(rows: Sequence[TableRow], file: str, report: ImportReport, *, acting: Actor, now: datetime) -> None:
    lock_key(Lock.ENTRIES)
    scope = CustomerScope.whole(acting=acting.name)
    accounts = accounts_by_number(scope=scope, numbers={row.cells.get("account_number", "") for row in rows})
    read = [(row.line, posting) for row, posting in _read(rows, accounts, file, report)]
    here = entries_by_external_id(source=EntrySource.BILLING, external_ids=[p.external_id for _, p in read])
    fresh = []
    for line, posting in read:
        known = here.setdefault(posting.external_id, posting)
        if known is posting:
            fresh.append(posting)
        elif known == posting:
            report.same += 1
        else:
            report.refuse_row(file, _changed(line, posting))
    posted = post_entries(postings=fresh, acting=acting, now=now)
    report.new += posted.new
    if posted.new:
        TakenRows.objects.create(kind=KIND, rows=posted.new, booked=posted.new, parked=0, taken_at=now)


def _read(
    rows: Sequence[TableRow], accounts: Mapping[str, int], file: str, report: ImportReport
) -> Iterator[tuple[TableRow, Posting]]:
    for row in rows:
        try:
            yield row, _posting(row, accounts)
        except UnableToTake as unable:
            report.refuse_row(file, replace(unable.refusal, line=row.line))


def _posting(row: TableRow, accounts: Mapping[str, int]) -> Posting:
    if row.fault is not None:
        raise UnableToTake(row.fault.code, row.fault.reason)
    number = _needed(row, "account_number")
    if number not in accounts:
        raise UnableToTake(RefusalCode.UNKNOWN_ACCOUNT, f"Nie ma konta {number[:64]}. Najpierw wczytaj kartotekę.")
    value = amount(_needed(row, "amount"))
    kind = KINDS.get(_needed(row, "kind"))
    if kind is None:
        raise UnableToTake(RefusalCode.MISSING_VALUE, f"Rodzaj wpisu musi być jednym z: {', '.join(KINDS)}.")
    _check_amount(kind, value)
    named = _NUMBER(row.cells.get("document_number", ""))
    return Posting(
        account_id=accounts[number],
        kind=EntryKind.PAYMENT_REVERSAL if kind is EntryKind.PAYMENT and value > 0 else kind,
        source=EntrySource.BILLING,
        external_id=_ID(_needed(row, "entry_id")),
        amount=value,
        booked_on=_day(_needed(row, "booked_on")),
        due_on=cells.day(row.cells.get("due_on", "")),
        document_number=named,
        title=_TITLE(row.cells.get("title", "")),
        settles_first=(named,) if named and value < 0 else (),
    )


def _check_amount(kind: EntryKind, value: Decimal) -> None:
    """An opening balance may be zero; any other entry says something."""
    if not value and kind is not EntryKind.OPENING:
        raise UnableToTake(RefusalCode.BAD_NUMBER, "Kwota wpisu wynosi 0. Wpisz inną albo pomiń ten wiersz.")


def _needed(row: TableRow, column: str) -> str:
    cell = row.cells.get(column, "")
    if not cell:
        raise UnableToTake(RefusalCode.MISSING_VALUE, f"Kolumna {column} jest pusta. Uzupełnij ją.")
    return cell


def _day(cell: str) -> date:
    day = cells.day(cell)
    if day is None:
        raise UnableToTake(RefusalCode.MISSING_VALUE, "Brakuje daty.")
    return day


def _changed(line: int, posting: Posting) -> Refusal:
    return Refusal(
        code=RefusalCode.SAME_NUMBER_OTHER_BYTES,
        reason=f"Wpis {posting.external_id} jest już wczytany z inną treścią. Popraw go nowym wpisem.",
        line=line,
    )
