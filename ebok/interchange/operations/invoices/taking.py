"""Takes one batch of invoices: the same ones, refused ones, booked ones, parked ones, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.billing.domain.invoices import InvoiceKind
from ebok.billing.domain.ledger import InvoiceToIssue
from ebok.billing.operations import attach_pdfs, issue_invoices
from ebok.billing.queries import hashes_by_number, invoice_ids_by_hash
from ebok.billing.queries.printed import invoices_with_pdfs
from ebok.documents.operations import heal, store, storing
from ebok.einvoicing.operations.ways import decide_ways
from ebok.foundation.bulk import lock_key
from ebok.foundation.crash_points import reached
from ebok.foundation.locks import Lock
from ebok.foundation.lookups import among
from ebok.interchange.domain import ImportReport
from ebok.interchange.models import ParkedInvoice, TakenRows
from ebok.interchange.operations.invoices.offered import InvoiceKey, OfferedInvoice
from ebok.interchange.operations.invoices.owners import clues_of, find_owners
from ebok.interchange.operations.invoices.parking import park
from ebok.kernel.refusals import Refusal, RefusalCode

KIND = "invoices"
XML, PDF = "application/xml", "application/pdf"


@transaction.atomic
def take_batch(
    *, offered: Sequence[OfferedInvoice], report: ImportReport, crew: Executor, acting: Actor, now: datetime
) -> None:
    """Take a batch, all of it or nothing; adds to the report. `crew` writes the files while the rows are booked."""
    lock_key(Lock.INVOICES)
    ids = invoice_ids_by_hash(hashes=[o.sha256 for o in offered])
    parked = _parked([o.sha256 for o in offered])
    fresh = _not_here([o for o in offered if o.sha256 not in ids and o.sha256 not in parked], report)
    same = [o for o in offered if o.sha256 in ids or o.sha256 in parked]
    report.same += len(same)
    heal(contents=[o.data for o in same])
    with storing(contents=[o.data for o in fresh], media_type=XML, crew=crew, now=now):
        booked, waiting = _keep(fresh, acting, now)
    reached("import_invoices.documents_stored")
    ids |= booked
    taken = ids.keys() | parked | {o.sha256 for o in waiting}
    pdfs = _attach(_with_own_pdf([o for o in offered if o.sha256 in taken], report), ids, now)
    _note(booked=len(booked), parked=len(waiting), pdfs=pdfs, acting=acting, now=now)
    report.new += len(booked)
    report.parked += len(waiting)
    reached("import_invoices.before_commit")


def _keep(
    fresh: Sequence[OfferedInvoice], acting: Actor, now: datetime
) -> tuple[dict[bytes, int], list[OfferedInvoice]]:
    """Book the invoices whose account is known, and park the others; returns the ids of the first by their hash."""
    owners = find_owners(clues=[clues_of(o.facts) for o in fresh], acting=acting)
    issues = [
        InvoiceToIssue(account_id=owners[o.key], facts=o.facts, content=o.content, xml_sha256=o.sha256)
        for o in fresh
        if o.key in owners
    ]
    ids = issue_invoices(invoices=issues, acting=acting, now=now)
    decide_ways(invoice_ids=ids, acting=acting, now=now)
    waiting = [o for o in fresh if o.key not in owners]
    park(offered=waiting, now=now)
    return dict(zip((issue.xml_sha256 for issue in issues), ids, strict=True)), waiting


def _parked(hashes: Sequence[bytes]) -> set[bytes]:
    rows = ParkedInvoice.objects.filter(among("xml_sha256", hashes)).values_list("xml_sha256", flat=True)
    return {bytes(sha) for sha in rows}


def _not_here(offered: Iterable[OfferedInvoice], report: ImportReport) -> list[OfferedInvoice]:
    """The invoices whose number is new; the others are the same or are refused with both hashes."""
    offered = list(offered)
    here = _hashes_here({o.facts.number for o in offered})
    fresh: dict[InvoiceKey, OfferedInvoice] = {}
    for one in offered:
        known = here.setdefault(one.key, one.sha256)
        if known != one.sha256:
            report.refuse_file(one.file, _other_bytes(one, known))
        elif one.key in fresh:
            report.same += 1
        else:
            fresh[one.key] = one
    return list(fresh.values())


def _hashes_here(numbers: set[str]) -> dict[InvoiceKey, bytes]:
    here: dict[InvoiceKey, bytes] = dict(hashes_by_number(numbers=numbers))
    waiting = ParkedInvoice.objects.filter(among("number", numbers)).values_list("number", "kind", "xml_sha256")
    return here | {(number, InvoiceKind(kind)): bytes(sha) for number, kind, sha in waiting}


def _other_bytes(offered: OfferedInvoice, known: bytes) -> Refusal:
    return Refusal(
        code=RefusalCode.SAME_NUMBER_OTHER_BYTES,
        reason=f"Faktura {offered.facts.number} jest już wczytana z inną treścią: wczytana ma skrót SHA-256 "
        f"{known.hex()}, ten plik {offered.sha256.hex()}. Wystawionej faktury się nie zmienia: potrzebna jest korekta.",
    )


def _with_own_pdf(offered: Sequence[OfferedInvoice], report: ImportReport) -> list[OfferedInvoice]:
    """Those with a PDF that is no other invoice's: one file under two names would show somebody another one's bill."""
    digests = {o.sha256: sha256(o.pdf).digest() for o in offered if o.pdf is not None}
    if not digests:
        return []
    parked = ParkedInvoice.objects.filter(among("pdf_sha256", set(digests.values())))
    rows = parked.values_list("pdf_sha256", "xml_sha256")
    whose = {bytes(pdf): bytes(xml) for pdf, xml in rows if pdf is not None}
    whose |= invoices_with_pdfs(digests=set(digests.values()))
    own = []
    for one in (o for o in offered if o.sha256 in digests):
        if whose.setdefault(digests[one.sha256], one.sha256) == one.sha256:
            own.append(one)
        else:
            report.refuse_row(one.file, _pdf_of_another(one))
    return own


def _pdf_of_another(offered: OfferedInvoice) -> Refusal:
    return Refusal(
        code=RefusalCode.BAD_NUMBER,
        reason=f"PDF faktury {offered.facts.number} jest już dokumentem innej faktury. Wygeneruj go jeszcze raz.",
    )


def _attach(offered: Sequence[OfferedInvoice], ids: Mapping[bytes, int], now: datetime) -> int:
    """Keep the PDFs of these invoices, booked or parked; returns how many had none before."""
    with_pdf = {o.sha256: o.pdf for o in offered if o.pdf is not None}
    if not with_pdf:
        return 0
    digests = dict(zip(with_pdf, store(contents=list(with_pdf.values()), media_type=PDF, now=now), strict=True))
    attached = attach_pdfs(pdfs={ids[sha]: digest for sha, digest in digests.items() if sha in ids}, now=now)
    for sha, digest in digests.items():
        if sha not in ids:
            waits = ParkedInvoice.objects.filter(xml_sha256=sha, pdf_sha256__isnull=True)
            attached += waits.update(pdf_sha256=digest)
    return attached


def _note(*, booked: int, parked: int, pdfs: int, acting: Actor, now: datetime) -> None:
    if booked + parked:
        TakenRows.objects.create(kind=KIND, rows=booked + parked, booked=booked, parked=parked, taken_at=now)
    if booked + parked + pdfs:
        details = {"booked": booked, "parked": parked, "pdfs": pdfs}
        record(facts=[AuditFact(action="import.invoices", subject="invoices", details=details)], acting=acting, now=now)
