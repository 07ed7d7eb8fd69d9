"""Invoices that wait for their account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.billing.domain.codec import from_content, to_json
from ebok.billing.domain.invoices import InvoiceKind, facts_of
from ebok.billing.domain.ledger import InvoiceToIssue
from ebok.billing.operations import attach_pdfs, issue_invoices
from ebok.einvoicing.operations.ways import decide_ways
from ebok.foundation.bulk import copy_rows, lock_key
from ebok.foundation.locks import Lock
from ebok.interchange.models import ParkedInvoice
from ebok.interchange.operations.invoices.offered import OfferedInvoice
from ebok.interchange.operations.invoices.owners import Clues, find_owners

BATCH: Final = 1_000
COLUMNS: Final = ("number", "kind", "xml_sha256", "content", "parked_at")


def park(*, offered: Sequence[OfferedInvoice], now: datetime) -> None:
    """Keep invoices until their account appears; their bytes are stored already."""
    rows = ((o.facts.number, o.facts.kind.value, o.sha256, o.content, now) for o in offered)
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
    lock_key(Lock.INVOICES)
    columns = ("id", "number", "kind", "content__buyer", "content__payment_accounts")
    rows = ParkedInvoice.objects.filter(id__gt=after).order_by("id").values_list(*columns)[:BATCH]
    clues = {row[0]: _clues(*row[1:]) for row in rows}
    if not clues:
        return 0, 0
    owners = find_owners(clues=list(clues.values()), acting=acting)
    found = [row_id for row_id, one in clues.items() if one.key in owners]
    ready = list(ParkedInvoice.objects.filter(id__in=found).order_by("id"))
    invoices = {row.pk: from_content(row.content) for row in ready}
    issues = [
        InvoiceToIssue(
            account_id=owners[row.number, invoices[row.pk].kind],
            facts=facts_of(invoices[row.pk]),
            content=to_json(invoices[row.pk]),
            xml_sha256=bytes(row.xml_sha256),
        )
        for row in ready
    ]
    ids = issue_invoices(invoices=issues, acting=acting, now=now)
    decide_ways(invoice_ids=ids, acting=acting, now=now)
    pdfs = {i: bytes(row.pdf_sha256) for i, row in zip(ids, ready, strict=True) if row.pdf_sha256 is not None}
    attach_pdfs(pdfs=pdfs, now=now)
    _release(ready, acting, now)
    return len(ready), max(clues)


def _clues(number: str, kind: str, buyer: dict[str, Any], accounts: list[dict[str, Any]] | None) -> Clues:
    """The clues of a parked invoice, without reading the rest of it."""
    return Clues(
        key=(number, InvoiceKind(kind)),
        customer_number=buyer.get("customer_number") or "",
        nrbs=tuple(account["nrb"] for account in accounts or ()),
        nip=buyer.get("nip") or "",
    )


def _release(ready: Sequence[ParkedInvoice], acting: Actor, now: datetime) -> None:
    if ready:
        ParkedInvoice.objects.filter(pk__in=[row.pk for row in ready]).delete()
        fact = AuditFact(action="import.book_parked", subject="invoices", details={"booked": len(ready)})
        record(facts=[fact], acting=acting, now=now)
