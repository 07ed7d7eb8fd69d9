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
from tests.adapters.test_typst import OFFICE, document
from tests.pdf_checks import assert_accessible, places_of, structure

CODE = "7KQ2MXR4VD9WTHB3F8JC"
PRINTED = "7KQ2M-XR4VD-9WTHB-3F8JC"
URL = "https://ebok.wodociagi.example/aktywacja/list/"
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


def test_letters_are_archivable_and_accessible_and_tell_no_name_outside(papers) -> None:
    reader = assert_accessible(papers.letters([LETTER]), title="List z kodem do eBOK")
    assert b"Anna" not in reader.root_object["/Metadata"].get_object().get_data()
    assert_accessible(papers.letters([LETTER] * 3), title="Listy z kodem do eBOK (3)")


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
