"""Making the documents of invoices: drawn or supplied, sealed, stored once; from then on the same bytes for ever."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.billing import queries as billing
from ebok.billing.domain.papers import InvoicePapers
from ebok.billing.domain.visualization import InvoiceDocument
from ebok.billing.ports import InvoiceRenderer, UnableToDraw
from ebok.documents import operations as storing
from ebok.documents import queries as documents
from ebok.documents.domain import DocumentUnavailable
from ebok.einvoicing.domain.documents import NotYet
from ebok.einvoicing.models import DocumentTrouble, SealedDocument
from ebok.einvoicing.operations.ways import decide_ways
from ebok.einvoicing.ports import DocumentSeal, SealUnavailable, UnableToSeal
from ebok.einvoicing.queries.documents import check_urls, missing_documents, sealed_documents
from ebok.foundation.bulk import insert_new, lock_key
from ebok.foundation.crash_points import reached
from ebok.foundation.locks import Lock
from ebok.foundation.ports import adapter

AT_ONCE: Final = 20
"""How many documents are made before they are stored: what a killed process loses, and what memory holds."""
SLICE: Final = 200
"""How many are looked for at once."""
AGAIN_AFTER: Final = timedelta(hours=1)
PDF: Final = "application/pdf"
_COLUMNS: Final = ("invoice_id", "ksef_number", "duplicate_on", "supplied", "sha256", "sealed_at")
_MAKER: Final = Actor(kind=ActorKind.JOB, name="einvoicing.documents")
UNREADABLE: Final = "Nie można odczytać zapisanego pliku tej faktury. Sprawdź pliki: ebok check_documents."
UNDRAWABLE: Final = "Nie udało się narysować tej faktury. Pokaż ją osobie, która utrzymuje eBOK."


class DocumentNotYet(Exception):
    """An invoice has no document now; `reason` says why, the text is a Polish sentence for the office, or empty."""

    def __init__(self, reason: NotYet, words: str = "") -> None:
        super().__init__(words or reason.value)
        self.reason = reason
        self.words = words


class UnableToMakeDocuments(Exception):
    """No document can be made now: there is no key to seal with, or no room to store. The text is a Polish sentence."""


def make_documents(*, invoice_ids: Collection[int], now: datetime) -> dict[int, bytes]:
    """Make and keep the documents these invoices lack. Returns the SHA-256 of each that has one now.

    Left out are those that wait for a KSeF number, and those that cannot be made: `document_troubles` says why. A
    document already made is never made again; of two makers at once the first one's is kept. What was made before
    this stops is kept too.

    :raises UnableToMakeDocuments: when nothing can be sealed or stored now.
    """
    found = sealed_documents(invoice_ids=invoice_ids)
    papers = billing.papers_of(invoice_ids=[one for one in dict.fromkeys(invoice_ids) if one not in found])
    wanted = iter([each for each in papers.values() if not each.waits_for_number])
    _decide(list(papers), now=now)
    while chunk := list(islice(wanted, AT_ONCE)):
        found |= _make(chunk, now=now)
    return found


def make_missing(*, clock: Callable[[], datetime], stop: Callable[[], bool] = lambda: False) -> int:
    """Make the documents that invoices carried by eBOK lack, a slice at a time. Returns how many it made.

    :raises UnableToMakeDocuments: when nothing can be sealed or stored now; what was made before is kept.
    """
    made = after = 0
    while not stop() and (ids := missing_documents(limit=SLICE, now=clock(), after=after)):
        made += len(make_documents(invoice_ids=ids, now=clock()))
        after = ids[-1]
    return made


def document_of(*, invoice_id: int, now: datetime) -> bytes:
    """The SHA-256 of the document of one invoice, reached through a scope; made now when it has none.

    :raises DocumentNotYet: when it has none and none can be made.
    """
    try:
        made = make_documents(invoice_ids=[invoice_id], now=now)
    except UnableToMakeDocuments as error:
        raise DocumentNotYet(NotYet.STOPPED, str(error)) from error
    if invoice_id not in made:
        raise _not_yet(invoice_id)
    return made[invoice_id]


def duplicate_of(*, invoice_id: int, on: date, acting: Actor, now: datetime) -> bytes:
    """The SHA-256 of the duplicate of an invoice made on this day (art. 106l ustawy o VAT); one a day, and audited.

    A duplicate is always drawn from the invoice's data, also where the billing system supplied its own PDF.

    :raises DocumentNotYet: when none can be made.
    """
    papers = billing.papers_of(invoice_ids=[invoice_id])[invoice_id]
    if papers.waits_for_number:
        raise DocumentNotYet(NotYet.WAITS_FOR_KSEF)
    had = _duplicate(papers, on)
    if had is not None:
        return had
    _decide([invoice_id], now=now)
    try:
        return _make_duplicate(papers, on=on, acting=acting, now=now)
    except UnableToMakeDocuments as error:
        raise DocumentNotYet(NotYet.STOPPED, str(error)) from error
    except (UnableToSeal, UnableToDraw, DocumentUnavailable) as error:
        raise DocumentNotYet(NotYet.TROUBLE, _words(error)) from error


def _decide(invoice_ids: Sequence[int], *, now: datetime) -> None:
    """See that the ways of these invoices are decided: the printed code of a document comes with the decision."""
    undecided = set(invoice_ids) - set(check_urls(invoice_ids=invoice_ids))
    if undecided:
        with transaction.atomic():
            lock_key(Lock.INVOICES)
            decide_ways(invoice_ids=undecided, acting=_MAKER, now=now)


def _make(chunk: Sequence[InvoicePapers], *, now: datetime) -> dict[int, bytes]:
    made, troubles = dict[int, bytes](), dict[int, str]()
    gathered = _gathered([each.invoice_id for each in chunk if each.supplied_sha256 is None])
    for papers in chunk:
        try:
            made[papers.invoice_id] = _sealed(_content(papers, gathered), now=now)
        except (UnableToSeal, UnableToDraw, DocumentUnavailable) as error:
            troubles[papers.invoice_id] = _words(error)
    _note(troubles, now=now)
    return _keep([each for each in chunk if each.invoice_id in made], made, now=now)


def _gathered(invoice_ids: Sequence[int], *, duplicate_on: date | None = None) -> dict[int, InvoiceDocument]:
    """Everything to draw; an invoice whose XML cannot be read is left out."""
    urls = check_urls(invoice_ids=invoice_ids)
    try:
        return billing.invoice_documents(invoice_ids=invoice_ids, check_urls=urls, duplicate_on=duplicate_on)
    except DocumentUnavailable:
        alone = [_gathered([one], duplicate_on=duplicate_on) for one in invoice_ids if len(invoice_ids) > 1]
        return {one: document for each in alone for one, document in each.items()}


def _content(papers: InvoicePapers, gathered: Mapping[int, InvoiceDocument]) -> bytes:
    """What is to be sealed. What the billing system supplied is the document itself, never drawn anew."""
    document = gathered.get(papers.invoice_id)
    if document is not None:
        return adapter(InvoiceRenderer).render(document)
    if papers.supplied_sha256 is None:
        raise DocumentUnavailable(papers.number)
    return documents.read(sha256=papers.supplied_sha256)


def _sealed(content: bytes, *, now: datetime) -> bytes:
    try:
        return adapter(DocumentSeal).seal(content, now=now)
    except SealUnavailable as error:
        raise UnableToMakeDocuments(str(error)) from error


def _keep(chunk: Sequence[InvoicePapers], made: Mapping[int, bytes], *, now: datetime) -> dict[int, bytes]:
    """Store what nobody stored meanwhile, and say which document each has now."""
    try:
        with transaction.atomic():
            lock_key(Lock.DOCUMENTS)
            had = sealed_documents(invoice_ids=[each.invoice_id for each in chunk])
            new = [each for each in chunk if each.invoice_id not in had]
            _store(new, [made[each.invoice_id] for each in new], duplicate_on=None, now=now)
            reached("documents.before_commit")
    except OSError as error:
        raise UnableToMakeDocuments(_no_room(error)) from error
    reached("documents.after_commit")
    return sealed_documents(invoice_ids=[each.invoice_id for each in chunk])


def _store(
    papers: Sequence[InvoicePapers], contents: Sequence[bytes], *, duplicate_on: date | None, now: datetime
) -> None:
    digests = storing.store(contents=contents, media_type=PDF, now=now)
    rows = [
        (p.invoice_id, p.ksef_number, duplicate_on, p.supplied_sha256 is not None and duplicate_on is None, digest, now)
        for p, digest in zip(papers, digests, strict=True)
    ]
    insert_new(SealedDocument, _COLUMNS, rows)
    DocumentTrouble.objects.filter(invoice_id__in=[p.invoice_id for p in papers]).delete()


def _make_duplicate(papers: InvoicePapers, *, on: date, acting: Actor, now: datetime) -> bytes:
    gathered = _gathered([papers.invoice_id], duplicate_on=on)
    if papers.invoice_id not in gathered:
        raise DocumentUnavailable(papers.number)
    content = _sealed(adapter(InvoiceRenderer).render(gathered[papers.invoice_id]), now=now)
    try:
        with transaction.atomic():
            lock_key(Lock.DOCUMENTS)
            had = _duplicate(papers, on)
            if had is None:
                _store([papers], [content], duplicate_on=on, now=now)
                _tell_of_duplicate(papers, on, acting=acting, now=now)
    except OSError as error:
        raise UnableToMakeDocuments(_no_room(error)) from error
    kept = _duplicate(papers, on)
    assert kept is not None  # noqa: S101 (the row was committed a line above)
    return kept


def _duplicate(papers: InvoicePapers, on: date) -> bytes | None:
    rows = SealedDocument.objects.filter(invoice_id=papers.invoice_id, ksef_number=papers.ksef_number, duplicate_on=on)
    sha256 = rows.values_list("sha256", flat=True).first()
    return None if sha256 is None else bytes(sha256)


def _tell_of_duplicate(papers: InvoicePapers, on: date, *, acting: Actor, now: datetime) -> None:
    fact = AuditFact(
        action="invoice.duplicate",
        subject=f"invoice:{papers.invoice_id}",
        account_id=papers.account_id,
        details={"on": on.isoformat()},
    )
    record(facts=[fact], acting=acting, now=now)


def _note(troubles: Mapping[int, str], *, now: datetime) -> None:
    """Keep why documents could not be made, since when, and when to try again."""
    for invoice_id, words in troubles.items():
        DocumentTrouble.objects.update_or_create(
            invoice_id=invoice_id,
            defaults={"words": words, "again_at": now + AGAIN_AFTER},
            create_defaults={"words": words, "since": now, "again_at": now + AGAIN_AFTER},
        )


def _not_yet(invoice_id: int) -> DocumentNotYet:
    if billing.papers_of(invoice_ids=[invoice_id])[invoice_id].waits_for_number:
        return DocumentNotYet(NotYet.WAITS_FOR_KSEF)
    words = DocumentTrouble.objects.filter(invoice_id=invoice_id).values_list("words", flat=True).first()
    return DocumentNotYet(NotYet.TROUBLE, words or "")


def _words(error: Exception) -> str:
    match error:
        case DocumentUnavailable():
            return UNREADABLE
        case UnableToDraw():
            return UNDRAWABLE
    return str(error)


def _no_room(error: OSError) -> str:
    return (
        "Nie można zapisać dokumentów faktur. Sprawdź, czy jest miejsce na dysku i prawa do folderu EBOK_DOCUMENTS. "
        f"Powód: {error.strerror or error}"
    )
