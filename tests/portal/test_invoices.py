"""What a customer sees of invoices: the list, one of them, its files. Foreign ones do not exist."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader, PdfWriter

from ebok.audit.models import AuditRow
from ebok.billing.domain.invoices import OfficialReceipt
from ebok.billing.models import Invoice
from ebok.billing.operations import attach_pdfs, register_receipts
from ebok.documents.domain import place_of
from ebok.documents.operations import store
from ebok.einvoicing.models import FirstOpening
from ebok.einvoicing.ports import DocumentSeal, SealVerdict
from ebok.foundation.ports import adapter
from ebok.foundation.utility import utility
from ebok.portal import downloads
from tests.billing import NOW, fa3
from tests.portal.customers import NRB, PASSWORD, a_customer, an_invoice, book, freshen, in_days, many_invoices

pytestmark = pytest.mark.django_db
KSEF = "5265877635-20250826-0100001AF629-AF"


@pytest.fixture
def anna() -> Client:
    return a_customer("anna", "100001")


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("&nbsp;", " "))


def shown_numbers(answer) -> list[str]:
    return re.findall(r">(F[VK]/[^<]+)</a>", answer.content.decode())


def test_the_list_says_number_sum_due_date_and_status_in_words(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(5))
    an_invoice("FV/2", due=in_days(-3))
    text = text_of(anna.get("/faktury/"))
    assert "108,00 zł" in text
    assert "Do zapłaty za 5 dni" in text
    assert "Po terminie 3 dni" in text


def test_a_paid_and_a_corrected_invoice_and_a_used_correction_say_so(anna: Client) -> None:
    an_invoice("FV/1", paid=in_days(-1))
    an_invoice("FV/2")
    an_invoice("FK/2", corrects="FV/2", net="-100.00")
    text = text_of(anna.get("/faktury/"))
    assert all(word in text for word in ("Zapłacona", "Skorygowana", "Rozliczona"))


def test_an_invoice_that_is_not_yet_used_up_says_how_much_is_left(anna: Client) -> None:
    an_invoice("FK/9", corrects="FV/elsewhere", net="-50.00")
    assert "Do wykorzystania 54,00 zł" in text_of(anna.get("/faktury/"))


def test_nobody_signed_out_sees_a_list(client: Client) -> None:
    answer = client.get("/faktury/?rok=2026")
    assert answer.status_code == 302
    assert "/logowanie/" in answer["Location"]


def test_a_customer_without_invoices_reads_what_will_come(anna: Client) -> None:
    assert "Nie ma jeszcze faktur" in text_of(anna.get("/faktury/"))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["FV/1", "FV/2", "FV/3"]),
        ("?stan=po-terminie", ["FV/2"]),
        ("?stan=do-zaplaty", ["FV/1"]),
        ("?stan=zaplacone", ["FV/3"]),
        ("?stan=cokolwiek", ["FV/1", "FV/2", "FV/3"]),
        ("?rok=1999", []),
        ("?rok=99999999999999999999999", ["FV/1", "FV/2", "FV/3"]),
        ("?konto=99999999", ["FV/1", "FV/2", "FV/3"]),
        ("?po=to-nie-kursor&ile=7", ["FV/1", "FV/2", "FV/3"]),
    ],
)
def test_filters_narrow_the_list_and_nonsense_in_the_address_is_left_out(anna: Client, query: str, numbers) -> None:
    an_invoice("FV/1", due=in_days(5))
    an_invoice("FV/2", due=in_days(-3))
    an_invoice("FV/3", paid=in_days(-1))
    answer = anna.get(f"/faktury/{query}")
    assert answer.status_code == 200
    assert sorted(shown_numbers(answer)) == numbers


def test_a_manager_filters_by_premises(client: Client) -> None:
    manager = a_customer("zarzad", "100001", "100002")
    an_invoice("FV/1", account="100001")
    an_invoice("FV/2", account="100002")
    page = manager.get("/faktury/").content.decode()
    chosen = re.search(r'<option value="([^"]+)">ul\. Polna 2', page)
    assert chosen is not None
    assert shown_numbers(manager.get(f"/faktury/?konto={chosen[1]}")) == ["FV/2"]


def test_pages_follow_each_other_without_a_gap_or_a_repeat(anna: Client) -> None:
    many_invoices(range(1, 46))
    seen, address = [], "/faktury/"
    while address:
        page = anna.get(address)
        seen += shown_numbers(page)
        older = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        address = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"FV/{n}" for n in range(1, 46)]
    assert len(shown_numbers(anna.get("/faktury/?ile=80"))) == 45


def test_the_list_takes_as_many_queries_for_two_invoices_as_for_two_thousand(anna: Client) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert anna.get(address).status_code == 200
        return len(asked)

    many_invoices(range(1, 3))
    queries("/faktury/")
    few = queries("/faktury/?ile=80")
    many_invoices(range(3, 2001))
    assert queries("/faktury/?ile=80") == few
    assert few <= 9


def test_one_invoice_takes_few_queries_however_many_corrections_it_has(anna: Client) -> None:
    invoice = an_invoice("FV/1", net="900.00")
    for n in range(8):
        an_invoice(f"FK/{n}", corrects="FV/1", net="-10.00")
    anna.get("/faktury/")
    with CaptureQueriesContext(connection) as asked:
        assert anna.get(f"/faktury/{invoice}/").status_code == 200
    assert len(asked) <= 13


def test_ids_are_written_whole_and_never_grouped(anna: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE billing_invoice_id_seq RESTART WITH 1234567")
    invoice = an_invoice()
    assert invoice == 1234567
    assert f'value="{invoice}"' in anna.get("/faktury/").content.decode()
    assert f"faktura={invoice}" in anna.get(f"/faktury/{invoice}/").content.decode()


def test_one_invoice_shows_everything_printed_on_it(anna: Client) -> None:
    invoice = an_invoice("FV/1", due=in_days(5), nrb=NRB, note="wodomierz 123: 5 - 15 &lt;b&gt;")
    text = text_of(anna.get(f"/faktury/{invoice}/"))
    for words in (
        "Faktura FV/1", "Do zapłaty 108,00 zł", "Dostarczona woda", "10 m³", "10,00 zł", "8 %", "Razem 100,00 zł",
        "wodomierz 123: 5 - 15 &lt;b&gt;", "08 1020 1055 0000 0000 0001 2445", "Anna Nowak", "Co to znaczy?",
    ):  # fmt: skip
        assert words in text, words
    assert "KSeF" not in text


def test_a_ksef_number_comes_with_its_verification_code(anna: Client) -> None:
    xml = fa3("FV/1")
    invoice = an_invoice("FV/1")
    receipt = OfficialReceipt(
        ksef_number=KSEF, invoice_number="FV/1", issue_date=in_days(0).replace(2026, 11, 1), seller_nip="5265877635",
        xml_sha256=hashlib.sha256(xml).digest(),
    )  # fmt: skip
    register_receipts(receipts=[receipt], receipt_sha256=b"0" * 32, now=NOW)
    page = anna.get(f"/faktury/{invoice}/").content.decode()
    assert KSEF in page
    assert "ksef.mf.gov.pl/invoice/5265877635/01-11-2026/" in page
    assert 'class="qr" role="img"' in page


def test_corrections_are_linked_both_ways_and_say_the_change_in_words(anna: Client) -> None:
    invoice = an_invoice("FV/1")
    correction = an_invoice("FK/1", corrects="FV/1", net="-20.00")
    assert f'href="/faktury/{correction}/"' in anna.get(f"/faktury/{invoice}/").content.decode()
    answer = anna.get(f"/faktury/{correction}/")
    assert f'href="/faktury/{invoice}/"' in answer.content.decode()
    assert "Korekta zmniejsza kwotę faktury o 21,60 zł." in text_of(answer)
    assert "Błędny odczyt" in text_of(answer)


def test_a_correction_of_an_invoice_that_is_not_here_names_it_without_a_link(anna: Client) -> None:
    correction = an_invoice("FK/1", corrects="FV/kiedyś", net="-20.00")
    assert "dotyczy faktury FV/kiedyś z 1 października 2026" in text_of(anna.get(f"/faktury/{correction}/"))


@pytest.mark.parametrize("address", ["/faktury/{}/", "/faktury/{}/pdf/", "/faktury/{}/xml/", "/zaplac/?faktura={}"])
def test_somebody_elses_invoice_does_not_exist(anna: Client, address: str) -> None:
    stranger = a_customer("obcy", "200002")
    invoice = an_invoice("FV/1")
    assert anna.get(address.format(invoice)).status_code == 200
    assert stranger.get(address.format(invoice)).status_code == 404
    assert stranger.get(address.format(2**63)).status_code == 404
    assert stranger.get(address.format(invoice + 1)).status_code == 404


def test_the_pdf_is_sent_as_a_file_with_the_xml_inside_sealed_and_the_same_for_ever(anna: Client) -> None:
    invoice = an_invoice("FV/1/2", due=in_days(5))
    answer = anna.get(f"/faktury/{invoice}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="FV-1-2.pdf"'
    assert PdfReader(BytesIO(answer.content)).attachments["faktura.xml"] == [fa3("FV/1/2", due=in_days(5))]
    assert adapter(DocumentSeal).inspect(answer.content).verdict is SealVerdict.OURS
    assert anna.get(f"/faktury/{invoice}/pdf/").content == answer.content


def a_pdf() -> bytes:
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


def test_a_supplied_pdf_is_the_document_with_our_seal_added(anna: Client) -> None:
    invoice, supplied = an_invoice(), a_pdf()
    (digest,) = store(contents=[supplied], media_type="application/pdf", now=NOW)
    attach_pdfs(pdfs={invoice: digest}, now=NOW)
    content = anna.get(f"/faktury/{invoice}/pdf/").content
    assert content.startswith(supplied)
    assert adapter(DocumentSeal).inspect(content).verdict is SealVerdict.OURS


def test_a_supplied_pdf_that_cannot_be_sealed_says_whom_to_call(anna: Client) -> None:
    invoice = an_invoice()
    (digest,) = store(contents=[b"%PDF-1.7 damaged"], media_type="application/pdf", now=NOW)
    attach_pdfs(pdfs={invoice: digest}, now=NOW)
    answer = anna.get(f"/faktury/{invoice}/pdf/")
    assert answer.status_code == 503
    assert utility().phone in answer.content.decode()


def test_a_duplicate_is_asked_for_by_a_button_and_marked_with_its_day(anna: Client) -> None:
    invoice = an_invoice("FV/1")
    assert f'action="/faktury/{invoice}/duplikat/"' in anna.get(f"/faktury/{invoice}/").content.decode()
    assert anna.get(f"/faktury/{invoice}/duplikat/").status_code == 405
    answer = anna.post(f"/faktury/{invoice}/duplikat/")
    assert answer["Content-Disposition"] == 'attachment; filename="FV-1-duplikat.pdf"'
    assert "duplikat" in PdfReader(BytesIO(answer.content)).pages[0].extract_text().casefold()
    assert anna.post(f"/faktury/{invoice}/duplikat/").content == answer.content
    assert a_customer("obcy", "200002").post(f"/faktury/{invoice}/duplikat/").status_code == 404


def test_the_invoice_of_a_buyer_with_a_nip_waits_for_its_number_and_says_so(anna: Client) -> None:
    xml = fa3("FV/1", nip="1111111111")
    invoice = an_invoice("FV/1", nip="1111111111")
    assert "Czeka na numer KSeF" in text_of(anna.get("/faktury/"))
    page = anna.get(f"/faktury/{invoice}/").content.decode()
    assert "Czeka na numer KSeF" in page
    assert not any(word in page for word in ("Pobierz PDF", "Pobierz XML", "Pobierz duplikat"))
    for answer in (
        anna.get(f"/faktury/{invoice}/pdf/"), anna.get(f"/faktury/{invoice}/xml/"),
        anna.post(f"/faktury/{invoice}/duplikat/"),
    ):  # fmt: skip
        assert (answer.status_code, answer["Location"]) == (302, f"/faktury/{invoice}/")
    archive = ZipFile(BytesIO(b"".join(chosen(anna, invoice).streaming_content)))
    assert archive.namelist() == ["czego-brakuje.txt"]
    assert "czekają na numer KSeF" in archive.read("czego-brakuje.txt").decode()
    receipt = OfficialReceipt(
        ksef_number=KSEF, invoice_number="FV/1", issue_date=in_days(0).replace(2026, 11, 1), seller_nip="5265877635",
        xml_sha256=hashlib.sha256(xml).digest(),
    )  # fmt: skip
    register_receipts(receipts=[receipt], receipt_sha256=b"0" * 32, now=NOW)
    assert "Czeka na numer KSeF" not in text_of(anna.get("/faktury/"))
    assert anna.get(f"/faktury/{invoice}/xml/").content == xml
    assert KSEF in PdfReader(BytesIO(anna.get(f"/faktury/{invoice}/pdf/").content)).pages[0].extract_text()


@pytest.mark.parametrize("path", ["", "pdf/", "xml/"])
def test_the_first_opening_of_an_invoice_is_put_down_once(anna: Client, path: str) -> None:
    invoice, other = an_invoice("FV/1"), an_invoice("FV/2")
    anna.get("/faktury/")
    assert not FirstOpening.objects.exists()
    a_customer("obcy", "200002").get(f"/faktury/{invoice}/{path}")
    assert not FirstOpening.objects.exists()
    anna.get(f"/faktury/{invoice}/{path}")
    first = FirstOpening.objects.get(invoice_id=invoice).opened_at
    anna.get(f"/faktury/{invoice}/{path}")
    assert FirstOpening.objects.get().opened_at == first
    assert other != invoice


def test_the_page_says_by_which_way_the_invoice_goes_and_why(anna: Client) -> None:
    text = text_of(anna.get(f"/faktury/{an_invoice('FV/1')}/"))
    assert "Jak dostarczamy tę fakturę" in text
    assert "W dniu wystawienia nie było zgody na e-faktury." in text


def test_the_xml_is_sent_byte_for_byte(anna: Client) -> None:
    invoice = an_invoice("FV/1")
    answer = anna.get(f"/faktury/{invoice}/xml/")
    assert answer.content == fa3("FV/1")
    assert answer["Content-Disposition"] == 'attachment; filename="FV-1.xml"'


def chosen(client: Client, *ids: object, what: str = "zip"):
    return client.post("/faktury/wybrane/", {"faktura": [str(i) for i in ids], "co": what})


def test_ticked_invoices_come_as_one_zip_with_pdf_and_xml_of_each(anna: Client) -> None:
    ids = [an_invoice("FV/1"), an_invoice("FV/2")]
    answer = chosen(anna, *ids)
    archive = ZipFile(BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    assert archive.namelist() == ["FV-1.pdf", "FV-1.xml", "FV-2.pdf", "FV-2.xml"]
    assert archive.read("FV-2.xml") == fa3("FV/2")
    assert archive.read("FV-1.pdf").startswith(b"%PDF-")


def kept_file(invoice: int) -> Path:
    return settings.EBOK_DOCUMENTS / place_of(bytes(Invoice.objects.get(id=invoice).xml_sha256))


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"other")])
def test_a_file_that_is_gone_or_damaged_says_whom_to_call(anna: Client, damage: Callable[[Path], object]) -> None:
    invoice = an_invoice("FV/gone")
    damage(kept_file(invoice))
    for file in ("pdf", "xml"):
        answer = anna.get(f"/faktury/{invoice}/{file}/")
        assert answer.status_code == 503
        assert "Nie możemy teraz otworzyć tego pliku" in text_of(answer)
        assert utility().phone in answer.content.decode()


def test_a_zip_asks_again_who_is_there_and_is_offered_after_it(anna: Client) -> None:
    ids = [an_invoice("FV/1"), an_invoice("FV/2")]
    freshen(anna, at=1.0)
    asked = chosen(anna, *ids)
    assert asked["Location"] == "/potwierdz/?next=%2Fpotwierdz%2Fformularz%2F"
    assert chosen(anna, *ids, what="zaplac")["Location"].startswith("/zaplac/")
    assert not AuditRow.objects.filter(action="document.download").exists()
    assert anna.post(asked["Location"], {"password": PASSWORD})["Location"] == "/potwierdz/formularz/"
    page = anna.get("/potwierdz/formularz/").content.decode()
    assert "Pobierz plik" in page
    assert all(f'name="faktura" value="{one}"' in page for one in ids)
    assert chosen(anna, *ids)["Content-Type"] == "application/zip"


def test_a_zip_names_the_file_that_is_gone_and_has_the_others(anna: Client) -> None:
    ids = [an_invoice("FV/gone/2"), an_invoice("FV/2")]
    kept_file(ids[0]).unlink()
    archive = ZipFile(BytesIO(b"".join(chosen(anna, *ids).streaming_content)))
    assert archive.testzip() is None
    assert archive.namelist() == ["FV-2.pdf", "FV-2.xml", "czego-brakuje.txt"]
    note = archive.read("czego-brakuje.txt").decode()
    assert "FV-gone-2.pdf" in note
    assert "FV-gone-2.xml" in note
    assert utility().phone in note


def test_more_files_in_an_hour_than_anybody_reads_wait_for_the_next(
    anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "FILES", replace(downloads.FILES, times=2))
    monkeypatch.setattr(downloads, "BUNDLES", replace(downloads.BUNDLES, times=1))
    invoice = an_invoice()
    assert [anna.get(f"/faktury/{invoice}/{file}/").status_code for file in ("xml", "pdf", "xml")] == [200, 200, 429]
    assert [chosen(anna, invoice).status_code for _ in range(2)] == [200, 429]
    refused = anna.get(f"/faktury/{invoice}/pdf/")
    assert refused.headers["Retry-After"] == "3600"
    assert "Odczekaj godzinę" in text_of(refused)
    assert anna.get(f"/faktury/{invoice}/").status_code == 200


def test_limits_of_downloads_leave_room_for_a_manager_of_many_premises() -> None:
    assert downloads.FILES.times >= 500
    assert downloads.BUNDLES.times * 80 >= 4_000


def test_two_numbers_that_make_one_file_name_both_stay(anna: Client) -> None:
    answer = chosen(anna, an_invoice("FV/1"), an_invoice("FV-1"))
    assert ZipFile(BytesIO(b"".join(answer.streaming_content))).namelist() == [
        "FV-1.pdf", "FV-1.xml", "FV-1-2.pdf", "FV-1-2.xml",
    ]  # fmt: skip


def test_ticked_invoices_lead_to_one_transfer(anna: Client) -> None:
    ids = [an_invoice("FV/1"), an_invoice("FV/2")]
    assert chosen(anna, *ids, what="zaplac")["Location"] == f"/zaplac/?faktura={ids[0]}&faktura={ids[1]}"


def test_nothing_ticked_or_too_much_says_what_to_do(anna: Client) -> None:
    assert "Zaznacz co najmniej jedną fakturę." in text_of(anna.get(chosen(anna)["Location"]))
    assert "Zaznacz najwyżej 80 faktur naraz." in text_of(anna.get(chosen(anna, *range(1, 82))["Location"]))


def test_one_foreign_invoice_among_the_ticked_spoils_all(anna: Client) -> None:
    a_customer("obcy", "200002")
    mine, foreign = an_invoice("FV/1"), an_invoice("FV/2", account="200002")
    assert chosen(anna, mine, foreign).status_code == 404
    assert chosen(anna, mine, "x").status_code == 404


def test_files_are_only_read_and_the_choice_only_posted(anna: Client) -> None:
    invoice = an_invoice()
    assert anna.post(f"/faktury/{invoice}/pdf/").status_code == 405
    assert anna.get("/faktury/wybrane/").status_code == 405


def test_an_invoice_at_the_edges_of_the_format_is_still_shown(anna: Client) -> None:
    book(("a.xml", fa3("FV/0", net="0.00")))
    assert "Bez opłaty" in text_of(anna.get("/faktury/"))
