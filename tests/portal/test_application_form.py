"""The application page by page: kept at every step, found again by number and code, sent once."""

import re
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pytest_django import Settings

from ebok.audit.models import AuditRow
from ebok.enrolment.models import Application
from ebok.enrolment.operations import accept_application, ask_applicant, refuse_application
from ebok.enrolment.queries.application_papers import application_pdf
from ebok.foundation import clock
from ebok.foundation.models import LimitCounter
from ebok.notifications.models import OutgoingMessage
from ebok.terms.domain import Section
from ebok.terms.operations import publish_terms
from ebok.terms.queries import terms_in_force
from ebok.web.clause import clause
from tests.billing import an_account
from tests.enrolment import ANYBODY, NIP, PESEL, decide, the_terms

pytestmark = pytest.mark.django_db
PERSON = {"name": "Anna Nowak", "pesel_number": PESEL}
CONTACT = {
    "email": "anna@example.com", "phone": "600 100 200", "street": "ul. Polna", "house": "1", "flat": "",
    "postal_code": "05400", "city": "Otwock",
}  # fmt: skip
ACCOUNTS = {"account_numbers": "100001\n 100002 \n100001"}
WISH = {"role": "owner", "ground": ""}
PAGES: Mapping[str, Mapping[str, str]] = {
    "/wniosek/dane/": PERSON, "/wniosek/kontakt/": CONTACT, "/wniosek/konta/": ACCOUNTS, "/wniosek/dostep/": WISH,
}  # fmt: skip
ALWAYS = ("/wniosek/", "/wniosek/wroc/", "/wniosek/stan/", "/wniosek/formularz/")
OWN = ("/wniosek/dane/", "/wniosek/kontakt/", "/wniosek/konta/", "/wniosek/dostep/", "/wniosek/regulamin/",
       "/wniosek/sprawdz/", "/wniosek/gotowe/", "/wniosek/pdf/", "/wniosek/stan/wycofaj/")  # fmt: skip


@pytest.fixture(autouse=True)
def regulations() -> None:
    the_terms(today=clock.today() - timedelta(days=1), now=clock.now())


def begin(client: Client, kind: str = "person", **more: str) -> None:
    answer = client.post("/wniosek/", {"client_id": str(uuid4()), "kind": kind} | more)
    assert (answer.status_code, answer["Location"]) == (302, "/wniosek/dane/")


def fill(client: Client, *, until: str = "", **changes: Mapping[str, str]) -> None:
    """Answer the pages in their order, up to one."""
    begin(client)
    for path, data in PAGES.items():
        if path == until:
            return
        answer = client.post(path, {**data, **changes.get(path, {})})
        assert answer.status_code == 302, (path, faults(answer.content.decode()))


def agree(client: Client) -> None:
    version = terms_in_force(today=clock.today())
    assert version is not None
    answer = client.post("/wniosek/regulamin/", {"version": version.id, "accepted": "on"})
    assert answer["Location"] == "/wniosek/sprawdz/"


def send(client: Client) -> None:
    fill(client)
    agree(client)
    assert client.post("/wniosek/sprawdz/")["Location"] == "/wniosek/gotowe/"


def shown(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def faults(page: str) -> list[str]:
    return re.findall(r'<a href="#id_[^"]*">([^<]*)</a>', page)


def number_and_code(client: Client, path: str = "/wniosek/dane/") -> tuple[str, str]:
    page = shown(client, path)
    number, code = re.search(r"EB/\d{4}/\d{6}", page), re.search(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}", page)
    assert number
    assert code
    return number[0], code[0]


def test_the_whole_way_from_the_first_page_to_the_confirmation(client: Client) -> None:
    send(client)
    row = Application.objects.get()
    assert (row.state, row.account_numbers, row.phone, row.postal_code) == (
        "received", ["100001", "100002"], "+48600100200", "05-400",
    )  # fmt: skip
    page = shown(client, "/wniosek/gotowe/")
    number, code = number_and_code(client, "/wniosek/gotowe/")
    assert number == row.number
    assert "Odpowiemy do" in page
    message = OutgoingMessage.objects.get()
    assert (message.recipient, message.context) == ("anna@example.com", {"number": number, "code": code})


def test_nothing_is_begun_by_looking(client: Client) -> None:
    for path in (*ALWAYS, *OWN):
        client.get(path)
    assert Application.objects.count() == 0


def test_the_same_first_page_sent_twice_begins_one_application(client: Client) -> None:
    first = {"client_id": str(uuid4()), "kind": "person"}
    other = Client()
    for browser in (client, other, client):
        assert browser.post("/wniosek/", first).status_code == 302
    assert Application.objects.count() == 1
    assert number_and_code(client) == number_and_code(other)


def test_sending_twice_sends_once(client: Client) -> None:
    send(client)
    assert client.post("/wniosek/sprawdz/")["Location"] == "/wniosek/stan/"
    assert (Application.objects.get().steps_taken, OutgoingMessage.objects.count()) == (1, 1)


@pytest.mark.parametrize("path", OWN)
def test_without_an_application_every_page_of_it_leads_to_number_and_code(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] in {"/wniosek/wroc/", "/wniosek/stan/", "/wniosek/"}


def test_no_page_can_be_skipped(client: Client) -> None:
    begin(client)
    for path in (
        "/wniosek/kontakt/",
        "/wniosek/konta/",
        "/wniosek/dostep/",
        "/wniosek/regulamin/",
        "/wniosek/sprawdz/",
    ):
        assert client.get(path)["Location"] == "/wniosek/dane/", path
        assert client.post(path, {"accepted": "on"})["Location"] == "/wniosek/dane/", path
    assert Application.objects.get().state == "draft"


def test_the_regulations_are_accepted_before_checking_and_never_ticked_beforehand(client: Client) -> None:
    fill(client)
    assert client.get("/wniosek/sprawdz/")["Location"] == "/wniosek/regulamin/"
    page = shown(client, "/wniosek/regulamin/")
    assert 'name="accepted"' in page
    assert "checked" not in page
    assert "administratorem Państwa danych osobowych jest" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    again = client.post("/wniosek/regulamin/", {"version": version[1]}).content.decode()
    assert faults(again) == ["Zaznacz, że akceptujesz regulamin. Bez tego nie przyjmiemy wniosku."]
    for odd in ("", "x", "999999", "1" * 500):
        page = client.post("/wniosek/regulamin/", {"version": odd, "accepted": "on"}).content.decode()
        assert "alert" in page
        assert client.get("/wniosek/sprawdz/")["Location"] == "/wniosek/regulamin/"


def test_going_back_keeps_every_answer_and_a_change_is_kept_too(client: Client) -> None:
    fill(client)
    assert 'value="Anna Nowak"' in shown(client, "/wniosek/dane/")
    page = shown(client, "/wniosek/kontakt/")
    for said in ("anna@example.com", "600 100 200", "ul. Polna", "05-400", "Otwock"):
        assert f'value="{said}"' in page
    assert "100001\n100002" in shown(client, "/wniosek/konta/")
    client.post("/wniosek/", {"client_id": str(uuid4()), "kind": "organization"})
    assert Application.objects.get().kind == "organization"
    assert 'name="nip"' in shown(client, "/wniosek/dane/")


def test_who_changes_one_answer_comes_straight_back_to_check(client: Client) -> None:
    fill(client)
    agree(client)
    answer = client.post("/wniosek/kontakt/", {**CONTACT, "city": "Józefów"})
    assert answer["Location"] == "/wniosek/sprawdz/"
    assert "Józefów" in shown(client, "/wniosek/sprawdz/")


def test_a_pesel_is_never_shown_again_and_stays_when_none_is_typed(client: Client) -> None:
    fill(client)
    kept = Application.objects.get().pesel_hmac
    page = shown(client, "/wniosek/dane/")
    assert PESEL not in page
    assert "Już go mamy" in page
    client.post("/wniosek/dane/", {"name": "Anna Maria Nowak", "pesel_number": ""})
    row = Application.objects.get()
    assert (row.name, bytes(row.pesel_hmac or b"")) == ("Anna Maria Nowak", bytes(kept or b""))
    agree(client)
    assert PESEL not in shown(client, "/wniosek/sprawdz/")
    assert PESEL not in str(list(AuditRow.objects.values()))


def test_an_organization_says_its_nip_and_who_acts_for_it(client: Client) -> None:
    begin(client, "organization")
    page = client.post("/wniosek/dane/", {"name": "Wspólnota Polna 1", "nip": "123"}).content.decode()
    assert faults(page) == [
        "Sprawdź cyfry: NIP ma ich 10 i jedna z nich się nie zgadza.",
        "Wpisz imię i nazwisko osoby, która działa za organizację.",
        "Wybierz podstawę.",
    ]
    data = {"name": "Wspólnota Polna 1", "nip": f"PL {NIP}", "representative": "Jan Kowalski", "basis": "community"}
    assert client.post("/wniosek/dane/", data).status_code == 302
    row = Application.objects.get()
    assert (row.nip, row.basis, row.pesel_hmac) == (NIP, "community", None)


def test_a_draft_is_found_again_on_another_device(client: Client) -> None:
    fill(client, until="/wniosek/konta/")
    number, code = number_and_code(client)
    other = Client()
    typed = {"number": number.lower().replace("/", " "), "code": code.replace("-", " ").lower()}
    assert other.post("/wniosek/wroc/", typed)["Location"] == "/wniosek/konta/"
    assert 'value="Anna Nowak"' in shown(other, "/wniosek/dane/")


def test_the_code_never_stands_in_the_session_or_in_an_address(client: Client) -> None:
    send(client)
    _, code = number_and_code(client, "/wniosek/gotowe/")
    held = str(dict(client.session))
    assert code not in held
    assert code.replace("-", "") not in held


@pytest.mark.parametrize("path", ["/wniosek/wroc/", "/wniosek/stan/"])
def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(client: Client, path: str) -> None:
    begin(client)
    number, code = number_and_code(client)
    pages = set()
    for typed in ((number, "0" * 20), ("EB/2026/999999", code), ("x", "y"), (number, "zł\u0142o"), ("9" * 3000, code)):
        answer = Client().post(path, {"number": typed[0], "code": typed[1]})
        said = faults(answer.content.decode())
        pages.add((answer.status_code, tuple(said)))
    assert pages == {(200, ("Ten numer i kod do siebie nie pasują. Sprawdź je albo zadzwoń do nas.",))}


def test_codes_cannot_be_guessed_for_long_and_right_ones_do_not_count(client: Client) -> None:
    begin(client)
    number, code = number_and_code(client)
    for _ in range(12):
        assert Client().post("/wniosek/stan/", {"number": number, "code": code}).status_code == 302
    for _ in range(10):
        client.post("/wniosek/wroc/", {"number": number, "code": "0" * 20})
    page = client.post("/wniosek/wroc/", {"number": number, "code": code}).content.decode()
    assert faults(page) == ["Za dużo prób. Odczekaj ponad godzinę albo zadzwoń do nas."]
    LimitCounter.objects.all().delete()
    assert client.post("/wniosek/wroc/", {"number": number, "code": code}).status_code == 302


def test_from_one_place_only_so_many_applications_begin_in_an_hour() -> None:
    for _ in range(20):
        begin(Client())
    page = Client().post("/wniosek/", {"client_id": str(uuid4()), "kind": "person"}).content.decode()
    assert faults(page) == ["Za dużo wniosków z tego miejsca. Odczekaj ponad godzinę albo zadzwoń do nas."]
    assert Application.objects.count() == 20


def test_nobody_s_mailbox_is_filled_with_our_messages() -> None:
    for _ in range(5):
        send(Client())
    sixth = Client()
    fill(sixth)
    agree(sixth)
    assert "wysłano dziś już kilka wniosków" in sixth.post("/wniosek/sprawdz/").content.decode()
    assert OutgoingMessage.objects.count() == 5


def test_the_state_is_told_in_words_and_a_question_is_answered_without_a_login(client: Client) -> None:
    send(client)
    assert "Sprawdzamy wniosek" in shown(client, "/wniosek/stan/")
    decide(ask_applicant, Application.objects.get().pk, question="Który <adres>?", note="wewnętrzna")
    page = shown(client, "/wniosek/stan/")
    assert "Który &lt;adres&gt;?" in page
    assert "wewnętrzna" not in page
    for empty in ("", "   "):
        again = client.post("/wniosek/stan/odpowiedz/", {"answer": empty}).content.decode()
        assert faults(again) == ["Wpisz odpowiedź."]
    assert client.post("/wniosek/stan/odpowiedz/", {"answer": "Polna 1"}).status_code == 302
    assert "Sprawdzamy Twoją odpowiedź" in shown(client, "/wniosek/stan/")
    client.post("/wniosek/stan/odpowiedz/", {"answer": "jeszcze raz"})
    assert "Wniosek zmienił się w międzyczasie" in shown(client, "/wniosek/stan/")


def test_a_refusal_says_why_and_an_acceptance_where_the_code_is(client: Client) -> None:
    send(client)
    decide(refuse_application, Application.objects.get().pk, reason="Nie ma takiej umowy.")
    assert "Nie ma takiej umowy." in shown(client, "/wniosek/stan/")
    other = Client()
    account = an_account()
    send(other)
    decide(accept_application, Application.objects.latest("id").pk, account_ids=[account])
    page = shown(other, "/wniosek/stan/")
    assert "Kod aktywacyjny jest w e-mailu." in page
    assert 'href="/aktywacja/list/"' in page


def test_withdrawing_asks_once(client: Client) -> None:
    send(client)
    assert "Wycofać wniosek?" in shown(client, "/wniosek/stan/wycofaj/")
    assert Application.objects.get().state == "received"
    client.post("/wniosek/stan/wycofaj/")
    assert Application.objects.get().state == "withdrawn"
    assert client.get("/wniosek/stan/wycofaj/")["Location"] == "/wniosek/stan/"


def test_leaving_forgets_the_application_on_this_device_only(client: Client) -> None:
    begin(client)
    client.post("/wniosek/zakoncz/")
    assert client.get("/wniosek/dane/")["Location"] == "/wniosek/wroc/"
    assert Application.objects.count() == 1


def test_an_application_and_the_empty_form_are_files_to_save(client: Client) -> None:
    fill(client)
    for path, name in (("/wniosek/pdf/", "wniosek-EB-"), ("/wniosek/formularz/", "formularz-ebok.pdf")):
        answer = client.get(path)
        assert answer.content.startswith(b"%PDF-1.")
        assert answer["Content-Disposition"].startswith(f'attachment; filename="{name}')
        assert answer["Cache-Control"] == "no-store"


def test_the_file_of_a_sent_application_names_what_was_accepted_then(client: Client) -> None:
    send(client)
    tomorrow = clock.today() + timedelta(days=1)
    publish_terms(
        text="## § 1\n\nInne.\n", title="Regulamin eBOK", version="99", valid_from=tomorrow, today=clock.today(),
        acting=ANYBODY, now=clock.now(),
    )  # fmt: skip
    row = Application.objects.get()
    versions: list[str] = []

    def clause_of(version: str) -> tuple[Section, ...]:
        versions.append(version)
        return clause()

    made = application_pdf(application_id=row.id, clause_of=clause_of, site="https://ebok.example", today=tomorrow)
    assert made is not None
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages).split())
    assert "Akceptuję Regulamin eBOK, wersja 1." in words
    assert versions == [row.clause_version]


def test_there_is_no_clause_that_was_never_ours() -> None:
    assert clause(version="1999-01-01") == ()


def test_files_have_a_limit_too(client: Client, settings: Settings) -> None:
    client.get("/wniosek/formularz/")
    LimitCounter.objects.update(used=60)
    assert client.get("/wniosek/formularz/").status_code == 429


def test_a_forgotten_draft_leads_back_to_the_beginning(client: Client) -> None:
    begin(client)
    Application.objects.all().delete()
    assert client.get("/wniosek/dane/")["Location"] == "/wniosek/wroc/"
    begin(client)


def test_regulations_that_change_before_sending_are_accepted_anew(client: Client) -> None:
    fill(client)
    agree(client)
    publish_terms(
        text="## § 1\n\nNowe.\n", title="Regulamin eBOK", version="2", valid_from=clock.today(), today=clock.today(),
        acting=ANYBODY, now=clock.now(),
    )  # fmt: skip
    assert client.post("/wniosek/sprawdz/")["Location"] == "/wniosek/regulamin/"
    page = shown(client, "/wniosek/regulamin/")
    assert "wersja 2" in page
    assert "Regulamin właśnie się zmienił" in page
    assert Application.objects.get().state == "draft"
    agree(client)
    assert client.post("/wniosek/sprawdz/")["Location"] == "/wniosek/gotowe/"


@pytest.mark.parametrize("path", [*ALWAYS, *OWN, "/wniosek/zakoncz/", "/wniosek/stan/odpowiedz/"])
def test_switched_off_there_is_no_such_page_for_any_verb(client: Client, settings: Settings, path: str) -> None:
    begin(client)
    settings.EBOK_APPLICATIONS = False
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)


def test_switched_off_no_link_leads_there(client: Client, settings: Settings) -> None:
    for path in ("/", "/dokumenty/"):
        assert 'href="/wniosek/' in shown(client, path)
    settings.EBOK_APPLICATIONS = False
    for path in ("/", "/dokumenty/"):
        assert "/wniosek/" not in shown(client, path)


@pytest.mark.parametrize("verb", ["put", "delete", "patch"])
def test_no_other_verbs_are_taken(client: Client, verb: str) -> None:
    begin(client)
    for path in (*ALWAYS, *OWN):
        assert getattr(client, verb)(path).status_code == 405, path


def test_a_form_of_another_site_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/wniosek/", {"client_id": str(uuid4()), "kind": "person"}).status_code == 403
    assert Application.objects.count() == 0


FIELDS = [(path, name) for path, data in PAGES.items() for name in data]
ODD = {
    "over-long": "9" * 5_000, "nul": "a\0b", "control": "a\x1bb", "hidden": "Anna\u202eNowak", "cyrillic": "Аnna",
    "full-width": "１２３４５", "html": "<script>alert(1)</script>", "sql": "' OR 1=1 --", "emoji": "😀" * 10,
    "lone surrogate-like": "\ufffe", "newline": "a\nb", "empty": "", "spaces": "   ",
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD.values(), ids=list(ODD))
def test_whatever_is_typed_the_answer_is_a_page_and_nothing_typed_is_lost(odd: str) -> None:
    client = Client()
    fill(client)
    for path, name in FIELDS:
        answer = client.post(path, {**PAGES[path], name: odd})
        assert answer.status_code in {200, 302}, (path, name)
        page = answer.content.decode()
        if answer.status_code == 200:
            assert faults(page), (path, name)
            for other, value in PAGES[path].items():
                if other != name and value and "\n" not in value and other != "role":
                    assert value in page, (path, name, other)
        assert "<script>alert" not in page


def test_fields_that_are_missing_or_come_twice_are_answered_too(client: Client) -> None:
    fill(client)
    for path, data in PAGES.items():
        assert client.post(path, {}).status_code == 200
        twice = {name: [value, value] for name, value in data.items()}
        assert client.post(path, twice).status_code == 302
    for broken in ({}, {"kind": "person"}, {"client_id": "x", "kind": "x"}, {"client_id": "\0", "kind": "\0"}):
        page = client.post("/wniosek/", broken)
        assert page.status_code == 200


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(field=st.sampled_from(FIELDS), text=st.text(max_size=60))
def test_no_text_at_all_breaks_a_field(field: tuple[str, str], text: str) -> None:
    client = Client()
    LimitCounter.objects.all().delete()
    fill(client)
    path, name = field
    assert client.post(path, {**PAGES[path], name: text}).status_code in {200, 302}


@pytest.mark.parametrize(
    ("path", "name", "typed", "sentence"),
    [
        ("/wniosek/dane/", "name", "Аnna Nowak", "innego alfabetu"),
        ("/wniosek/dane/", "pesel_number", "44051401358", "PESEL ma ich 11"),
        ("/wniosek/kontakt/", "email", "anna@", "Wpisz e-mail w całości"),
        ("/wniosek/kontakt/", "email", "аnna@example.com", "Wpisz e-mail w całości"),
        ("/wniosek/kontakt/", "phone", "12", "Polski ma 9 cyfr"),
        ("/wniosek/kontakt/", "postal_code", "0540", "Kod pocztowy ma 5 cyfr"),
        ("/wniosek/konta/", "account_numbers", "\n".join(str(n) for n in range(21)), "najwyżej 20 numerów"),
        ("/wniosek/konta/", "account_numbers", "1" * 65, "za długi numer"),
        ("/wniosek/konta/", "account_numbers", "000100099 junk", "„junk”: to nie jest numer konta"),
        ("/wniosek/konta/", "account_numbers", " ,\n;", "Wpisz numer konta klienta"),
        ("/wniosek/dostep/", "role", "king", "Wybierz, jaki dostęp"),
        ("/wniosek/dostep/", "role", "payer", "na jakiej podstawie"),
    ],
)
def test_each_fault_is_told_at_its_field_with_the_cure(
    client: Client, path: str, name: str, typed: str, sentence: str
) -> None:
    fill(client)
    page = client.post(path, {**PAGES[path], name: typed}).content.decode()
    assert page.count("Błąd: ") >= 1
    assert any(sentence in fault for fault in faults(page)), faults(page)


def test_an_e_mail_or_a_phone_is_enough_and_one_is_needed(client: Client) -> None:
    fill(client)
    page = client.post("/wniosek/kontakt/", {**CONTACT, "email": "", "phone": ""}).content.decode()
    assert faults(page) == ["Wpisz e-mail albo telefon."]
    for one in ({"email": ""}, {"phone": ""}):
        assert client.post("/wniosek/kontakt/", {**CONTACT, **one}).status_code == 302
