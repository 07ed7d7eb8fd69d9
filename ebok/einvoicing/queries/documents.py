"""Sealed documents: which invoices have theirs, which wait for it, and whether every stored file is intact."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Final, TypeVar

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from ebok.billing import queries as billing
from ebok.documents import queries as documents
from ebok.documents.domain import DocumentDamaged, DocumentMissing, DocumentUnavailable
from ebok.einvoicing.domain import Carrier, Channel
from ebok.einvoicing.domain.documents import DamagedDocument, FileFault
from ebok.einvoicing.models import DocumentTrouble, InvoiceTransmission, SealedDocument
from ebok.einvoicing.ports import DocumentSeal, SealUnavailable, SealVerdict
from ebok.foundation.lookups import among
from ebok.foundation.ports import adapter

FAULTS_AT_ONCE: Final = 500
T = TypeVar("T")


def sealed_documents(*, invoice_ids: Collection[int]) -> dict[int, bytes]:
    """The SHA-256 of the document of each of these invoices that has one: the first made, never a duplicate."""
    rows = SealedDocument.objects.filter(among("invoice_id", invoice_ids), duplicate_on__isnull=True)
    return {one: bytes(sha256) for one, sha256 in rows.order_by("-id").values_list("invoice_id", "sha256")}


def made_of_supplied(*, invoice_ids: Collection[int]) -> set[int]:
    """Those of these invoices whose document is the billing system's own PDF; one that came after it is not it."""
    rows = SealedDocument.objects.filter(among("invoice_id", invoice_ids), duplicate_on__isnull=True, supplied=True)
    return set(rows.values_list("invoice_id", flat=True))


def invoice_of_document(*, sha256: bytes) -> int | None:
    """The invoice whose sealed document or duplicate has these bytes, None when none has."""
    return SealedDocument.objects.filter(sha256=sha256).values_list("invoice_id", flat=True).first()


def check_urls(*, invoice_ids: Collection[int]) -> dict[int, str]:
    """Where the printed code of each of these invoices leads; one whose way is not decided yet has none."""
    rows = InvoiceTransmission.objects.filter(among("invoice_id", invoice_ids)).values_list("invoice_id", "token")
    return {one: f"{settings.EBOK_PUBLIC_URL}/f/{token}/" for one, token in rows}


def missing_documents(*, limit: int, now: datetime, after: int = 0) -> list[int]:
    """Invoices that eBOK carries and that can have a document but have none, oldest first, from past `after` on.

    Those in KSeF, too, from the first day eBOK delivers. One that could not be made waits until it is tried again.
    """
    there = SealedDocument.objects.filter(invoice_id=OuterRef("invoice_id"), duplicate_on__isnull=True)
    later = DocumentTrouble.objects.filter(invoice_id=OuterRef("invoice_id"), again_at__gt=now)
    carried = InvoiceTransmission.objects.filter(Q(carried_by=Carrier.EBOK.value) | _in_ksef(), invoice_id__gt=after)
    ids = carried.filter(~Exists(there), ~Exists(later)).order_by("invoice_id").values_list("invoice_id", flat=True)
    return _that_can_be_made(ids.iterator(chunk_size=FAULTS_AT_ONCE), limit=limit)


def _in_ksef() -> Q:
    since = settings.EBOK_DELIVER_SINCE
    copies = Q(channel=Channel.KSEF.value, copy_by_email=True)
    return copies if since is None else copies | Q(channel=Channel.KSEF.value, invoice__issue_date__gte=since)


def _that_can_be_made(ids: Iterable[int], *, limit: int) -> list[int]:
    found: list[int] = []
    for chunk in _chunks(ids, size=FAULTS_AT_ONCE):
        papers = billing.papers_of(invoice_ids=chunk)
        found += [one for one in chunk if one in papers and not papers[one].waits_for_number]
        if len(found) >= limit:
            break
    return found[:limit]


def document_troubles(*, invoice_ids: Collection[int] | None = None) -> dict[int, str]:
    """Why the document of these invoices could not be made, in a Polish sentence; of all when none are named."""
    rows = DocumentTrouble.objects.order_by("since", "invoice_id")
    chosen = rows if invoice_ids is None else rows.filter(among("invoice_id", invoice_ids))
    return dict(chosen.values_list("invoice_id", "words"))


def seal_refusal() -> str:
    """Why this installation must not start: it has no key to seal with. Empty when it has one, even an expired one."""
    try:
        adapter(DocumentSeal).inspect(b"")
    except SealUnavailable as error:
        return str(error)
    return ""


def seal_trouble(*, now: datetime) -> str:
    """Why nothing can be sealed now, in a Polish sentence for the office; empty when all is well."""
    return adapter(DocumentSeal).trouble(now=now)


def seal_warning(*, now: datetime) -> str:
    """What will stop the seal within 30 days, and what to do, in Polish; empty while nothing does, or once it has."""
    return adapter(DocumentSeal).warning(now=now)


def damaged_documents(*, seals: bool = False) -> Iterator[DamagedDocument]:
    """Every stored file that is missing or is not what was stored, with the invoices it belongs to.

    Reads all of them, one at a time. With `seals` the seal of every sealed document is checked too.
    """
    for chunk in _chunks(_faults(seals=seals), size=FAULTS_AT_ONCE):
        numbers = _numbers([sha256 for sha256, _ in chunk])
        for sha256, fault in chunk:
            yield DamagedDocument(sha256=sha256, fault=fault, invoice_numbers=tuple(sorted(numbers.get(sha256, ()))))


def _faults(*, seals: bool) -> Iterator[tuple[bytes, FileFault]]:
    yield from ((sha256, _kind(fault)) for sha256, fault in documents.unsound())
    if seals:
        rows = SealedDocument.objects.order_by("id").values_list("sha256", flat=True)
        yield from ((bytes(one), FileFault.SEAL) for one in rows.iterator() if not _seal_holds(bytes(one)))


def _seal_holds(sha256: bytes) -> bool:
    try:
        content = documents.read(sha256=sha256)
    except DocumentUnavailable:
        return True  # told already, as what it is
    return adapter(DocumentSeal).inspect(content).verdict is SealVerdict.OURS


def _kind(fault: DocumentUnavailable) -> FileFault:
    match fault:
        case DocumentMissing():
            return FileFault.MISSING
        case DocumentDamaged():
            return FileFault.DAMAGED
    return FileFault.UNREADABLE


def _numbers(digests: Collection[bytes]) -> dict[bytes, list[str]]:
    found = billing.invoice_numbers_of_files(digests=digests)
    sealed = SealedDocument.objects.filter(sha256__in=list(digests)).values_list("sha256", "invoice_id")
    invoices = {bytes(sha256): one for sha256, one in sealed}
    papers = billing.papers_of(invoice_ids=set(invoices.values()))
    return found | {sha256: [papers[one].number] for sha256, one in invoices.items()}


def _chunks(items: Iterable[T], *, size: int) -> Iterator[list[T]]:
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
