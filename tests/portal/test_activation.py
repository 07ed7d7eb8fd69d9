"""The ways to a login as people meet them: who gets through, what is said to the others, what is never told."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from ebok.access.domain import grouped
from ebok.access.models import AccessRequest, Grant, User
from ebok.customers.models import CustomerAccount
from ebok.enrolment.domain import Delivery
from ebok.enrolment.models import ActivationCode, Proof
from ebok.enrolment.operations import make_activation_code, prove_by_invoice
from ebok.foundation import clock
from ebok.terms.models import TermsAcceptance
from tests.activation import (
    CLERK,
    NEWEST,
    NUMBER,
    PASSWORD,
    PESEL,
    POSTAL_CODE,
    SECOND,
    a_holder,
    account_id,
    an_application,
    codes_sent,
    her_invoices,
    regulations,
)
from tests.portal.customers import a_customer

pytestmark = pytest.mark.django_db
INVOICE = {"account_number": NUMBER, "invoice_number": NEWEST.number, "gross_total": NEWEST.gross}
DATA = {"account_number": NUMBER, "identifier": PESEL}
ORDER = {"account_number": NUMBER, "postal_code": POSTAL_CODE}
LOGIN = {"full_name": "Anna Nowak", "username": "anna", "new_password": PASSWORD}
REFUSED = "Te dane do siebie nie pasują."
TOO_MANY = "Za dużo prób."
LOGIN_PAGE = "/aktywacja/login/"
PATHS = ("/aktywacja/faktura/", "/aktywacja/list/", "/aktywacja/list/zamow/", "/aktywacja/dane/")


@pytest.fixture
def anna() -> int:
    return a_holder()


def a_code() -> str:
    made = make_activation_code(account_ids=[account_id()], delivery=Delivery.LETTER, acting=CLERK, now=clock.now())
    return made.code


def with_proof(client: Client) -> Client:
    """The client has just typed the code of a letter."""
    answer = client.post("/aktywacja/list/", {"account_number": NUMBER, "code": a_code()})
    assert answer.url == LOGIN_PAGE
    return client


def errors(answer) -> dict[str, list[str]]:
    return {name: list(said) for name, said in answer.context["form"].errors.items()}


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    now = clock.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "now", lambda: now)


# The ways


@pytest.mark.parametrize("told", [NEWEST, SECOND])
def test_an_invoice_leads_to_the_login(client: Client, anna: int, told) -> None:
    her_invoices()
    typed = INVOICE | {"invoice_number": f" {told.number.lower()} ", "gross_total": f"{told.gross} zł"}
    assert client.post("/aktywacja/faktura/", typed).url == LOGIN_PAGE
    assert NUMBER in client.get(LOGIN_PAGE).content.decode()


def test_a_letters_code_leads_to_the_login_however_it_is_grouped(client: Client, anna: int) -> None:
    typed = f" {grouped(a_code()).lower().replace('-', ' – ')} "
    assert client.post("/aktywacja/list/", {"account_number": NUMBER, "code": typed}).url == LOGIN_PAGE


def test_data_on_file_and_the_code_that_came_lead_to_the_login(client: Client, anna: int) -> None:
    assert client.post("/aktywacja/dane/", DATA).url == "/aktywacja/dane/kod/"
    code = codes_sent()[0][2]
    answer = client.post("/aktywacja/dane/kod/", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.url == LOGIN_PAGE


def test_a_letter_is_ordered(client: Client, anna: int) -> None:
    assert (
        client.post("/aktywacja/list/zamow/", ORDER | {"postal_code": "05400"}).url == "/aktywacja/list/zamow/gotowe/"
    )
    assert ActivationCode.objects.count() == 1
    assert "Jeśli dane się zgadzają" in client.get("/aktywacja/list/zamow/gotowe/").content.decode()


WRONG: dict[str, tuple[str, dict[str, str]]] = {
    "another amount": ("/aktywacja/faktura/", INVOICE | {"gross_total": "1,00"}),
    "another invoice": ("/aktywacja/faktura/", INVOICE | {"invoice_number": "FV/9"}),
    "another account": ("/aktywacja/faktura/", INVOICE | {"account_number": "999999"}),
    "another code": ("/aktywacja/list/", {"account_number": NUMBER, "code": "0" * 20}),
    "a code for no account": ("/aktywacja/list/", {"account_number": "999999", "code": "0" * 20}),
}


def test_whatever_does_not_fit_the_answer_is_one_and_shows_the_phone(client: Client, anna: int, settings) -> None:
    her_invoices()
    said = set()
    for path, typed in WRONG.values():
        answer = client.post(path, typed)
        assert answer.status_code == 200
        said.add(errors(answer)["__all__"][0])
        assert all(value in answer.content.decode() for value in typed.values())
    assert len(said) == 1
    assert next(iter(said)).startswith(REFUSED)
    assert settings.EBOK_UTILITY.phone in next(iter(said))
    assert Proof.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "right", "wrong"),
    [
        ("/aktywacja/dane/", DATA, DATA | {"account_number": "999999"}),
        ("/aktywacja/dane/", DATA, DATA | {"identifier": "5261040828"}),
        ("/aktywacja/list/zamow/", ORDER, ORDER | {"account_number": "999999"}),
        ("/aktywacja/list/zamow/", ORDER, ORDER | {"postal_code": "00-001"}),
    ],
)
def test_right_and_wrong_data_are_answered_alike(client: Client, anna: int, path: str, right, wrong) -> None:
    answers = [client.post(path, typed) for typed in (right, wrong)]
    pages = [client.get(answer.url).content for answer in answers]
    assert answers[0].url == answers[1].url
    assert len(pages[0]) == len(pages[1])


def test_a_code_for_nobody_is_refused_like_a_wrong_one(client: Client, anna: int) -> None:
    said = []
    for number in (NUMBER, "999999"):
        client.post("/aktywacja/dane/", DATA | {"account_number": number})
        said.append(errors(client.post("/aktywacja/dane/kod/", {"code": "000000"})))
    assert said[0] == said[1]


def test_the_code_page_without_an_asking_leads_back(client: Client) -> None:
    assert client.get("/aktywacja/dane/kod/").url == "/aktywacja/dane/"
    assert client.post("/aktywacja/dane/kod/", {"code": "000000"}).url == "/aktywacja/dane/"


# Bad input

TYPED = {
    "account_number": ["", "\x00", "1" * 300, "１０００01", "10000\u200b1", "А-1"],
    "invoice_number": ["", "FV/1\x00", "F" * 300, "FА/1", "\u202e"],
    "gross_total": ["", "sto", "-5", "２２８,44", "1e5", "9" * 99, "\x00", "1.234"],
    "code": ["", "1", "\x00" * 20, "Ж" * 20, "0" * 5000],
    "identifier": ["", "44051401358", "４４０５１４０１３５９", "1" * 500, "\x00"],
    "postal_code": ["", "0540", "０5-400", "05-400\x00", "x" * 999],
}
FORMS: dict[str, dict[str, str]] = {
    "/aktywacja/faktura/": INVOICE,
    "/aktywacja/list/": {"account_number": NUMBER, "code": "0" * 20},
    "/aktywacja/list/zamow/": ORDER,
    "/aktywacja/dane/": DATA,
}
BAD = [
    pytest.param(path, field, value, id=f"{path}{field} {at}")
    for path, good in FORMS.items()
    for field in good
    for at, value in enumerate(TYPED[field])
]


@pytest.mark.parametrize(("path", "field", "value"), BAD)
def test_bad_input_gets_a_sentence_at_the_field(client: Client, path: str, field: str, value: str) -> None:
    answer = client.post(path, FORMS[path] | {field: value})
    assert answer.status_code == 200
    ((named, (sentence, *rest)),) = errors(answer).items()
    assert (named, rest) == (field, [])
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "Null" not in sentence
    kept = {name: text for name, text in FORMS[path].items() if name != field}
    assert all(f'value="{text}"' in answer.content.decode() for text in kept.values())


@pytest.mark.parametrize("path", FORMS)
def test_an_empty_and_a_repeated_form_are_answered(client: Client, path: str) -> None:
    assert set(errors(client.post(path, {}))) == set(FORMS[path])
    repeated = {name: [value, value] for name, value in FORMS[path].items()}
    assert client.post(path, repeated).status_code in {200, 302}


# How often


def test_the_sixth_try_of_one_account_in_an_hour_is_refused_on_every_way(client: Client, anna: int) -> None:
    her_invoices()
    for _ in range(5):
        client.post("/aktywacja/list/", {"account_number": f" {NUMBER} ", "code": "0" * 20})
    for path, typed in FORMS.items():
        assert errors(client.post(path, typed))["__all__"][0].startswith(TOO_MANY), path
    assert Proof.objects.count() == 0


def test_one_address_tries_twenty_accounts_an_hour(client: Client) -> None:
    for number in range(20):
        client.post("/aktywacja/faktura/", INVOICE | {"account_number": str(number)})
    assert TOO_MANY in errors(client.post("/aktywacja/dane/", DATA))["__all__"][0]


def test_a_try_that_is_not_even_well_written_does_not_count(client: Client, anna: int) -> None:
    for _ in range(30):
        client.post("/aktywacja/faktura/", INVOICE | {"gross_total": "x"})
    her_invoices()
    assert client.post("/aktywacja/faktura/", INVOICE).status_code == 302


# Switched off


@pytest.mark.parametrize(
    ("off", "gone"),
    [
        ({"EBOK_ACTIVATION_INVOICE": False}, ["/aktywacja/faktura/"]),
        ({"EBOK_ACTIVATION_LETTER": False}, ["/aktywacja/list/zamow/", "/aktywacja/list/zamow/gotowe/"]),
        ({"EBOK_ACTIVATION_LETTER": False, "EBOK_APPLICATIONS": False}, ["/aktywacja/list/"]),
        ({"EBOK_ACTIVATION_DATA": False}, ["/aktywacja/dane/", "/aktywacja/dane/kod/"]),
    ],
)
def test_a_way_switched_off_does_not_exist(client: Client, settings: Settings, off, gone: list[str]) -> None:
    for name, value in off.items():
        setattr(settings, name, value)
    page = client.get("/aktywacja/").content.decode()
    for path in gone:
        assert client.get(path).status_code == 404
        assert client.post(path, INVOICE).status_code == 404
        assert f'href="{path}"' not in page


def test_with_letters_switched_off_only_answers_to_applications_are_taken(client: Client, anna: int, settings) -> None:
    settings.EBOK_ACTIVATION_LETTER = False
    of_letter = a_code()
    of_application = make_activation_code(
        account_ids=[anna], delivery=Delivery.EMAIL, application_id=an_application(), acting=CLERK, now=clock.now()
    ).code
    typed = {"account_number": NUMBER, "code": of_letter}
    assert errors(client.post("/aktywacja/list/", typed))["__all__"][0].startswith(REFUSED)
    assert client.post("/aktywacja/list/", typed | {"code": of_application}).url == LOGIN_PAGE


def test_the_chooser_shows_every_way_that_is_open(client: Client) -> None:
    page = client.get("/aktywacja/").content.decode()
    assert [path for path in (*PATHS, "/wniosek/") if f'href="{path}"' not in page] == []


@pytest.mark.parametrize("path", ["/", "/logowanie/"])
def test_people_without_a_login_are_led_to_the_ways(client: Client, path: str) -> None:
    assert 'href="/aktywacja/"' in client.get(path).content.decode()


# The login


def test_a_new_login_owns_the_account_and_is_signed_in(client: Client, anna: int) -> None:
    with_proof(client)
    assert client.post(LOGIN_PAGE, LOGIN).url == "/aktywacja/gotowe/"
    assert Grant.objects.get().user.username == "anna"
    done = client.get("/aktywacja/gotowe/").content.decode()
    assert f"Konto {NUMBER} jest Twoje" in done
    assert 'href="/ja/email/"' in done
    assert client.get("/panel/").status_code == 200


def test_an_account_that_has_an_owner_is_asked_for(client: Client, anna: int) -> None:
    with_proof(client).post(LOGIN_PAGE, LOGIN)
    other = with_proof(Client())
    other.post(LOGIN_PAGE, LOGIN | {"username": "piotr"})
    assert "ma już właściciela" in other.get("/aktywacja/gotowe/").content.decode()
    assert AccessRequest.objects.get().user.username == "piotr"
    assert Grant.objects.count() == 1


def test_many_accounts_are_counted_not_listed(client: Client) -> None:
    ids = [a_holder(str(200_000 + n)) for n in range(40)]
    code = make_activation_code(
        account_ids=ids, delivery=Delivery.HANDED, application_id=an_application(), acting=CLERK, now=clock.now()
    ).code
    client.post("/aktywacja/list/", {"account_number": "200039", "code": code})
    assert "200000, 200001, 200002, 200003, 200004 i jeszcze 35" in client.get(LOGIN_PAGE).content.decode()
    client.post(LOGIN_PAGE, LOGIN)
    page = client.get("/aktywacja/gotowe/").content.decode()
    assert "Konta 200000, 200001, 200002, 200003, 200004 i jeszcze 35 są Twoje" in page
    assert Grant.objects.count() == 40


def test_somebody_signed_in_adds_the_account_with_one_press(anna: int) -> None:
    client = with_proof(a_customer("maria"))
    assert "maria" in client.get(LOGIN_PAGE).content.decode()
    assert client.post(LOGIN_PAGE, {}).url == "/aktywacja/gotowe/"
    assert Grant.objects.get().user.username == "maria"


def test_a_proof_survives_signing_in_with_a_login_one_has(client: Client, anna: int) -> None:
    a_customer("maria")
    with_proof(client)
    answer = client.post("/logowanie/", {"login": "maria", "password": PASSWORD, "next": LOGIN_PAGE})
    assert answer.url == LOGIN_PAGE
    assert client.post(LOGIN_PAGE, {}).url == "/aktywacja/gotowe/"
    assert Grant.objects.get().user.username == "maria"


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_login_without_a_proof_leads_back_to_the_ways(client: Client, method: str) -> None:
    answer = getattr(client, method)(LOGIN_PAGE, LOGIN)
    assert answer.url == "/aktywacja/"
    assert "Zacznij jeszcze raz" in client.get("/aktywacja/").content.decode()
    assert User.objects.count() == 0


def test_a_proof_older_than_half_an_hour_leads_back(client: Client, anna: int, monkeypatch) -> None:
    with_proof(client)
    later(monkeypatch, 31)
    assert client.post(LOGIN_PAGE, LOGIN).url == "/aktywacja/"
    assert User.objects.count() == 0


def test_the_same_form_sent_twice_makes_one_login(client: Client, anna: int) -> None:
    with_proof(client).post(LOGIN_PAGE, LOGIN)
    assert client.post(LOGIN_PAGE, LOGIN | {"username": "piotr"}).url == "/aktywacja/"
    assert User.objects.count() == 1


def test_a_code_somebody_else_has_used_meanwhile_leads_back_and_says_so(client: Client, anna: int) -> None:
    code, other = a_code(), Client()
    for one in (client, other):
        one.post("/aktywacja/list/", {"account_number": NUMBER, "code": code})
    client.post(LOGIN_PAGE, LOGIN)
    assert other.post(LOGIN_PAGE, LOGIN | {"username": "piotr"}).url == "/aktywacja/"
    assert "Ten kod jest już użyty" in other.get("/aktywacja/").content.decode()


def test_looking_at_the_login_changes_nothing_as_scanners_do(client: Client, anna: int) -> None:
    with_proof(client)
    for _ in range(3):
        assert client.get(LOGIN_PAGE).status_code == 200
    assert client.post(LOGIN_PAGE, LOGIN).url == "/aktywacja/gotowe/"


def test_a_proof_moves_the_session_to_a_new_id(client: Client, anna: int) -> None:
    client.get("/aktywacja/")
    session = client.session
    session["kept"] = 1
    session.save()
    client.cookies["ebok-session"] = session.session_key
    with_proof(client)
    assert client.session.session_key != session.session_key


BAD_LOGINS: dict[str, dict[str, str]] = {
    "no name": {"full_name": ""},
    "the address of a page as a name": {"full_name": "BOK bok.pl"},
    "a name with NUL": {"full_name": "An\x00na"},
    "a name of thousands": {"full_name": "A" * 5000},
    "no login": {"username": ""},
    "an e-mail as login": {"username": "anna@example.com"},
    "a login with spaces": {"username": "anna nowak"},
    "a login with Polish letters": {"username": "żaneta"},
    "one letter": {"username": "a"},
    "a NUL": {"username": "an\x00na"},
    "a very long login": {"username": "a" * 5000},
    "look-alikes": {"username": "аnna"},
    "no password": {"new_password": ""},
    "a short password": {"new_password": "short"},
    "a password of thousands": {"new_password": "x1y2z3" * 999},
    "a password of one's own login": {"username": "zielonytraktor", "new_password": "zielonytraktor"},
}


@pytest.mark.parametrize("change", BAD_LOGINS.values(), ids=list(BAD_LOGINS))
def test_a_login_that_cannot_be_made_gets_a_sentence_and_keeps_the_proof(client: Client, anna: int, change) -> None:
    with_proof(client)
    answer = client.post(LOGIN_PAGE, LOGIN | change)
    assert answer.status_code == 200
    assert set(errors(answer)) <= {"full_name", "username", "new_password"}
    assert errors(answer)
    assert client.post(LOGIN_PAGE, LOGIN).url == "/aktywacja/gotowe/"


def test_a_login_that_is_taken_is_said_only_to_somebody_with_a_proof(client: Client, anna: int) -> None:
    a_customer("anna")
    with_proof(client)
    assert "zajęty" in errors(client.post(LOGIN_PAGE, LOGIN))["username"][0]


def test_nobody_asks_sixty_times_which_logins_are_taken(client: Client, anna: int) -> None:
    with_proof(client)
    for _ in range(60):
        client.post(LOGIN_PAGE, LOGIN | {"username": "a"})
    assert TOO_MANY in errors(client.post(LOGIN_PAGE, LOGIN))["__all__"][0]


# The regulations


def test_the_regulations_are_never_ticked_beforehand_and_must_be(client: Client, anna: int) -> None:
    regulations()
    with_proof(client)
    page = client.get(LOGIN_PAGE).content.decode()
    assert 'name="accepts"' in page
    assert "checked" not in page
    answer = client.post(LOGIN_PAGE, LOGIN | {"version": page.split('name="version" value="')[1].split('"')[0]})
    assert list(errors(answer)) == ["accepts"]
    assert User.objects.count() == 0


def test_accepting_them_is_written_down(client: Client, anna: int) -> None:
    terms = regulations()
    with_proof(client).post(LOGIN_PAGE, LOGIN | {"accepts": "on", "version": str(terms.id)})
    assert TermsAcceptance.objects.get().version_id == terms.id


@pytest.mark.parametrize("version", ["", "0", "999999", "x", "\x00", "9" * 40])
def test_other_regulations_than_those_in_force_are_shown_anew(client: Client, anna: int, version: str) -> None:
    terms = regulations()
    with_proof(client)
    answer = client.post(LOGIN_PAGE, LOGIN | {"accepts": "on", "version": version})
    assert "Regulamin się zmienił" in errors(answer)["accepts"][0]
    page = answer.content.decode()
    assert f'name="version" value="{terms.id}"' in page
    assert "checked" not in page
    assert User.objects.count() == 0


def test_somebody_signed_in_who_accepted_them_is_not_asked_again(client: Client, anna: int) -> None:
    terms = regulations()
    with_proof(client).post(LOGIN_PAGE, LOGIN | {"accepts": "on", "version": str(terms.id)})
    with_proof(client)
    assert 'name="accepts"' not in client.get(LOGIN_PAGE).content.decode()
    assert client.post(LOGIN_PAGE, {}).url == "/aktywacja/gotowe/"


# Wrong verbs and wrong people


@pytest.mark.parametrize("path", [*PATHS, "/aktywacja/", LOGIN_PAGE, "/aktywacja/gotowe/", "/aktywacja/dane/kod/"])
@pytest.mark.parametrize("verb", ["put", "delete", "patch"])
def test_other_verbs_are_refused(client: Client, path: str, verb: str) -> None:
    call: Callable[[str], object] = getattr(client, verb)
    assert call(path).status_code in {302, 405}  # type: ignore[attr-defined]


def test_the_last_page_is_for_whoever_has_just_activated(client: Client, anna: int) -> None:
    assert client.get("/aktywacja/gotowe/").url.startswith("/logowanie/")
    assert a_customer("maria").get("/aktywacja/gotowe/").url == "/panel/"


def test_a_member_of_staff_gets_no_account(anna: int) -> None:
    from ebok.access.domain import StaffRole
    from ebok.access.operations import make_staff

    client = a_customer("klerk")
    make_staff(username="klerk", role=StaffRole.CLERK, acting=CLERK, now=clock.now())
    with_proof(client)
    assert client.post(LOGIN_PAGE, {}).url == "/aktywacja/"
    assert "To login pracownika" in client.get("/aktywacja/").content.decode()
    assert Grant.objects.count() == 0


def test_no_page_or_answer_puts_what_was_typed_into_an_address(client: Client, anna: int) -> None:
    her_invoices()
    for path, typed in FORMS.items():
        answer = client.post(path, typed)
        assert "?" not in answer.headers.get("Location", "")


# Zeros before a number


@pytest.mark.parametrize("typed", ["100050", "0100050", "000100050"])
def test_an_account_is_found_without_the_zeros_before_its_number(client: Client, anna: int, typed: str) -> None:
    her_invoices()
    CustomerAccount.objects.filter(number=NUMBER).update(number="000100050")
    client.post("/aktywacja/list/zamow/", ORDER | {"account_number": typed})
    assert ActivationCode.objects.count() == 1
    made = make_activation_code(account_ids=[anna], delivery=Delivery.LETTER, acting=CLERK, now=clock.now())
    assert client.post("/aktywacja/dane/", DATA | {"account_number": typed}).status_code == 302
    assert len(codes_sent()) == 1
    assert client.post("/aktywacja/faktura/", INVOICE | {"account_number": typed}).url == LOGIN_PAGE
    assert client.post("/aktywacja/list/", {"account_number": typed, "code": made.code}).url == LOGIN_PAGE


def test_zeros_give_no_further_tries(client: Client, anna: int) -> None:
    answers = [client.post("/aktywacja/faktura/", INVOICE | {"account_number": "0" * n + "77"}) for n in range(6)]
    assert [TOO_MANY in answer.content.decode() for answer in answers] == [False] * 5 + [True]


def test_an_unclear_number_costs_what_a_clear_one_does(client: Client, anna: int) -> None:
    asked = []
    for number in (NUMBER, "0" + NUMBER, "987654", "0987654"):
        with CaptureQueriesContext(connection) as queries:
            prove_by_invoice(
                account_number=number, invoice_number="X", gross_total=Decimal(1), acting=CLERK, now=clock.now()
            )
        asked.append(len(queries))
    assert len(set(asked)) == 1


# Another code


@pytest.mark.parametrize("identifier", [PESEL, "44051401359"])
def test_another_code_is_sent_to_who_gets_one_and_said_alike(client: Client, anna: int, identifier: str) -> None:
    client.post("/aktywacja/dane/", DATA | {"identifier": identifier})
    answer = client.post("/aktywacja/dane/kod/nowy/", follow=True)
    assert "wysłaliśmy nowy kod" in answer.content.decode()
    assert len(codes_sent()) == (2 if identifier == PESEL else 0)


def test_only_the_newest_code_counts(client: Client, anna: int) -> None:
    client.post("/aktywacja/dane/", DATA)
    first = codes_sent()[-1]
    client.post("/aktywacja/dane/kod/nowy/")
    if first != codes_sent()[-1]:
        assert client.post("/aktywacja/dane/kod/", {"code": first}).status_code == 200
    assert client.post("/aktywacja/dane/kod/", {"code": codes_sent()[-1]}).url == LOGIN_PAGE


@pytest.mark.parametrize("number", [NUMBER, "987654"])
def test_another_code_is_one_more_check_of_the_account(client: Client, anna: int, number: str) -> None:
    client.post("/aktywacja/dane/", DATA | {"account_number": number})
    said = [client.post("/aktywacja/dane/kod/nowy/", follow=True).content.decode() for _ in range(5)]
    assert [TOO_MANY in page for page in said] == [False] * 4 + [True]


def test_nobody_asks_for_another_code_without_a_first(client: Client, anna: int) -> None:
    assert client.post("/aktywacja/dane/kod/nowy/").url == "/aktywacja/dane/"
    assert codes_sent() == []
    assert client.get("/aktywacja/dane/kod/nowy/").status_code == 405
