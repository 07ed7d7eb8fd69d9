"""Reads invoice files one after another and takes them in batches, each in one transaction.

What is taken is known by the hash of its bytes, so a run that was killed goes on where it stopped.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ebok.audit.domain import Actor
from ebok.foundation.crash_points import reached
from ebok.foundation.intake import SourceFile
from ebok.foundation.processes import crew
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.invoices.offered import (
    OfferedInvoice,
    pdf_beside,
    read_pdf,
    stem,
)
from ebok.interchange.operations.invoices.parking import book_parked
from ebok.interchange.operations.invoices.reading import ReadInvoice, Sheet, read_ahead
from ebok.interchange.operations.invoices.taking import take_batch
from ebok.interchange.operations.statements import match_waiting_payments
from ebok.kernel.refusals import Refusal, UnableToTake

BATCH_FILES: Final = 1_000
BATCH_BYTES: Final = 64 * 1024 * 1024


def import_invoices(*, files: Iterator[SourceFile], acting: Actor, now: datetime) -> ImportReport:
    """Take every FA(3) file (`.xml`) and the PDF of the same stem; a file is one row of the report.

    A refused file is not remembered. An invoice without an account is parked; those parked before are
    booked first, if their account has appeared. Payments that waited for an invoice are booked at the end.
    """
    book_parked(acting=acting, now=now)
    with crew() as beside:
        intake = _Intake(report=ImportReport(), crew=beside, acting=acting, now=now)
        for sheet, read in read_ahead(files, crew=beside):
            if read is None:
                intake.offer_pdf(sheet.file)
            else:
                intake.offer(sheet, read)
        intake.flush()
    intake.tell_of_lone_pdfs()
    if intake.report.files > intake.report.files_refused:
        # Asked on every run that takes something: an earlier one may have died before it came to this.
        match_waiting_payments(acting=acting, now=now)
    return intake.report


@dataclass(slots=True, kw_only=True)
class _Intake:
    """The batch at hand, and PDFs whose invoice has not come yet."""

    report: ImportReport
    crew: Executor
    acting: Actor
    now: datetime
    batch: list[OfferedInvoice] = field(default_factory=list)
    stems: dict[str, OfferedInvoice] = field(default_factory=dict)
    pdfs: dict[str, SourceFile] = field(default_factory=dict)
    names: dict[str, frozenset[str]] = field(default_factory=dict)
    size: int = 0

    def offer(self, sheet: Sheet, read: ReadInvoice | Refusal) -> None:
        """Put an invoice and its PDF into the batch."""
        self.report.files += 1
        file = sheet.file
        pdf = self.pdfs.pop(stem(file.name), None)
        if isinstance(read, Refusal):
            self.report.refuse_file(file.name, read)
            return
        offered = OfferedInvoice(
            file=file.name, data=sheet.data, sha256=read.sha256, facts=read.facts, content=read.content
        )
        pdf = pdf or pdf_beside(file, self.names)
        if pdf is not None:
            offered.pdf = self._pdf(pdf)
        self._hold(offered)

    def offer_pdf(self, file: SourceFile) -> None:
        """Keep a PDF for its invoice: the one in the batch, or one that comes later."""
        offered = self.stems.get(stem(file.name))
        if offered is None:
            self.pdfs[stem(file.name)] = file
        elif offered.pdf is None:
            offered.pdf = self._pdf(file)

    def _pdf(self, file: SourceFile) -> bytes | None:
        try:
            return read_pdf(file)
        except UnableToTake as unable:
            self.report.refuse_row(file.name, unable.refusal)
            return None

    def _hold(self, offered: OfferedInvoice) -> None:
        self.batch.append(offered)
        self.stems[stem(offered.file)] = offered
        self.size += offered.size
        if len(self.batch) >= BATCH_FILES or self.size >= BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        """Take the batch."""
        if self.batch:
            take_batch(offered=self.batch, report=self.report, crew=self.crew, acting=self.acting, now=self.now)
            reached("import_invoices.after_commit")
        self.batch, self.stems, self.size = [], {}, 0

    def tell_of_lone_pdfs(self) -> None:
        """Say which PDFs had no invoice."""
        lone = [file.name for file in self.pdfs.values()]
        self.report.notices += [f"{name}: obok nie ma faktury XML o tej samej nazwie." for name in lone]
