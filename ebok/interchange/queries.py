"""Proves what imports promise, and says what waits."""

from django.db.models import Sum

from ebok.billing.domain.ledger import EntrySource
from ebok.billing.domain.overview import BrokenPromise, Promise
from ebok.billing.queries import count_entries, count_invoices
from ebok.interchange.models import ParkedInvoice, TakenRows


def broken_promises() -> list[BrokenPromise]:
    """I10: every invoice and every entry of the billing system that was taken is booked or parked."""
    found = {
        "faktury": (_taken("invoices"), count_invoices() + ParkedInvoice.objects.count()),
        "wpisy": (_taken("entries"), count_entries(source=EntrySource.BILLING.value)),
    }
    return [
        BrokenPromise(promise=Promise.I10, what=f"{what}: przyjęto {taken}, zaksięgowano lub odłożono {kept}")
        for what, (taken, kept) in found.items()
        if taken != kept
    ]


def _taken(kind: str) -> int:
    return TakenRows.objects.filter(kind=kind).aggregate(rows=Sum("rows"))["rows"] or 0
