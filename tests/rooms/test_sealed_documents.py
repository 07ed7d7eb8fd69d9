"""The documents of invoices: made once, sealed, stored for good, and found when something happens to them."""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pypdf import PdfReader, PdfWriter
from pytest_django import Settings

from ebok.adapters.seal import FakeSeal
from ebok.audit.models import AuditRow
from ebok.billing.models import Invoice
from ebok.billing.ports import InvoiceRenderer, UnableToDraw
from ebok.billing.queries import papers_of
from ebok.documents import queries as documents
from ebok.documents.domain import place_of
from ebok.documents.models import StoredDocument
from ebok.einvoicing.domain.documents import FileFault, NotYet
from ebok.einvoicing.models import SealedDocument
from ebok.einvoicing.operations.documents import (
    DocumentNotYet,
    UnableToMakeDocuments,
    document_of,
    duplicate_of,
    make_documents,
    make_missing,
)
from ebok.einvoicing.ports import DocumentSeal, SealVerdict
from ebok.einvoicing.queries.documents import (
    damaged_documents,
    document_troubles,
    invoice_of_document,
    seal_trouble,
    sealed_documents,
)
from ebok.foundation import ports
from ebok.foundation.ports import adapter
from ebok.interchange.operations.invoices import import_invoices
from ebok.interchange.operations.receipts import import_receipts
from tests.billing import ACTING, NOW, TODAY, an_account, fa3, files
from tests.concurrency import beside, until_it_waits
from tests.rooms.test_billing_imports import upo

NIP = "1111111111"
WARSAW_DAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Settings, tmp_path: Path) -> None:
    settings.EBOK_DOCUMENTS = tmp_path / "documents"


@contextmanager
def serving(port: type[Any], made: Any) -> Iterator[None]:
    """Have the port served by this, and by what served it before afterwards."""
    before = ports._factories[port]
    ports.provide(port, lambda: made)
    try:
        yield
    finally:
        ports.provide(port, before)


def a_pdf() -> bytes:
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


def take(*named: tuple[str, bytes]) -> list[int]:
    report = import_invoices(files=iter(files(named)), acting=ACTING, now=NOW)
    assert report.refused == []
    return list(Invoice.objects.order_by("id").values_list("id", flat=True))


def one(**more: Any) -> int:
    an_account()
    [invoice_id] = take(("1.xml", fa3("FV/1", **more)))
    return invoice_id


def verdict(sha256: bytes) -> SealVerdict:
    return adapter(DocumentSeal).inspect(documents.read(sha256=sha256)).verdict


def test_a_document_is_made_once_sealed_and_stays_the_same_bytes() -> None:
    invoice_id = one()
    sha256 = document_of(invoice_id=invoice_id, now=NOW)
    assert verdict(sha256) is SealVerdict.OURS
    assert document_of(invoice_id=invoice_id, now=NOW + timedelta(days=900)) == sha256
    assert make_documents(invoice_ids=[invoice_id], now=NOW) == {invoice_id: sha256}
    assert invoice_of_document(sha256=sha256) == invoice_id
    assert invoice_of_document(sha256=bytes(32)) is None
    assert SealedDocument.objects.count() == 1


def test_many_are_made_together_and_an_unknown_id_is_left_out() -> None:
    an_account()
    ids = take(*((f"{n}.xml", fa3(f"FV/{n}")) for n in range(3)))
    made = make_documents(invoice_ids=[*ids, ids[0], 10**9], now=NOW)
    assert sorted(made) == ids
    assert len(set(made.values())) == len(ids)
    assert sealed_documents(invoice_ids=ids) == made


def test_the_invoice_stays_attached_to_its_document_byte_for_byte() -> None:
    xml = fa3("FV/1")
    an_account()
    [invoice_id] = take(("1.xml", xml))
    reader = PdfReader(BytesIO(documents.read(sha256=document_of(invoice_id=invoice_id, now=NOW))))
    assert [content for contents in reader.attachments.values() for content in contents] == [xml]


def test_a_supplied_pdf_is_the_document_and_only_the_seal_is_added() -> None:
    supplied = a_pdf()
    an_account()
    [invoice_id] = take(("1.pdf", supplied), ("1.xml", fa3("FV/1")))
    content = documents.read(sha256=document_of(invoice_id=invoice_id, now=NOW))
    assert content.startswith(supplied)
    assert SealedDocument.objects.get().supplied


@pytest.mark.parametrize("supplied", [b"%PDF-1.7", b"%PDF-1.7\n" + b"x" * 9_000], ids=["empty", "junk"])
def test_a_supplied_pdf_that_cannot_be_sealed_is_told_to_the_office_and_never_drawn_anew(supplied: bytes) -> None:
    an_account()
    [invoice_id] = take(("1.pdf", supplied), ("1.xml", fa3("FV/1")))
    with pytest.raises(DocumentNotYet) as refusal:
        document_of(invoice_id=invoice_id, now=NOW)
    assert refusal.value.reason is NotYet.TROUBLE
    assert list(document_troubles()) == [invoice_id]
    assert "systemu rozliczeń" in document_troubles()[invoice_id]
    assert SealedDocument.objects.count() == 0


def test_the_invoice_of_a_buyer_with_a_nip_waits_for_its_ksef_number_whatever_was_supplied() -> None:
    xml = fa3("FV/1", nip=NIP)
    an_account()
    [invoice_id] = take(("1.pdf", a_pdf()), ("1.xml", xml))
    assert make_documents(invoice_ids=[invoice_id], now=NOW) == {}
    with pytest.raises(DocumentNotYet) as refusal:
        document_of(invoice_id=invoice_id, now=NOW)
    assert refusal.value.reason is NotYet.WAITS_FOR_KSEF
    with pytest.raises(DocumentNotYet) as refusal:
        duplicate_of(invoice_id=invoice_id, on=TODAY, acting=ACTING, now=NOW)
    assert refusal.value.reason is NotYet.WAITS_FOR_KSEF
    import_receipts(files=iter(files([("u.xml", upo("FV/1", xml))])), acting=ACTING, now=NOW)
    document_of(invoice_id=invoice_id, now=NOW)
    assert SealedDocument.objects.get().ksef_number == papers_of(invoice_ids=[invoice_id])[invoice_id].ksef_number != ""


def test_the_document_of_a_consumer_keeps_what_it_said_when_it_was_made() -> None:
    xml = fa3("FV/1")
    an_account()
    [invoice_id] = take(("1.xml", xml))
    before = document_of(invoice_id=invoice_id, now=NOW)
    import_receipts(files=iter(files([("u.xml", upo("FV/1", xml))])), acting=ACTING, now=NOW)
    assert document_of(invoice_id=invoice_id, now=NOW) == before


def test_a_duplicate_is_made_once_a_day_and_put_on_record() -> None:
    invoice_id = one()
    document = document_of(invoice_id=invoice_id, now=NOW)
    first, again, next_day = (
        duplicate_of(invoice_id=invoice_id, on=day, acting=ACTING, now=NOW) for day in (TODAY, TODAY, WARSAW_DAY)
    )
    assert first == again
    assert len({document, first, next_day}) == 3
    assert document_of(invoice_id=invoice_id, now=NOW) == document
    text = PdfReader(BytesIO(documents.read(sha256=first))).pages[0].extract_text()
    assert "duplikat" in text.casefold()
    assert AuditRow.objects.filter(action="invoice.duplicate").count() == 2


def test_without_a_seal_nothing_is_made_and_the_office_is_told_why() -> None:
    invoice_id = one()
    words = "Certyfikat pieczęci wygasł."
    with serving(DocumentSeal, FakeSeal(words=words)):
        assert seal_trouble(now=NOW) == words
        with pytest.raises(UnableToMakeDocuments, match="wygasł"):
            make_documents(invoice_ids=[invoice_id], now=NOW)
        with pytest.raises(DocumentNotYet) as refusal:
            document_of(invoice_id=invoice_id, now=NOW)
        assert (refusal.value.reason, refusal.value.words) == (NotYet.STOPPED, words)
    assert StoredDocument.objects.filter(media_type="application/pdf").count() == 0
    assert document_of(invoice_id=invoice_id, now=NOW)


class FailingRenderer:
    """Cannot draw one invoice."""

    def __init__(self, number: str, others: InvoiceRenderer) -> None:
        self.number, self.others = number, others

    def render(self, document: Any) -> bytes:
        if document.invoice.number == self.number:
            raise UnableToDraw(self.number)
        return self.others.render(document)


def test_one_that_cannot_be_drawn_stops_no_other_and_is_tried_again() -> None:
    an_account()
    ids = take(*((f"{n}.xml", fa3(f"FV/{n}")) for n in range(3)))
    with serving(InvoiceRenderer, FailingRenderer("FV/1", adapter(InvoiceRenderer))):
        assert sorted(make_documents(invoice_ids=ids, now=NOW)) == [ids[0], ids[2]]
    assert list(document_troubles(invoice_ids=ids)) == [ids[1]]
    assert sorted(make_documents(invoice_ids=ids, now=NOW)) == ids
    assert document_troubles() == {}


def test_one_whose_file_is_lost_stops_no_other(settings: Settings) -> None:
    an_account()
    ids = take(*((f"{n}.xml", fa3(f"FV/{n}")) for n in range(3)))
    (settings.EBOK_DOCUMENTS / place_of(hashlib.sha256(fa3("FV/1")).digest())).unlink()
    assert sorted(make_documents(invoice_ids=ids, now=NOW)) == [ids[0], ids[2]]
    assert "check_documents" in document_troubles()[ids[1]]


def test_a_full_disk_leaves_nothing_half_made(monkeypatch: pytest.MonkeyPatch) -> None:
    invoice_id = one()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("ebok.documents.operations.files.write_durably", full)
        with pytest.raises(UnableToMakeDocuments, match="miejsce na dysku"):
            make_documents(invoice_ids=[invoice_id], now=NOW)
    assert SealedDocument.objects.count() == 0
    assert StoredDocument.objects.filter(media_type="application/pdf").count() == 0
    assert document_of(invoice_id=invoice_id, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_two_makers_at_once_the_first_ones_bytes_stay() -> None:
    from django.db import transaction

    from ebok.foundation.bulk import lock_key
    from ebok.foundation.locks import Lock

    invoice_id = one()
    with beside() as start:
        with transaction.atomic():
            lock_key(Lock.DOCUMENTS)
            other = start(lambda: document_of(invoice_id=invoice_id, now=NOW + timedelta(seconds=1)))
            until_it_waits(other)
            mine = document_of(invoice_id=invoice_id, now=NOW)
        assert other.result() == mine
    assert SealedDocument.objects.count() == 1


def checked(*options: str) -> tuple[int, list[str]]:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_documents", *options, stdout=out)
    return int(str(ended.value.code)), out.getvalue().splitlines()


@pytest.mark.parametrize("place", [0, 999, -1])
def test_a_flipped_byte_of_a_stored_file_is_named_with_its_invoice(settings: Settings, place: int) -> None:
    sha256 = document_of(invoice_id=one(), now=NOW)
    assert checked() == (0, ["dokumenty ok"])
    assert checked("--seals") == (0, ["dokumenty ok"])
    file = settings.EBOK_DOCUMENTS / place_of(sha256)
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    lines = [f"{sha256.hex()} plik jest inny niż zapisany (faktura FV/1)", "uszkodzone: 1"]
    assert checked() == (1, lines)
    assert checked("--seals") == (1, lines)


def test_a_missing_file_of_any_kind_is_named(settings: Settings) -> None:
    invoice_id = one()
    sha256 = document_of(invoice_id=invoice_id, now=NOW)
    xml = hashlib.sha256(fa3("FV/1")).digest()
    for digest in (sha256, xml):
        (settings.EBOK_DOCUMENTS / place_of(digest)).unlink()
    found = {(one.sha256, one.fault, one.invoice_numbers) for one in damaged_documents()}
    assert found == {(sha256, FileFault.MISSING, ("FV/1",)), (xml, FileFault.MISSING, ("FV/1",))}


def test_a_seal_that_is_not_ours_is_named_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(DocumentSeal, FakeSeal()):
        sha256 = document_of(invoice_id=one(), now=NOW)
    assert checked()[0] == 0
    code, lines = checked("--seals")
    assert (code, lines[0]) == (1, f"{sha256.hex()} pieczęć się nie zgadza (faktura FV/1)")
    assert "EBOK_SEAL_PAST" in capsys.readouterr().err


def test_what_ebok_carries_is_made_without_being_asked_for_and_nothing_else(settings: Settings) -> None:
    settings.EBOK_DELIVER_SINCE = date(2026, 11, 1)
    waiting, numbered, old = fa3("B/1", nip=NIP), fa3("B/2", nip=NIP), fa3("FV/old", issued=date(2026, 10, 1))
    an_account()
    take(("1.xml", fa3("FV/1")), ("2.xml", waiting), ("3.xml", numbered), ("4.xml", old))
    import_receipts(files=iter(files([("u.xml", upo("B/2", numbered))])), acting=ACTING, now=NOW)
    assert make_missing(clock=lambda: NOW) == 2
    assert make_missing(clock=lambda: NOW) == 0
    made = set(SealedDocument.objects.values_list("invoice__number", flat=True))
    assert made == {"FV/1", "B/2"}


def test_one_that_could_not_be_made_is_tried_again_an_hour_later(settings: Settings) -> None:
    settings.EBOK_DELIVER_SINCE = date(2026, 11, 1)
    invoice_id = one()
    with serving(InvoiceRenderer, FailingRenderer("FV/1", adapter(InvoiceRenderer))):
        assert make_missing(clock=lambda: NOW) == 0
    assert make_missing(clock=lambda: NOW + timedelta(minutes=59)) == 0
    assert make_missing(clock=lambda: NOW + timedelta(minutes=61)) == 1
    assert list(sealed_documents(invoice_ids=[invoice_id])) == [invoice_id]
