"""Anybody asks whether an invoice is genuine: what is told, what never is, and how often one may ask."""

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from ebok.audit.models import AuditRow
from ebok.billing.models import Invoice, SuppliedPdf
from ebok.customers.models import CustomerAccount, PastPaymentAccount
from ebok.documents.models import StoredDocument
from ebok.einvoicing.domain.checks import CheckWay, Finding
from ebok.einvoicing.domain.ways import new_token
from ebok.einvoicing.models import InvoiceTransmission, SealedDocument, SuspectReport
from ebok.einvoicing.operations.reports import UnableToSettleReport, report_suspicious, settle_report
from ebok.einvoicing.ports import DocumentSeal, SealFinding, SealUnavailable, SealVerdict
from ebok.einvoicing.queries.reports import count_open_reports, open_reports
from ebok.foundation import clock, ports
from ebok.kernel.identifiers import nrb_check_digits
from ebok.portal.genuine.words import FINDINGS, MISSPELLED
from ebok.web.findings import FOUND, WAYS
from tests.billing import ACTING, NOW, an_account, fa3
from tests.portal.customers import NRB, book

pytestmark = pytest.mark.django_db
PAGE = "/sprawdz-fakture/"
TYPED = "/sprawdz-fakture/dane/"
NUMBER = "FV/2026/10/000124"
DUE = date(2026, 10, 26)
NAME, STREET = "Anna Nowak", "ul. Polna"


def an_nrb(body: str) -> str:
    return nrb_check_digits(body) + body


OTHERS = an_nrb("109010140000071219812870")
FOREIGN = an_nrb("124012341111001234567890")
OWN = an_nrb("102010550000000000000001")
ONE_OFF = NRB[:-1] + str((int(NRB[-1]) + 1) % 10)


@pytest.fixture(autouse=True)
def utility(settings: Settings) -> None:
    settings.EBOK_UTILITY = replace(settings.EBOK_UTILITY, ibans=(OWN,))


@pytest.fixture
def invoice() -> Invoice:
    """An invoice of 228,44 zł that prints its account, another of its customer, and one of somebody else."""
    an_account("100001", payment_nrb=NRB, street=STREET, house="1")
    an_account("100002", payment_nrb=OTHERS, name="Jan Wilk")
    book(
        ("a.xml", fa3(NUMBER, net="211.52", due=DUE, nrb=NRB)),
        ("b.xml", fa3("FV/2026/10/000125", net="100.00", due=DUE, nrb=NRB)),
        ("c.xml", fa3("FV/2026/10/000126", net="50.00", account="100002", due=DUE, nrb=OTHERS)),
    )
    return Invoice.objects.get(number=NUMBER)


def ask(account: str = NRB, number: str = NUMBER, amount: str = "228,44", *, client: Client | None = None) -> Any:
    return (client or Client()).post(TYPED, {"account": account, "number": number, "amount": amount})


def title(answer: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert found, answer.text[:500]
    return found[1]


def a_token(invoice: Invoice) -> str:
    found = InvoiceTransmission.objects.filter(invoice=invoice).first()
    if found is None:
        found = InvoiceTransmission.objects.create(
            invoice=invoice, account_id=invoice.account_id, channel="paper", reason="not_accepted",
            carried_by="billing", token=new_token(), decided_at=NOW,
        )  # fmt: skip
    return found.token


def test_all_three_agree(invoice: Invoice) -> None:
    answer = ask()
    assert title(answer) == "Te dane są z naszej faktury"
    for told in ("…\u00a02445", "228,44\u00a0zł", "26.10.2026", "nie płać", "tel:"):
        assert told in answer.text
    for hidden in (NAME, STREET, "100001", NRB):
        assert hidden not in answer.text.replace("<title>", "")


@pytest.mark.parametrize(
    ("account", "number", "amount"),
    [
        ("PL " + NRB, NUMBER, "228.44 zł"),
        (" ".join([NRB[:2], *(NRB[i : i + 4] for i in range(2, 26, 4))]), NUMBER.lower(), " 228,44 "),
        ("pl" + NRB, f" {NUMBER} ", "228,44zł"),
        (NRB[:13] + "-" + NRB[13:], NUMBER, "228,44\u00a0PLN"),
    ],
)
def test_it_may_be_typed_as_people_type(invoice: Invoice, account: str, number: str, amount: str) -> None:
    assert title(ask(account, number, amount)) == "Te dane są z naszej faktury"


def test_an_account_that_is_not_ours_is_answered_plainly_whatever_the_rest(invoice: Invoice) -> None:
    for number, amount in ((NUMBER, "228,44"), (NUMBER, "1,00"), ("FV/1", "228,44"), ("FV/1", "1")):
        answer = ask(FOREIGN, number, amount)
        assert title(answer) == "NIE. To nie nasze konto. Nie płać."
        assert "Porównaj:" not in answer.text


@pytest.mark.parametrize("typed", [ONE_OFF, f"PL{ONE_OFF}", f" pl {ONE_OFF[:2]} {ONE_OFF[2:14]} {ONE_OFF[14:]} "])
def test_an_account_that_cannot_be_one_is_not_ours_either_and_is_reported_in_one_press(
    invoice: Invoice, typed: str
) -> None:
    answer = ask(typed)
    assert title(answer) == "NIE. To nie nasze konto. Nie płać."
    assert MISSPELLED in answer.text
    assert "Błąd: " not in answer.text
    assert press(answer).status_code == 302
    [report] = open_reports()
    assert (report.finding, report.typed["account"]) == (Finding.NOT_OUR_ACCOUNT, ONE_OFF)


@pytest.mark.parametrize(
    "typed", ["DE89370400440532013000", "de89 3704 0044 0532 0130 00", "MT84MALT011000012345MTLCAST001S"]
)
def test_an_account_in_another_country_is_not_ours_and_is_reported_in_one_press(invoice: Invoice, typed: str) -> None:
    answer = ask(typed)
    assert title(answer) == "NIE. To nie nasze konto. Nie płać."
    assert "To konto w innym kraju." in answer.text
    assert MISSPELLED not in answer.text
    assert press(answer).status_code == 302
    [report] = open_reports()
    assert (report.finding, report.typed["account"]) == (Finding.NOT_OUR_ACCOUNT, typed.upper().replace(" ", ""))


def test_of_an_account_that_can_be_one_it_is_not_said_that_it_cannot(invoice: Invoice) -> None:
    assert MISSPELLED not in ask(FOREIGN).text
    assert MISSPELLED not in ask().text


def test_what_was_typed_can_be_mended_without_typing_it_all_again(invoice: Invoice) -> None:
    answer = ask(f"PL {ONE_OFF}", NUMBER, "228,44")
    again = dict(re.findall(r'<input type="hidden" name="(account|number|amount)" value="([^"]*)"', answer.text))
    page = Client().post(TYPED, again | {"again": "1"})
    for typed in (f"PL {ONE_OFF}", NUMBER, "228,44"):
        assert f'value="{typed}"' in page.text
    assert "Błąd: " not in page.text
    assert title(page) == "Czy to prawdziwa faktura?"
    assert 'name="again"' not in ask().text


def test_two_of_three_agree(invoice: Invoice) -> None:
    assert title(ask(amount="228,45")) == "Kwota się nie zgadza"
    assert title(ask(account=OTHERS)) == "Konto się nie zgadza. Nie płać."
    assert title(ask(number="FV/2026/10/000999")) == "Numer faktury się nie zgadza"
    assert title(ask(account=OWN)) == "Konto się nie zgadza. Nie płać."


def test_the_same_is_said_of_an_unknown_invoice_and_of_a_known_one_with_two_fields_wrong(invoice: Invoice) -> None:
    answers = [
        ask(number="FV/1999/01/000001", amount="1,00"),
        ask(account=OTHERS, amount="1,00"),
        ask(account=OTHERS, number="FV/1999/01/000001"),
        ask(amount="1,00", number="FV/2026/10/000126"),
    ]
    assert {title(answer) for answer in answers} == {"Nie możemy potwierdzić"}
    assert len({plain(answer.text) for answer in answers}) == 1
    assert all(answer.status_code == 200 for answer in answers)


def plain(body: str) -> str:
    return re.sub(r'(name="(?:csrfmiddlewaretoken|report|account|number|amount)" value=)"[^"]*"', r"\1", body)


def test_as_many_queries_are_asked_of_an_unknown_invoice_as_of_a_known_one(invoice: Invoice) -> None:
    def queries(**typed: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            ask(**typed)
        return len(asked)

    ask()
    unknown = queries(account=OTHERS, number="FV/1999/01/000001", amount="1,00")
    assert queries(account=OTHERS, amount="1,00") == unknown


def test_what_was_or_stands_anywhere_of_ours_is_never_called_foreign(invoice: Invoice) -> None:
    past, printed, beside = (an_nrb(f"10901014000007121981290{n}") for n in range(3))
    account = CustomerAccount.objects.get(number="100001")
    PastPaymentAccount.objects.create(account=account, payment_nrb=past, until=NOW)
    two = fa3("FV/2", nrb=printed).replace(
        b"</RachunekBankowy>", f"</RachunekBankowy><RachunekBankowy><NrRB>{beside}</NrRB></RachunekBankowy>".encode()
    )
    book(("d.xml", two))
    for n, nrb in enumerate((past, printed, beside, OWN, NRB, OTHERS)):
        assert title(ask(nrb, f"FV/0/{n}", "1")) == "Nie możemy potwierdzić", nrb


def test_an_invoice_that_prints_no_account_is_paid_to_its_customers_own(invoice: Invoice) -> None:
    book(("e.xml", fa3("FV/3", net="10.00")))
    assert title(ask(NRB, "FV/3", "10,80")) == "Te dane są z naszej faktury"
    assert title(ask(NRB, "FV/0", "10,80")) == "Numer faktury się nie zgadza"


def test_a_correction_that_gives_back_is_compared_with_its_minus_or_without(invoice: Invoice) -> None:
    book(("k.xml", fa3("KOR/1", net="-50.00", corrects=NUMBER, nrb=NRB)))
    for amount in ("-54,00", "54,00", "−54"):
        answer = ask(NRB, "KOR/1", amount)
        assert title(answer) == "Te dane są z naszej faktury"
        assert "−54,00\u00a0zł" in answer.text
        assert "termin <" not in answer.text


def test_a_correction_may_have_the_number_of_an_invoice(invoice: Invoice) -> None:
    book(("k.xml", fa3(NUMBER, net="-50.00", corrects=NUMBER, nrb=NRB)))
    assert "−54,00" in ask(amount="-54").text
    assert "228,44" in ask().text


def test_older_debts_on_an_invoice_are_never_shown(invoice: Invoice) -> None:
    debts = (
        b"<Rozliczenie><Obciazenia><Kwota>300.00</Kwota><Powod>zaleg\xc5\x82o\xc5\x9b\xc4\x87</Powod></Obciazenia>"
        b"<SumaObciazen>300.00</SumaObciazen><DoZaplaty>408.00</DoZaplaty></Rozliczenie><Platnosc>"
    )
    book(("z.xml", fa3("FV/Z", nrb=NRB, due=DUE).replace(b"<Platnosc>", debts)))
    told = Client().post(f"/f/{a_token(Invoice.objects.get(number='FV/Z'))}/").text
    assert "kwota brutto <strong" in told
    assert "108,00" in told
    assert "408" not in told
    assert 'kwota <strong class="nowrap">408,00' in ask(NRB, "FV/Z", "408").text
    assert "408" not in ask(NRB, "FV/Z", "108").text


def test_paid_invoices_and_those_of_companies_without_a_ksef_number_are_told_alike(invoice: Invoice) -> None:
    book(
        ("p.xml", fa3("FV/P", nrb=NRB, due=DUE, paid=DUE)),
        ("n.xml", fa3("FV/N", nrb=NRB, due=DUE, nip="5265877635")),
    )
    for number in ("FV/P", "FV/N"):
        answer = ask(NRB, number, "108")
        assert title(answer) == "Te dane są z naszej faktury"
        assert "108,00\u00a0zł" in answer.text
        assert "26.10.2026" in answer.text


def test_where_nothing_is_set_up_no_account_is_called_foreign(settings: Settings) -> None:
    settings.EBOK_UTILITY = replace(settings.EBOK_UTILITY, ibans=())
    assert title(ask(FOREIGN)) == "Nie możemy potwierdzić"
    assert title(ask(ONE_OFF)) == "NIE. To nie nasze konto. Nie płać."


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("", "Wpisz numer konta z faktury."),
        (NRB[:-1], "Konto ma 26 cyfr, a tu jest ich 25."),
        (NRB + "1", "Konto ma 26 cyfr, a tu jest ich 27."),
        ("DE8937040044", "Konto to 26 cyfr"),
        (NRB.replace("0", "O"), "cyframi 0–9"),
        (NRB.replace("1", "１"), "cyframi 0–9"),
        ("0810\x002010550000000000012445", "cyframi 0–9"),
        ("x" * 100_000, "Konto to 26 cyfr"),
        ("PL", "Konto to 26 cyfr"),
    ],
)
def test_a_wrong_account_is_said_at_its_field_and_nothing_typed_is_lost(account: str, said: str) -> None:
    answer = ask(account)
    assert answer.status_code == 200
    assert said in answer.text.replace("\n", " ")
    assert answer.text.count(said) == 2
    assert NUMBER in answer.text
    assert "Błąd: " in answer.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [("number", ""), ("number", "FV/\x00"), ("number", "FV/А1"), ("number", "9" * 5_000), ("amount", ""),
     ("amount", "dużo"), ("amount", "1e5"), ("amount", "-"), ("amount", "１２"), ("amount", "9" * 40),
     ("amount", "--5")],
)  # fmt: skip
def test_wrong_numbers_and_amounts_are_said_at_their_field(field: str, typed: str) -> None:
    answer = ask(**{field: typed})
    assert answer.status_code == 200
    assert f'href="#id_{field}"' in answer.text


@given(typed=st.fixed_dictionaries({}, optional={n: st.text(max_size=60) for n in ("account", "number", "amount")}))
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered(typed: Mapping[str, str]) -> None:
    assert Client().post(TYPED, typed).status_code == 200


def test_the_page_explains_and_asking_by_get_checks_nothing(invoice: Invoice) -> None:
    page = Client().get(PAGE)
    assert page.status_code == 200
    for words in ("Szczecina", "Elbląga", "Sprawdź dane", "Sprawdź plik", "Sprawdź kod", "tel:"):
        assert words in page.text
    for path in (TYPED, "/sprawdz-fakture/kod/", "/sprawdz-fakture/plik/"):
        assert Client().get(path, {"code": a_token(invoice)}).url == PAGE
    assert PAGE in Client().get("/").text


# The printed code


def test_a_printed_code_explains_and_a_press_tells_what_to_compare(invoice: Invoice) -> None:
    path = f"/f/{a_token(invoice)}/"
    shown = Client().get(path)
    assert shown.status_code == 200
    assert "228,44" not in shown.text
    assert Client().get(path[:-1]).status_code in {301, 302}
    told = Client().post(path)
    assert title(told) == "Taka faktura istnieje. Porównaj."
    words = re.sub(r"<[^>]+>", "", told.text)
    assert "Porównaj: konto kończy się na …\u00a02445, kwota 228,44\u00a0zł, termin 26.10.2026." in words
    assert "Jeśli na Twojej fakturze jest inaczej: nie płać, zadzwoń" in words
    for hidden in (NAME, STREET, "100001", NRB, NUMBER):
        assert hidden not in told.text


def test_a_code_may_be_typed_in_groups_with_look_alikes(invoice: Invoice) -> None:
    token = a_token(invoice)
    typed = "-".join(token[at : at + 5] for at in range(0, 26, 5)).lower().replace("0", "o").replace("1", "l")
    assert title(Client().post("/sprawdz-fakture/kod/", {"code": typed})) == "Taka faktura istnieje. Porównaj."
    assert title(Client().post(f"/f/{typed}/")) == "Taka faktura istnieje. Porównaj."


@pytest.mark.parametrize("code", [new_token(), "x", "ŻÓŁĆ", "7" * 3_000, "%00", "<script>alert(1)</script>"])
def test_an_unknown_code_says_what_to_do(invoice: Invoice, code: str) -> None:
    answer = Client().post("/sprawdz-fakture/kod/", {"code": code})
    assert title(answer) == "Nie znamy takiego kodu"
    assert "tel:" in answer.text
    assert "<script>alert" not in answer.text


def test_no_code_is_asked_for() -> None:
    assert "Wpisz kod z faktury." in Client().post("/sprawdz-fakture/kod/", {}).text


# The file


class OneSeal:
    """A seal that knows its own mark, for whatever is not known by hash."""

    def seal(self, pdf: bytes, *, now: Any) -> bytes:
        return pdf + b"SEAL"

    def inspect(self, pdf: bytes) -> SealFinding:
        return SealFinding(verdict=SealVerdict.ALTERED if b"SEAL" in pdf else SealVerdict.NOT_OURS)


@pytest.fixture
def seal() -> Iterator[None]:
    before = ports._factories.get(DocumentSeal)
    ports.provide(DocumentSeal, OneSeal)
    yield
    if before is None:
        ports._factories.pop(DocumentSeal)
        ports._made.pop(DocumentSeal, None)
    else:
        ports.provide(DocumentSeal, before)


def drop(content: bytes, *more: bytes, name: str = "faktura.pdf", client: Client | None = None) -> Any:
    files = [SimpleUploadedFile(name, one, content_type="application/pdf") for one in (content, *more)]
    return (client or Client()).post("/sprawdz-fakture/plik/", {"file": files if more else files[0]})


PDF = b"%PDF-1.7 faktura SEAL"


@pytest.fixture
def sealed(invoice: Invoice, seal: Any) -> Invoice:
    SealedDocument.objects.create(invoice=invoice, sha256=hashlib.sha256(PDF).digest(), sealed_at=NOW)
    return invoice


def test_our_file_is_known_by_every_byte(sealed: Invoice) -> None:
    answer = drop(PDF)
    assert title(answer) == "To nasz plik. Nikt go nie zmienił."
    assert "…\u00a02445" in answer.text
    assert NAME not in answer.text


def test_the_file_as_the_billing_system_supplied_it_is_ours(sealed: Invoice) -> None:
    original = b"%PDF-1.4 original"
    SuppliedPdf.objects.create(invoice=sealed, sha256=hashlib.sha256(original).digest(), attached_at=NOW)
    assert title(drop(original)) == "To nasz plik. Nikt go nie zmienił."


def test_one_byte_changed_is_altered_and_no_seal_is_not_ours(sealed: Invoice) -> None:
    assert title(drop(PDF.replace(b"faktura", b"faktusa"))) == "Ten plik ktoś zmienił. Nie płać."
    assert title(drop(b"%PDF-1.7 inna")) == "To nie jest nasz plik"


def test_where_seals_cannot_be_read_nothing_is_said_of_an_unknown_file(sealed: Invoice) -> None:
    class NoKey(OneSeal):
        def inspect(self, pdf: bytes) -> SealFinding:
            raise SealUnavailable

    ports.provide(DocumentSeal, NoKey)
    assert title(drop(b"%PDF-1.7 inna")) == "Nie możemy teraz sprawdzić tego pliku"
    assert title(drop(PDF)) == "To nasz plik. Nikt go nie zmienił."


def test_every_finding_has_its_words_for_both_sides() -> None:
    assert set(FINDINGS) == set(FOUND) == set(Finding)
    assert set(WAYS) == set(CheckWay)
    stops = {finding for finding, words in FINDINGS.items() if words.stops}
    assert stops.isdisjoint({Finding.KNOWN_CODE, Finding.ALL_AGREE, Finding.FILE_UNCHANGED})


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Ten plik jest pusty."), (b"%PDF" + b"0" * (11 * 1024 * 1024), "Ten plik jest za duży.")],
    ids=["empty", "11 MB"],
)
def test_files_that_cannot_be_looked_at(sealed: Invoice, content: bytes, said: str) -> None:
    assert drop(content).text.count(said) == 2


def test_no_file_and_two_files(sealed: Invoice) -> None:
    assert Client().post("/sprawdz-fakture/plik/", {}).text.count("Wybierz plik PDF z fakturą.") == 2
    assert Client().post("/sprawdz-fakture/plik/", {"file": "text"}).text.count("Wybierz plik PDF z fakturą.") == 2
    assert drop(PDF, PDF).text.count("Wybierz jeden plik naraz.") == 2
    two = {"file": SimpleUploadedFile("a.pdf", PDF), "inny": SimpleUploadedFile("b.pdf", PDF)}
    assert Client().post("/sprawdz-fakture/plik/", two).text.count("Wybierz jeden plik naraz.") == 2


BOMB = b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode/Length 9>>stream\n" + zlib.compress(b"0" * 5_000_000) + b"\nendstream"


@pytest.mark.parametrize(
    "content", [b"<html><script>alert(1)</script>", BOMB, b"PK\x03\x04" + b"\x00" * 1000, bytes(range(256)), b"%PDF-"],
    ids=["HTML", "a bomb", "a ZIP", "every byte", "only a header"],
)  # fmt: skip
def test_hostile_files_are_not_ours(sealed: Invoice, content: bytes) -> None:
    answer = drop(content, name="../../<script>.pdf")
    assert title(answer) == "To nie jest nasz plik"
    assert "<script>alert" not in answer.text


def test_a_file_is_never_stored_and_nothing_is_written_by_a_check(sealed: Invoice) -> None:
    before = StoredDocument.objects.count(), AuditRow.objects.count()
    drop(PDF)
    drop(b"%PDF-1.7 inna")
    ask()
    ask(FOREIGN)
    Client().post(f"/f/{a_token(sealed)}/")
    assert (StoredDocument.objects.count(), AuditRow.objects.count(), SuspectReport.objects.count()) == (*before, 0)


# How often


def from_address(n: int) -> Client:
    return Client(REMOTE_ADDR=f"198.51.100.{n}")


def test_guessing_the_amount_of_one_invoice_is_bounded_whoever_asks(invoice: Invoice) -> None:
    answers = [ask(amount=f"{n},00", client=from_address(n)) for n in range(1, 8)]
    assert [title(one) for one in answers[:5]] == ["Kwota się nie zgadza"] * 5
    assert all("Za dużo prób." in one.text for one in answers[5:])
    assert "Za dużo prób." in ask(client=from_address(9)).text


def test_nobody_gets_more_guesses_by_spelling_its_number_otherwise(invoice: Invoice, settings: Settings) -> None:
    settings.EBOK_UTILITY = replace(settings.EBOK_UTILITY, ibans=(OWN, NRB))
    spelled = [*(f"{NUMBER[:n]} {NUMBER[n:]}" for n in range(1, 6)), NUMBER.lower()]
    answers = [ask(number=one, amount=f"{n},00", client=from_address(n)) for n, one in enumerate(spelled)]
    assert [title(one) for one in answers[:5]] == ["Kwota się nie zgadza"] * 5
    assert "Za dużo prób." in answers[5].text


def test_guessing_amounts_on_one_account_is_bounded_whatever_the_invoice(invoice: Invoice) -> None:
    answers = [ask(number=f"FV/{n}", amount=f"{n}", client=from_address(n)) for n in range(1, 7)]
    assert "Za dużo prób." in answers[-1].text
    assert "Nie możemy potwierdzić" in answers[-2].text


def test_a_whole_town_may_ask_about_the_same_foreign_account(invoice: Invoice) -> None:
    answers = [ask(FOREIGN, client=from_address(n)) for n in range(1, 13)]
    assert {title(one) for one in answers} == {"NIE. To nie nasze konto. Nie płać."}


def test_the_utilitys_own_account_is_not_used_up_by_those_who_have_it_on_their_invoices(invoice: Invoice) -> None:
    answers = [ask(OWN, f"FV/{n}", "5", client=from_address(n)) for n in range(1, 9)]
    assert {title(one) for one in answers} == {"Nie możemy potwierdzić"}


def test_one_address_shares_its_tries_with_activation(invoice: Invoice) -> None:
    for n in range(20):
        ask(FOREIGN, f"FV/{n}")
    assert "Za dużo prób." in ask(FOREIGN).text
    claimed = {"account_number": "100001", "invoice_number": NUMBER, "gross_total": "228,44"}
    assert "Za dużo prób." in Client().post("/aktywacja/faktura/", claimed).text
    assert title(ask(FOREIGN, client=from_address(1))) == "NIE. To nie nasze konto. Nie płać."


def test_codes_and_files_are_limited_too(sealed: Invoice) -> None:
    assert "Za dużo prób." not in [drop(PDF) for _ in range(20)][-1].text
    assert "Za dużo prób." in drop(PDF).text
    answers = [Client().post("/f/x/") for _ in range(61)]
    assert [title(one) for one in answers[-2:]] == ["Nie znamy takiego kodu", "Sprawdź kod z faktury"]
    assert "Za dużo prób." in answers[-1].text


# Reports


def press(answer: Any, *, client: Client | None = None) -> Any:
    found = re.search(r'name="report" value="([^"]+)"', answer.text)
    assert found
    return (client or Client()).post("/sprawdz-fakture/zgloszenie/", {"report": found[1]})


def test_a_bad_result_is_reported_in_one_press_and_once(invoice: Invoice) -> None:
    answer = ask(FOREIGN)
    for _ in range(2):
        assert press(answer).url == "/sprawdz-fakture/zgloszone/"
    (report,) = open_reports()
    assert (report.way, report.finding, report.times) == ("typed", "not_our_account", 1)
    assert report.typed == {"account": FOREIGN, "number": NUMBER, "amount": "228,44\u00a0zł"}
    assert AuditRow.objects.filter(action="invoice.reported", actor_kind="anonymous").count() == 1
    assert "Mamy Twoje zgłoszenie" in Client().get("/sprawdz-fakture/zgloszone/").text


def test_of_a_file_only_its_hash_is_kept(sealed: Invoice) -> None:
    content = b"%PDF-1.7 inna"
    press(drop(content))
    (report,) = open_reports()
    assert (report.typed, report.file_sha256) == ({}, hashlib.sha256(content).hexdigest())


def test_a_genuine_code_on_another_paper_is_reported_too(invoice: Invoice) -> None:
    press(Client().post(f"/f/{a_token(invoice)}/"))
    (report,) = open_reports()
    assert (report.finding, report.typed) == ("known_code", {"code": a_token(invoice)})


@pytest.mark.parametrize("sealed_text", ["", "x", "e30=", "ł", "\x00"])
def test_only_what_was_found_here_can_be_reported(sealed_text: str) -> None:
    assert Client().post("/sprawdz-fakture/zgloszenie/", {"report": sealed_text}).url == PAGE
    assert Client().get("/sprawdz-fakture/zgloszenie/").status_code == 405
    assert SuspectReport.objects.count() == 0


def test_a_page_of_the_day_before_yesterday_reports_nothing(invoice: Invoice, time_machine: Any) -> None:
    answer = ask(FOREIGN)
    time_machine.move_to(clock.now() + timedelta(hours=25))
    assert press(answer).url == PAGE
    assert count_open_reports() == 0


def test_reports_are_limited(invoice: Invoice) -> None:
    answers = [ask(FOREIGN, f"FV/{n}") for n in range(12)]
    seen = [press(answer) for answer in answers]
    assert [one.status_code for one in seen] == [302] * 10 + [200] * 2
    assert "Za dużo prób." in seen[-1].text
    assert count_open_reports() == 10


def test_no_pesel_is_kept_in_a_report() -> None:
    report_suspicious(
        way=CheckWay.TYPED, finding=Finding.CANNOT_CONFIRM, typed={"number": "FV 44051401359"}, acting=ACTING, now=NOW
    )
    assert "44051401359" not in str(SuspectReport.objects.get().typed)


def test_the_office_settles_what_says_the_same_at_once_and_only_once(invoice: Invoice) -> None:
    for n in range(1, 4):
        press(ask(FOREIGN, client=from_address(n)), client=from_address(n))
    press(ask(FOREIGN, "FV/9"))
    other, same = open_reports()
    assert (other.times, same.times, count_open_reports()) == (1, 3, 4)
    assert settle_report(report_id=same.id, acting=ACTING, now=NOW) == 3
    assert [one.id for one in open_reports()] == [other.id]
    for wrong in (same.id, 10**9):
        with pytest.raises(UnableToSettleReport):
            settle_report(report_id=wrong, acting=ACTING, now=NOW)
    assert AuditRow.objects.filter(action="invoice.report_settled").count() == 3
