"""Invoices that wait for their account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.billing.domain.codec import from_content, to_json
from ebok.billing.domain.ledger import InvoiceToIssue
from ebok.billing.operations import attach_pdfs, issue_invoices
from ebok.foundation.bulk import copy_rows, lock_key
from ebok.interchange.models import ParkedInvoice
from ebok.interchange.operations.invoices.offered import OfferedInvoice
from ebok.interchange.operations.invoices.owners import find_owners

INVOICES_LOCK: Final = 0x65626F6B_03
BATCH: Final = 1_000
COLUMNS: Final = ("number", "kind", "xml_sha256", "content", "parked_at")


def park(*, offered: Sequence[OfferedInvoice], now: datetime) -> None:
    """Keep invoices until their account appears; their bytes are stored already."""
    rows = ((o.invoice.number, o.invoice.kind.value, o.sha256, to_json(o.invoice), now) for o in offered)
    copy_rows(ParkedInvoice, COLUMNS, rows)


def book_parked(*, acting: Actor, now: datetime) -> int:
    """Book every parked invoice whose account has appeared; returns how many. Batches of 1,000, each a transaction."""
    booked, after = 0, 0
    while True:
        count, after = _book_batch(after=after, acting=acting, now=now)
        booked += count
        if not after:
            return booked


@transaction.atomic
def _book_batch(*, after: int, acting: Actor, now: datetime) -> tuple[int, int]:
    """Book from the next batch of parked ones; returns how many, and the last id looked at (0 = no more)."""
    lock_key(INVOICES_LOCK)
    rows = list(ParkedInvoice.objects.filter(id__gt=after).order_by("id")[:BATCH])
    if not rows:
        return 0, 0
    invoices = {row.pk: from_content(row.content) for row in rows}
    owners = find_owners(invoices=list(invoices.values()), acting=acting)
    ready = [row for row in rows if (row.number, invoices[row.pk].kind) in owners]
    issues = [
        InvoiceToIssue(
            account_id=owners[row.number, invoices[row.pk].kind],
            invoice=invoices[row.pk],
            xml_sha256=bytes(row.xml_sha256),
        )
        for row in ready
    ]
    ids = issue_invoices(invoices=issues, acting=acting, now=now)
    pdfs = {i: bytes(row.pdf_sha256) for i, row in zip(ids, ready, strict=True) if row.pdf_sha256 is not None}
    attach_pdfs(pdfs=pdfs, now=now)
    _release(ready, acting, now)
    return len(ready), rows[-1].pk


def _release(ready: Sequence[ParkedInvoice], acting: Actor, now: datetime) -> None:
    if ready:
        ParkedInvoice.objects.filter(pk__in=[row.pk for row in ready]).delete()
        fact = AuditFact(action="import.book_parked", subject="invoices", details={"booked": len(ready)})
        record(facts=[fact], acting=acting, now=now)
