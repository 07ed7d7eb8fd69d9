"""What waits to be printed here, and the batches made of it."""

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from ebok.einvoicing.domain import Backlog, Carrier, Channel, PrintedBatch
from ebok.einvoicing.models import InvoiceTransmission, PrintBatch, PrintedInvoice

SHOWN = 50


def prints_here() -> bool:
    """Whether what goes on paper from now on is printed here, and not by the billing system."""
    return bool(settings.EBOK_PRINT == "ebok")


def to_print() -> QuerySet[InvoiceTransmission]:
    """Ways that end on paper here and are in no batch: decided so, or because mail failed.

    Also after the billing system took printing over: what was to be printed here until then is told to nobody else.
    """
    paper = Q(channel=Channel.PAPER.value, carried_by=Carrier.EBOK.value)
    paper |= Q(fallback__carried_by=Carrier.EBOK.value)
    return InvoiceTransmission.objects.filter(paper, print__isnull=True)


def paper_waiting() -> Backlog:
    """How many invoices wait to be printed here, and since when the oldest does."""
    since = Min(Coalesce("fallback__since", "decided_at"))
    found = to_print().aggregate(count=Count("invoice_id"), oldest=since)
    return Backlog(count=found["count"], oldest=found["oldest"])


def print_batches(*, limit: int = SHOWN) -> list[PrintedBatch]:
    """The newest batches first."""
    return _batches(PrintBatch.objects.order_by("-id")[:limit])


def print_batch(*, batch_id: int) -> PrintedBatch | None:
    """One batch, None when there is none of this id."""
    return next(iter(_batches(PrintBatch.objects.filter(id=batch_id))), None)


def invoices_of_batch(*, batch_id: int) -> list[int]:
    """The invoices of a batch, in the order they are printed."""
    rows = PrintedInvoice.objects.filter(batch=batch_id).order_by("position")
    return list(rows.values_list("transmission_id", flat=True))


def batches_without_file() -> list[int]:
    """Batches whose file is not made yet, the oldest first."""
    return list(PrintBatch.objects.filter(pdf_sha256__isnull=True).order_by("id").values_list("id", flat=True))


def file_name(batch: PrintedBatch) -> str:
    """How the file of a batch is called."""
    return f"wydruk-faktur-{batch.batch_id}-{batch.made_at:%Y-%m-%d}.pdf"


def _batches(rows: QuerySet[PrintBatch]) -> list[PrintedBatch]:
    found = list(rows)
    held = PrintedInvoice.objects.filter(batch_id__in=[row.id for row in found]).values_list("batch_id")
    counts = dict(held.annotate(count=Count("id")))
    return [
        PrintedBatch(
            batch_id=row.id,
            made_at=row.made_at,
            made_by=row.made_by,
            invoices=counts.get(row.id, 0),
            pdf_sha256=None if row.pdf_sha256 is None else bytes(row.pdf_sha256),
            printed_at=row.printed_at,
            printed_by=row.printed_by,
        )
        for row in found
    ]
