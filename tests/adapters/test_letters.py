"""Letters with an activation code: accessible, archivable, one page each, the address in the window."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from ebok.adapters.typst import TypstCompiler, TypstEnrolmentPapers, TypstInvoiceRenderer
from ebok.adapters.typst.fake import FakeEnrolmentPapers
from ebok.enrolment.domain import ActivationLetter
from tests.adapters.test_typst import OFFICE, document, structure

CODE = "7KQ2MXR4VD9WTHB3F8JC"
PRINTED = "7KQ2M-XR4VD-9WTHB-3F8JC"
URL = "https://ebok.wodociagi.example/aktywacja/list/"
MILLIMETRE = 72 / 25.4
LETTER = ActivationLetter(
    account_numbers=("000012445",), name="Anna Przykładowa", address_lines=("ul. Polna 1/2", "05-400 Otwock"),
    code=CODE, printed_on=date(2026, 11, 22), last_day=date(2026, 12, 22), page_url=URL, office=OFFICE,
)  # fmt: skip


@pytest.fixture(scope="module")
def compiler():
    return TypstCompiler()


@pytest.fixture(scope="module")
def papers(compiler):
    return TypstEnrolmentPapers(compiler)


@pytest.fixture(params=["typst", "fake"])
def either(request, papers):
    return papers if request.param == "typst" else FakeEnrolmentPapers()


def read(pdf):
    return PdfReader(BytesIO(pdf))


def words(page):
    return " ".join(page.extract_text().replace("\u200b", "").replace("\u00a0", " ").split())


def test_every_letter_is_one_page_in_the_order_given_with_its_own_code(either) -> None:
    other = replace(LETTER, code="0" * 20, account_numbers=("000099999",))
    pages = read(either.letters([LETTER, other, LETTER])).pages
    assert len(pages) == 3
    assert [PRINTED in words(page) for page in pages] == [True, False, True]
    assert ["000099999" in words(page) for page in pages] == [False, True, False]


def test_equal_letters_give_equal_bytes(either) -> None:
    assert either.letters([LETTER]) == either.letters([LETTER])


def test_the_file_declares_pdf_a_3a_and_pdf_ua_1_and_carries_what_they_ask_for(papers) -> None:
    reader = read(papers.letters([LETTER]))
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode("utf-8")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("pl")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"]
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert reader.metadata.title == "List z kodem do eBOK"
    assert "Anna" not in xmp


def test_headings_have_levels_and_the_picture_says_where_it_leads(papers) -> None:
    nodes = structure(read(papers.letters([LETTER])))
    kinds = [node["/S"] for node in nodes]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 3
    assert [node["/Alt"] for node in nodes if node["/S"] == "/Figure"] == [f"Kod QR z adresem strony: {URL}"]


def test_it_says_who_writes_why_until_when_and_what_to_do_without_internet(papers) -> None:
    text = words(read(papers.letters([LETTER])).pages[0])
    for said in (
        "Anna Przykładowa", "ul. Polna 1/2", "05-400 Otwock", "000012445", PRINTED, URL, OFFICE.phone, OFFICE.name,
        "Kod działa do 22 grudnia 2026 włącznie, jeden raz.", "Nie mają Państwo internetu?",
        "Nie zamawiali Państwo tego listu?", "22 listopada 2026",
    ):  # fmt: skip
        assert said in text, said


def test_no_code_stands_in_an_address_anybody_opens(papers) -> None:
    reader = read(papers.letters([LETTER]))
    links = [note.get_object()["/A"]["/URI"] for page in reader.pages for note in page.get("/Annots", [])]
    assert set(links) == {URL}


def places_of(page, wanted):
    found = []

    def seen(text, of_page, of_text, *_):
        if wanted in text:
            x = of_text[4] * of_page[0] + of_text[5] * of_page[2] + of_page[4]
            y = of_text[4] * of_page[1] + of_text[5] * of_page[3] + of_page[5]
            found.append((x / MILLIMETRE, (float(page.mediabox.height) - y) / MILLIMETRE))

    page.extract_text(visitor_text=seen)
    return found


@pytest.mark.parametrize("line", ["Anna Przykładowa", "ul. Polna 1/2", "05-400 Otwock"])
def test_the_address_stands_in_the_window_of_the_envelope_and_the_code_does_not(papers, line: str) -> None:
    ((x, y),) = places_of(read(papers.letters([LETTER])).pages[0], line)
    assert 20 <= x <= 105
    assert 45 <= y <= 90


def test_the_code_does_not_show_in_the_window(papers) -> None:
    page = read(papers.letters([LETTER])).pages[0]
    assert all(y > 100 for _, y in places_of(page, "7KQ2M"))


ODD = {
    "a very long name": {"name": "W" * 512},
    "a long address": {"address_lines": ("ul. " + "Bardzo Długa " * 20, "05-400 Otwock")},
    "fifty accounts": {"account_numbers": tuple(f"{n:09d}" for n in range(50))},
    "markup": {"name": '#read("/etc/passwd") *b* $x$ @a <b>', "address_lines": ("#include", "// x")},
    "no address": {"address_lines": ()},
}


@pytest.mark.parametrize("changes", ODD.values(), ids=list(ODD))
def test_odd_letters_stay_one_page(papers, changes) -> None:
    (page,) = read(papers.letters([replace(LETTER, **changes)])).pages
    assert PRINTED in words(page)
    assert "root:" not in words(page)


@settings(max_examples=25, deadline=None)
@given(name=st.text(max_size=200), line=st.text(max_size=100))
def test_any_name_and_address_can_be_set(name: str, line: str) -> None:
    assert len(read(SHARED.letters([replace(LETTER, name=name, address_lines=(line,))])).pages) == 1


SHARED = TypstEnrolmentPapers()


def test_one_compiler_sets_letters_and_invoices_in_turn_and_mixes_nothing(compiler) -> None:
    papers, invoices = TypstEnrolmentPapers(compiler), TypstInvoiceRenderer(compiler)
    letter, invoice = papers.letters([LETTER]), invoices.render(document())
    assert papers.letters([LETTER]) == letter
    assert invoices.render(document()) == invoice
    assert PRINTED not in words(read(invoice).pages[0])
