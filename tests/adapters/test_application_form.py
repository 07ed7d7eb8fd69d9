"""The form for access on paper: tagged, archivable, equal with answers and empty; a PESEL never stands on it."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from ebok.access.domain import GrantRole
from ebok.adapters.typst import TypstEnrolmentPapers
from ebok.adapters.typst.fake import FakeEnrolmentPapers
from ebok.billing.domain.visualization import OfficeFacts
from ebok.enrolment.domain.application_views import ApplicationForm, FormText
from ebok.enrolment.ports import EnrolmentPapers
from tests.enrolment import ORGANIZATION, PERSON
from tests.pdf_checks import assert_accessible

OFFICE = OfficeFacts(
    name="Wodociągi Przykładowe Sp. z o.o.", short_name="Wodociągi", address="ul. Wodna 1, 00-001 Przykładowo",
    phone="22 000 00 00", alarm_phone="994", office_hours="pn.–pt. 7:00–15:00", email="bok@wodociagi.example",
    website="https://wodociagi.example",
)  # fmt: skip
EMPTY = ApplicationForm(
    number="", answers=None, printed_on=date(2026, 11, 22), terms="Regulamin eBOK, wersja 1", terms_accepted=False,
    clause=(FormText(heading="Informacje z art. 13 RODO", lines=("1. administratorem jest…", "• prawo dostępu")),),
    office=OFFICE, site="https://ebok.example",
)  # fmt: skip
FILLED = replace(EMPTY, number="EB/2026/000123", answers=replace(PERSON, pesel_given=True), terms_accepted=True)
SHARED = (
    "Formularz udostępnienia serwisu internetowego eBOK", "1. Kto prosi o dostęp", "2. Dane",
    "3. Kontakt i adres do listów", "4. Numery kont klienta", "5. O jaki dostęp chodzi", "6. Regulamin i podpis",
    "Miejscowość i data", "Czytelny podpis", "Gdzie złożyć formularz", "ul. Wodna 1, 00-001 Przykładowo",
    "Informacja o danych osobowych", "administratorem jest", "Akceptuję Regulamin eBOK, wersja 1.",
)  # fmt: skip


@pytest.fixture(scope="module")
def papers() -> TypstEnrolmentPapers:
    return TypstEnrolmentPapers()


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).replace("\u200b", "").split())


@pytest.mark.parametrize("form", [EMPTY, FILLED, replace(FILLED, answers=ORGANIZATION)])
def test_the_form_is_tagged_archivable_in_polish_and_the_same_for_the_same_input(
    papers: TypstEnrolmentPapers, form: ApplicationForm
) -> None:
    pdf = papers.application_form(form)
    reader = assert_accessible(pdf, title="Formularz udostępnienia serwisu internetowego eBOK")
    assert pdf == papers.application_form(form)
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]


def test_the_empty_form_and_a_filled_one_have_the_same_parts(papers: TypstEnrolmentPapers) -> None:
    for form in (EMPTY, FILLED):
        text = words(papers.application_form(form))
        assert [part for part in SHARED if part not in text] == []


def test_a_filled_form_says_what_was_said_and_of_a_pesel_only_that_it_was_given(papers: TypstEnrolmentPapers) -> None:
    text = words(papers.application_form(FILLED))
    for said in ("EB/2026/000123", "Anna Nowak", "anna@example.com", "100001", "05-400", "Otwock", "podany"):
        assert said in text
    text = words(papers.application_form(replace(FILLED, answers=ORGANIZATION)))
    for said in ("Wspólnota Polna 1", "5265877635", "Jan Kowalski"):
        assert said in text
    assert "PESEL (" not in text


def test_twenty_accounts_and_very_long_answers_stay_on_the_page(papers: TypstEnrolmentPapers) -> None:
    answers = replace(
        PERSON, name="W" * 256, city="Ż" * 128, account_numbers=tuple(f"{n:064d}" for n in range(20)),
        role=GrantRole.PAYER, ground="najem " * 80,
    )  # fmt: skip
    for page in read(papers.application_form(replace(FILLED, answers=answers))).pages:
        page.extract_text(visitor_text=lambda text, _, matrix, *__: None if not text.strip() else _inside(matrix))


def _inside(matrix: list[float]) -> None:
    assert 0 <= matrix[4] <= 596
    assert 0 <= matrix[5] <= 842


MARKUP = '#read("/etc/passwd") *b* $x$ <b> // d'


def test_what_an_applicant_types_is_never_markup(papers: TypstEnrolmentPapers) -> None:
    text = words(papers.application_form(replace(FILLED, answers=replace(PERSON, name=MARKUP, ground=MARKUP))))
    assert "root:" not in text
    assert text.count("passwd") == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=100))
def test_any_answer_at_all_can_be_drawn(papers: TypstEnrolmentPapers, text: str) -> None:
    answers = replace(PERSON, name=text or "x", city=text, account_numbers=(text,))
    assert papers.application_form(replace(FILLED, answers=answers)).startswith(b"%PDF-")


@pytest.mark.parametrize("kind", [TypstEnrolmentPapers, FakeEnrolmentPapers])
def test_whoever_sets_papers_gives_a_pdf_with_the_number_and_the_name(kind: type[EnrolmentPapers]) -> None:
    text = words(kind().application_form(FILLED))
    assert "EB/2026/000123" in text
    assert "Anna Nowak" in text
