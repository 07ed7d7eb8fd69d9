"""Print batches: invoices that go on paper, in one file in the order the post wants it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.billing.domain.papers import InvoicePapers
from ebok.billing.queries import invoice_documents, papers_of
from ebok.billing.queries.documents import office_facts
from ebok.documents import queries as documents
from ebok.documents.operations import store
from ebok.einvoicing.domain import MakePrints
from ebok.einvoicing.domain.printing import PRINTED_AT_ONCE, PrintCover, PrintItem, in_postal_order
from ebok.einvoicing.models import PrintBatch, PrintedInvoice
from ebok.einvoicing.operations.documents import make_documents
from ebok.einvoicing.ports import InvoicePrinter
from ebok.einvoicing.queries.documents import check_urls, made_of_supplied
from ebok.einvoicing.queries.printing import invoices_of_batch, prints_here, to_print
from ebok.foundation.background import Job, enqueue
from ebok.foundation.bulk import copy_rows, lock_key
from ebok.foundation.crash_points import reached
from ebok.foundation.locks import Lock
from ebok.foundation.ports import adapter

MAKE_PRINTS = Job(name="einvoicing.make_prints", payload=MakePrints)
PDF: Final = "application/pdf"


class PrintRefusal(StrEnum):
    """Why nothing is printed, or a batch stays as it is."""

    PRINTED_BY_BILLING = "printed_by_billing"
    NOTHING_TO_PRINT = "nothing_to_print"
    """Nothing waits, or what waits has no document yet."""
    NO_SUCH_BATCH = "no_such_batch"
    NO_FILE_YET = "no_file_yet"
    ALREADY_PRINTED = "already_printed"
    NOT_PRINTED = "not_printed"


class UnableToPrint(ValueError):
    """Nothing was done; `reason` says why."""

    def __init__(self, reason: PrintRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def make_print_batch(*, acting: Actor, now: datetime) -> int:
    """Put `PRINTED_AT_ONCE` invoices at most into a batch, those that wait longest first; a job makes its file.

    Only invoices whose document can be made are taken, so that one that cannot never holds up the others.
    Returns the id of the batch. Of two made at once none has an invoice of the other.

    :raises UnableToPrint: when nothing can be printed, or nothing is left since the billing system prints.
    :raises UnableToMakeDocuments: when no document can be sealed or stored now.
    """
    made = make_documents(invoice_ids=_next(), now=now)
    with transaction.atomic():
        lock_key(Lock.INVOICE_PAPERS)
        ids = list(to_print().filter(invoice_id__in=made).values_list("invoice_id", flat=True))
        if not ids:
            raise UnableToPrint(PrintRefusal.NOTHING_TO_PRINT if prints_here() else PrintRefusal.PRINTED_BY_BILLING)
        batch = PrintBatch.objects.create(made_at=now, made_by=_name(acting))
        places = ((invoice_id, batch.id, place) for place, invoice_id in enumerate(_in_postal_order(ids), start=1))
        copy_rows(PrintedInvoice, ("transmission_id", "batch_id", "position"), places)
        fact = AuditFact(action="einvoicing.batch", subject=f"batch:{batch.id}", details={"invoices": len(ids)})
        record(facts=[fact], acting=acting, now=now)
        enqueue(MAKE_PRINTS, MakePrints(), once="all")
    return batch.id


def make_file(*, batch_id: int, now: datetime) -> None:
    """Make the file of a batch and keep it; killed anywhere it is made again, the same bytes.

    :raises UnableToPrintSupplied: when the billing system's PDF of an invoice cannot be used.
    :raises DocumentUnavailable: when a stored file cannot be read.
    """
    batch = PrintBatch.objects.get(id=batch_id)
    cover = PrintCover(batch=batch.id, made_on=timezone.localdate(batch.made_at), office=office_facts())
    items = _items(invoices_of_batch(batch_id=batch_id))
    pdf = adapter(InvoicePrinter).batch(cover=cover, documents=items)
    sha256 = store(contents=[pdf], media_type=PDF, now=now)[0]
    reached("print_batch.file_stored")
    PrintBatch.objects.filter(id=batch_id, pdf_sha256__isnull=True).update(pdf_sha256=sha256)


@transaction.atomic
def mark_printed(*, batch_id: int, acting: Actor, now: datetime) -> None:
    """Put down that a batch was printed and goes to the post.

    :raises UnableToPrint: when there is no such batch, its file is not made, or it is marked already.
    """
    batch = _batch(batch_id)
    if batch.pdf_sha256 is None:
        raise UnableToPrint(PrintRefusal.NO_FILE_YET)
    if batch.printed_at is not None:
        raise UnableToPrint(PrintRefusal.ALREADY_PRINTED)
    batch.printed_at, batch.printed_by = now, _name(acting)
    batch.save(update_fields=["printed_at", "printed_by"])
    record(facts=[AuditFact(action="einvoicing.printed", subject=f"batch:{batch_id}")], acting=acting, now=now)


@transaction.atomic
def reprint(*, batch_id: int, acting: Actor, now: datetime) -> None:
    """Take back that a batch was printed: the paper jammed, so the same file is printed once more.

    :raises UnableToPrint: when there is no such batch, or it is not marked as printed.
    """
    batch = _batch(batch_id)
    if batch.printed_at is None:
        raise UnableToPrint(PrintRefusal.NOT_PRINTED)
    batch.printed_at, batch.printed_by = None, ""
    batch.save(update_fields=["printed_at", "printed_by"])
    record(facts=[AuditFact(action="einvoicing.reprint", subject=f"batch:{batch_id}")], acting=acting, now=now)


def _next() -> list[int]:
    waiting = to_print().annotate(since=Coalesce("fallback__since", "decided_at"))
    return list(waiting.order_by("since", "invoice_id").values_list("invoice_id", flat=True)[:PRINTED_AT_ONCE])


def _in_postal_order(ids: Sequence[int]) -> list[int]:
    gathered = invoice_documents(invoice_ids=ids, check_urls={})
    items = [PrintItem(document=gathered[one]) for one in ids]
    known = {id(item): one for item, one in zip(items, ids, strict=True)}
    return [known[id(item)] for item in in_postal_order(items)]


def _items(ids: Sequence[int]) -> list[PrintItem]:
    gathered = invoice_documents(invoice_ids=ids, check_urls=check_urls(invoice_ids=ids))
    supplied = papers_of(invoice_ids=made_of_supplied(invoice_ids=ids))
    return [PrintItem(document=gathered[one], supplied_pdf=_supplied(supplied.get(one))) for one in ids]


def _supplied(papers: InvoicePapers | None) -> bytes:
    if papers is None or papers.supplied_sha256 is None:
        return b""
    return documents.read(sha256=papers.supplied_sha256)


def _batch(batch_id: int) -> PrintBatch:
    batch = PrintBatch.objects.select_for_update().filter(id=batch_id).first()
    if batch is None:
        raise UnableToPrint(PrintRefusal.NO_SUCH_BATCH)
    return batch


def _name(acting: Actor) -> str:
    return f"{acting.kind.value}:{acting.name}"
