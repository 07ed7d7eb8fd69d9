"""Takes the registry's files, a batch of rows in each transaction."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.crash_points import reached
from ebok.foundation.intake import SourceFile
from ebok.foundation.ports import adapter
from ebok.interchange.domain import ImportReport, TableRow
from ebok.interchange.models import ImportedFile
from ebok.interchange.operations.invoices.parking import book_parked
from ebok.interchange.operations.registry.batches import Batch, Checked, Taker
from ebok.interchange.operations.registry.tables import TABLES, Table
from ebok.interchange.operations.registry.takers import taker_of
from ebok.interchange.operations.statements import match_waiting_payments
from ebok.interchange.ports import TableReader
from ebok.kernel.refusals import UnableToTake

# Larger than elsewhere: a file has a million readings, and each batch waits for the disk once.
BATCH_ROWS: Final = 5_000
HASH_CHUNK_BYTES: Final = 1024 * 1024
KIND: Final = "registry"
MAX_NAME: Final = 1024
Progress = Callable[[str, int], None]


def import_registry(
    *, files: Iterable[SourceFile], acting: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Take accounts, service points, meters and readings, in this order, from the files so named.

    Rows go in by the thousand, each batch in a transaction; a bad row is refused with its line and the rest
    go in. The same rows again change nothing. Invoices and payments that waited for an account of the
    registry are booked when the files are through. `progress` is told the file and its rows so far.
    """
    report = ImportReport()
    for table, file in _in_order(files, report):
        report.files += 1
        try:
            _take_file(table, file, report, acting=acting, now=now, progress=progress)
        except UnableToTake as refused:
            report.refuse_file(file.name, refused.refusal)
    if report.files > report.files_refused:
        _book_what_waited(acting=acting, now=now)
    return report


def _book_what_waited(*, acting: Actor, now: datetime) -> None:
    """Book invoices and payments that waited for an account. Asked on every run: an earlier one may have died here."""
    reached("import_registry.before_waiting_booked")
    book_parked(acting=acting, now=now)
    match_waiting_payments(acting=acting, now=now)


def _in_order(files: Iterable[SourceFile], report: ImportReport) -> list[tuple[Table, SourceFile]]:
    by_name = {table.name: order for order, table in enumerate(TABLES)}
    found = []
    for file in files:
        order = by_name.get(_base(file.name))
        if order is None and not file.name.casefold().endswith(".zip"):
            report.notices.append(f"Pominięty plik {file.name}: eBOK czyta {', '.join(by_name)}.")
        elif order is None:
            _refuse_archive(file, report)
        else:
            found.append((order, file))
    return [(TABLES[order], file) for order, file in sorted(found, key=lambda one: (one[0], one[1].name))]


def _base(name: str) -> str:
    return PurePosixPath(name.replace("!", "/").replace("\\", "/")).name.casefold()


def _refuse_archive(file: SourceFile, report: ImportReport) -> None:
    """An archive that could not be unpacked comes as a file that says why when it is opened."""
    report.files += 1
    try:
        file.open().close()
    except UnableToTake as refused:
        report.refuse_file(file.name, refused.refusal)


def _take_file(
    table: Table, file: SourceFile, report: ImportReport, *, acting: Actor, now: datetime, progress: Progress | None
) -> None:
    part = ImportReport()
    with file.open() as stream:
        digest = _sha256(stream)
        seen = _taken_last(table, digest)
        if seen is not None:
            report.same += seen.rows
            return
        taker = taker_of(table, acting=acting, now=now)
        count = 0
        for checked in _checked(_rows(table, stream, file, report), taker):
            count += len(checked.good) + len(checked.refused)
            _add(taker.take(checked), file, part)
            reached("import_registry.batch_taken")
            if progress is not None:
                progress(file.name, count)
        _add(taker.finish(), file, part)
        report.notices += [f"{file.name}: {sentence}" for sentence in taker.lost.sentences()]
    report.new, report.same, report.changed = (
        report.new + part.new,
        report.same + part.same,
        report.changed + part.changed,
    )
    report.refused += part.refused
    _remember(table, file, digest, part, acting=acting, now=now)


def _taken_last(table: Table, digest: bytes) -> ImportedFile | None:
    """Return the newest file taken for this table when it had the same bytes: it has nothing to change.

    An older one is read again, since the rows of those after it may have changed what it said.
    """
    newest = ImportedFile.objects.filter(kind=_kind(table)).order_by("-imported_at", "-id").first()
    return newest if newest is not None and bytes(newest.sha256) == digest else None


def _kind(table: Table) -> str:
    return f"{KIND}:{table.name.removesuffix('.csv')}"


@transaction.atomic
def _remember(
    table: Table, file: SourceFile, digest: bytes, part: ImportReport, *, acting: Actor, now: datetime
) -> None:
    """Write the audit row, and remember the file when nothing of it was refused."""
    rows = part.new + part.same + part.changed
    if not part.refused:
        ImportedFile.objects.update_or_create(
            kind=_kind(table),
            sha256=digest,
            defaults={
                "name": file.name[-MAX_NAME:],
                "rows": rows,
                "new": part.new,
                "changed": part.changed,
                "parked": 0,
                "imported_at": now,
            },
        )
    details = {"new": part.new, "same": part.same, "changed": part.changed, "refused": len(part.refused)}
    fact = AuditFact(action="interchange.registry_imported", subject=f"{table.name}:{digest.hex()}", details=details)
    record(facts=[fact], acting=acting, now=now)
    reached("import_registry.before_remembered")


def _sha256(stream: BinaryIO) -> bytes:
    """Return the hash of the whole file, and put the stream back at its beginning."""
    digest = hashlib.sha256()
    while chunk := stream.read(HASH_CHUNK_BYTES):
        digest.update(chunk)
    stream.seek(0)
    return digest.digest()


def _rows(table: Table, stream: BinaryIO, file: SourceFile, report: ImportReport) -> Iterator[TableRow]:
    def notice(sentence: str) -> None:
        report.notices.append(f"{file.name}: {sentence}")

    return adapter(TableReader).read(stream, required=table.required, known=table.known, notice=notice)


def _checked(rows: Iterator[TableRow], taker: Taker) -> Iterator[Checked]:
    """Yield the file's batches, the next one being read while the database takes the present one."""

    def following() -> Checked:
        return taker.check(list(islice(rows, BATCH_ROWS)))

    with ThreadPoolExecutor(max_workers=1) as reading:
        ahead = reading.submit(following)
        while (batch := ahead.result()).good or batch.refused:
            ahead = reading.submit(following)
            yield batch


def _add(batch: Batch, file: SourceFile, report: ImportReport) -> None:
    report.new += batch.new
    report.same += batch.same
    report.changed += batch.changed
    for refusal in sorted(batch.refused, key=lambda one: one.line or 0):
        report.refuse_row(file.name, refusal)
