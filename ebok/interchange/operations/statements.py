"""Bank statements come in: each file in one transaction, all of it or nothing."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor
from ebok.customers.domain import CustomerScope
from ebok.foundation.bulk import lock_key
from ebok.foundation.crash_points import reached
from ebok.foundation.deadlocks import tried_again
from ebok.foundation.intake import SourceFile
from ebok.foundation.locks import Lock
from ebok.foundation.ports import adapter
from ebok.interchange.domain import ImportReport
from ebok.interchange.models import ImportedFile
from ebok.kernel.refusals import UnableToTake
from ebok.payments.operations import BookedStatements, book_statements, match_waiting
from ebok.payments.ports import StatementReader

KIND: Final = "statement"
NAME_LENGTH: Final = 1024


def import_statements(*, files: Iterable[SourceFile], acting: Actor, now: datetime) -> ImportReport:
    """Book the statements of each file; a refused file is reported, not remembered, and stops no other."""
    report = ImportReport()
    for file in files:
        report.files += 1
        try:
            booked = tried_again(partial(import_statement_file, file=file, acting=acting, now=now))
        except UnableToTake as unable:
            report.refuse_file(file.name, unable.refusal)
            continue
        reached("import_statement.after_commit")
        report.new += booked.new
        report.parked += booked.parked
        report.same += booked.same
        report.notices += [f"{file.name}: {notice}" for notice in booked.notices]
    return report


@transaction.atomic
def import_statement_file(*, file: SourceFile, acting: Actor, now: datetime) -> BookedStatements:
    """Book one file once: the same bytes again are the same movements.

    :raises UnableToTake: with the reason the file is refused as a whole.
    """
    data = file.read()
    digest = sha256(data).digest()
    lock_key(Lock.STATEMENT_FILES)
    before = ImportedFile.objects.filter(kind=KIND, sha256=digest).first()
    if before is not None:
        return BookedStatements(same=before.rows)
    booked = book_statements(
        scope=CustomerScope.whole(acting=acting.name),
        statements=adapter(StatementReader).read(data),
        file_sha256=digest,
        acting=acting,
        now=now,
    )
    ImportedFile.objects.create(
        kind=KIND,
        sha256=digest,
        name=file.name[-NAME_LENGTH:],
        rows=booked.rows,
        new=booked.new,
        changed=0,
        parked=booked.parked,
        imported_at=now,
    )
    reached("import_statement.before_commit")
    return booked


def match_waiting_payments(*, acting: Actor, now: datetime) -> int:
    """Try waiting payments again after accounts or invoices came in. Returns how many were booked."""
    return match_waiting(scope=CustomerScope.whole(acting=acting.name), acting=acting, now=now)
