"""A person's own page: where letters go, data of the agreement, who looked, closing the login; and bad input."""

import re
from html import unescape

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from ebok.access.domain import GrantRole, StaffMember, StaffRole
from ebok.access.models import Grant, User
from ebok.access.operations import create_user, grant, make_staff, open_customer, take_back
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope, RequestState
from ebok.customers.models import ContactChange, CustomerAccount, DataChangeRequest
from ebok.customers.operations import decide_data_change
from ebok.customers.queries import account, data_changes
from ebok.foundation import clock
from ebok.notifications.models import OutgoingMessage
from tests.billing import ACTING
from tests.portal.customers import PASSWORD, a_customer, freshen

pytestmark = pytest.mark.django_db
WHOLE = CustomerScope.whole(acting="tests")
ADDRESS, DATA, ASK, CLOSE, VIEWERS = "/ja/adres/", "/ja/dane/", "/ja/dane/zmiana/", "/ja/zamknij/", "/kto-ogladal/"
ELSEWHERE = {
    "where": "elsewhere",
    "street": "ul. Kwiatowa",
    "house": "7",
    "flat": "3",
    "postal_code": "05402",
    "city": "Otwock",
}
WISH = {"what": "name", "wanted": "Anna Kowalska", "why": "Ślub"}
TYPED_WRONGLY = {
    "empty": "",
    "a line end": "Otwock\nWarszawa",
    "nothing one can see": "Otw\x00ock",
    "turned letters": "Otwock\u202e",
    "far too much": "x" * 5_000,
}


@pytest.fixture
def anna() -> Client:
    """The owner of 100001, ul. Polna 1."""
    client = a_customer("anna", "100001")
    freshen(client)
    return client


def number(name: str = "100001") -> int:
    return CustomerAccount.objects.get(number=name).pk


def text(client: Client, path: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", client.get(path).content.decode())))


def letters_go_to(name: str = "100001") -> str:
    found = account(scope=WHOLE, account_id=number(name))
    assert found is not None
    return (found.correspondence or found.address).words


def a_person(name: str, role: GrantRole, at: str = "100001") -> Client:
    create_user(username=name, password=PASSWORD, full_name="Ewa Lis", acting=ACTING, now=clock.now())
    grant(
        scope=WHOLE, username=name, account_number=at, ground="umowa", today=clock.today(), acting=ACTING,
        now=clock.now(), role=role,
    )  # fmt: skip
    client = Client()
    client.force_login(User.objects.get(username=name))
    freshen(client)
    return client


def a_clerk(role: StaffRole = StaffRole.CLERK) -> StaffMember:
    create_user(username="biuro", password=PASSWORD, full_name="Zenon Tajny", acting=ACTING, now=clock.now())
    make_staff(username="biuro", role=role, acting=ACTING, now=clock.now())
    user = User.objects.get(username="biuro")
    return StaffMember(user_id=user.pk, username="biuro", full_name=user.full_name, role=role, is_demo=False)


def opened(staff: StaffMember, at: str = "100001", reason: str = "Telefon w sprawie faktury") -> None:
    acting = Actor(kind=ActorKind.STAFF, name=str(staff.user_id))
    open_customer(staff=staff, account_id=number(at), reason=reason, session_key="s1", acting=acting, now=clock.now())


def test_the_page_of_the_person_leads_everywhere(anna: Client) -> None:
    body = anna.get("/ja/").content.decode()
    for path in (ADDRESS, DATA, CLOSE, VIEWERS, "/dostep/", "/bezpieczenstwo/", "/ja/email/", "/ja/telefon/"):
        assert f'href="{path}"' in body
        assert anna.get(path).status_code == 200
    assert 'href="/ustawienia-wygladu/?wroc=/ja/"' in body


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (GrantRole.FULL, {ADDRESS, DATA}),
        (GrantRole.PAYER, set()),
        (GrantRole.INVOICES, set()),
        (GrantRole.READINGS, set()),
    ],
)
def test_each_role_is_led_to_what_it_may_and_shown_no_more(anna: Client, role: GrantRole, seen: set[str]) -> None:
    ewa = a_person("ewa", role)
    body = ewa.get("/ja/").content.decode()
    assert {path for path in (ADDRESS, DATA, VIEWERS) if f'href="{path}"' in body} == seen
    for path in {ADDRESS, DATA, VIEWERS, ASK} - seen - ({ASK} if DATA in seen else set()):
        assert "100001" not in ewa.get(path).content.decode()
    for path, form in ((ADDRESS, ELSEWHERE), (ASK, WISH)):
        sent = ewa.post(path, form | {"account": str(number())})
        assert sent.status_code == (302 if seen else 403)


def test_letters_go_elsewhere_at_once_and_back_again(anna: Client) -> None:
    assert "ul. Polna 1" in text(anna, ADDRESS)
    sent = anna.post(ADDRESS, ELSEWHERE | {"account": str(number())})
    assert (sent.status_code, sent["Location"]) == (302, "/ja/")
    assert letters_go_to() == "ul. Kwiatowa 7/3, 05-402 Otwock"
    assert "Listy wyślemy na adres: ul. Kwiatowa 7/3, 05-402 Otwock." in text(anna, "/ja/")
    assert 'value="ul. Kwiatowa"' in anna.get(ADDRESS).content.decode()
    anna.post(ADDRESS, {"where": "premises", "account": str(number())})
    assert letters_go_to().startswith("ul. Polna 1")
    assert ProcrastinateJob.objects.filter(task_name="customers.contact_changed").count() == 2


@pytest.mark.parametrize("field", ["street", "house", "flat", "postal_code", "city"])
@pytest.mark.parametrize("wrong", TYPED_WRONGLY)
def test_whatever_is_typed_wrongly_is_told_at_its_field_and_nothing_is_lost(
    anna: Client, field: str, wrong: str
) -> None:
    answer = anna.post(ADDRESS, ELSEWHERE | {field: TYPED_WRONGLY[wrong], "account": str(number())})
    if wrong == "empty" and field in {"street", "flat"}:
        assert answer.status_code == 302
        return
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    kept = answer.content.decode()
    for other in {"street", "house", "city"} - {field}:
        assert f'value="{ELSEWHERE[other]}"' in kept
    assert ContactChange.objects.count() == 0


@pytest.mark.parametrize("code", ["05-4O2", "054", "05-4022", "٠٥-٤٠٢", "0\u0405-402", "x"])
def test_a_postal_code_of_other_signs_is_none(anna: Client, code: str) -> None:
    answer = anna.post(ADDRESS, ELSEWHERE | {"postal_code": code, "account": str(number())})
    assert list(answer.context["form"].errors) == ["postal_code"]


def test_what_stands_in_the_other_fields_does_not_matter_to_letters_that_go_home(anna: Client) -> None:
    sent = anna.post(ADDRESS, {"where": "premises", "postal_code": "x\x07", "account": str(number())})
    assert sent.status_code == 302


def test_where_letters_go_must_be_said(anna: Client) -> None:
    for where in ("", "nowhere", "premises\x00"):
        answer = anna.post(ADDRESS, ELSEWHERE | {"where": where, "account": str(number())})
        assert list(answer.context["form"].errors) == ["where"]


def test_nobody_moves_the_letters_of_a_stranger(anna: Client) -> None:
    a_customer("obcy", "200002")
    for foreign in (str(number("200002")), "0", "-1", "x", "", "9" * 40, "9223372036854775807"):
        assert anna.post(ADDRESS, ELSEWHERE | {"account": foreign}).status_code == 404
        assert anna.post(ASK, WISH | {"account": foreign}).status_code == 404
    assert (ContactChange.objects.count(), DataChangeRequest.objects.count()) == (0, 0)


def test_another_tab_that_looks_elsewhere_moves_nothing_of_this_form() -> None:
    client = a_customer("anna", "100001", "100002")
    client.post("/lokal/", {"account": str(number("100002"))})
    client.post(ADDRESS, ELSEWHERE | {"account": str(number("100001"))})
    assert letters_go_to("100001").startswith("ul. Kwiatowa")
    assert letters_go_to("100002").startswith("ul. Polna")


def test_access_taken_away_in_mid_session_is_gone_with_the_next_press(anna: Client) -> None:
    ewa = a_person("ewa", GrantRole.FULL)
    assert ewa.get(ADDRESS).context["number"] == "100001"
    held = Grant.objects.get(user__username="ewa")
    take_back(scope=WHOLE, grant_id=held.pk, acting=ACTING, now=clock.now())
    assert ewa.post(ADDRESS, ELSEWHERE | {"account": str(number())}).status_code == 404
    assert "100001" not in ewa.get(DATA).content.decode()


def test_data_of_the_agreement_are_asked_for_and_the_answer_is_shown(anna: Client) -> None:
    assert "Nie ma jeszcze próśb" in text(anna, DATA)
    sent = anna.post(ASK, WISH | {"account": str(number())})
    assert (sent.status_code, sent["Location"]) == (302, DATA)
    assert "Czeka na decyzję" in text(anna, DATA)
    [request] = data_changes(scope=WHOLE, limit=9)
    assert (request.asked_by, request.state) == (User.objects.get(username="anna").pk, RequestState.WAITING)
    decide_data_change(
        scope=WHOLE, request_id=request.id, approve=False, reason="Brakuje aktu.", acting=ACTING, now=clock.now()
    )
    shown = text(anna, DATA)
    assert "Odmowa" in shown
    assert "Brakuje aktu." in shown
    assert "Anna Nowak" in shown


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": "pesel"}, "what"),
        ({"wanted": " "}, "wanted"),
        ({"wanted": "x" * 501}, "wanted"),
        ({"wanted": "a\x07b"}, "wanted"),
        ({"wanted": "a\x00b"}, "wanted"),
        ({"wanted": "Mój PESEL: 44051401359"}, "wanted"),
        ({"why": ""}, "why"),
        ({"why": "x" * 501}, "why"),
    ],
)
def test_a_wish_typed_wrongly_is_told_at_its_field_and_kept(anna: Client, change: dict[str, str], field: str) -> None:
    answer = anna.post(ASK, WISH | change | {"account": str(number())})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    for other in {"wanted", "why"} - {field}:
        assert WISH[other] in answer.content.decode()
    assert DataChangeRequest.objects.count() == 0


def test_a_wish_sent_twice_waits_once(anna: Client) -> None:
    for _ in range(2):
        answer = anna.post(ASK, WISH | {"account": str(number())})
    assert list(answer.context["form"].errors) == ["what"]
    assert DataChangeRequest.objects.count() == 1


def test_lines_of_a_wish_stay_lines(anna: Client) -> None:
    anna.post(ASK, WISH | {"wanted": "Anna\r\n<b>Kowalska</b>", "account": str(number())})
    assert "Anna<br>&lt;b&gt;Kowalska&lt;/b&gt;" in anna.get(DATA).content.decode()


def test_a_customer_sees_which_staff_looked_when_and_why_but_no_name(anna: Client) -> None:
    assert "Nikt z pracowników nie oglądał Twoich danych" in text(anna, VIEWERS)
    clerk = a_clerk()
    opened(clerk)
    opened(clerk)
    shown = text(anna, VIEWERS)
    assert shown.count("Telefon w sprawie faktury") == 1
    assert f"BOK, pracownik nr {clerk.user_id}" in shown
    assert "Zenon" not in shown


def test_what_was_looked_at_elsewhere_is_nobody_elses_business(anna: Client) -> None:
    other = a_customer("jan", "100002", "100003")
    opened(a_clerk(), at="100003", reason="Sprawa Jana")
    for query in ("", "?lokale=wszystkie", "?lokale=wszystkie&account_id=1", "?lokale=x"):
        assert "Sprawa Jana" not in text(anna, VIEWERS + query)
    assert "Sprawa Jana" not in text(other, VIEWERS)
    assert "Sprawa Jana" in text(other, VIEWERS + "?lokale=wszystkie")


def test_closing_asks_once_ends_everything_and_signs_out(anna: Client) -> None:
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(username="anna"))
    assert anna.get(CLOSE).status_code == 200
    assert User.objects.get(username="anna").closed_at is None
    answer = anna.post(CLOSE, follow=True)
    assert "Twój login jest zamknięty." in answer.content.decode()
    assert User.objects.filter(username="anna").count() == 0
    assert not Grant.objects.filter(revoked_at__isnull=True).exists()
    for client in (anna, elsewhere):
        assert client.get("/panel/").status_code == 302
    assert CustomerAccount.objects.get(number="100001").name == "Anna Nowak"
    assert anna.post(CLOSE).status_code == 302


def test_closing_tells_the_browser_to_forget_and_the_mailbox_that_it_is_done(anna: Client) -> None:
    User.objects.filter(username="anna").update(email="anna@example.com")
    answer = anna.post(CLOSE)
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert OutgoingMessage.objects.get(kind="login_closed").recipient == "anna@example.com"


def test_closing_asks_who_is_there_first(anna: Client) -> None:
    freshen(anna, at=1.0)
    for answer in (anna.get(CLOSE), anna.post(CLOSE)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/potwierdz/")
    assert User.objects.get(username="anna").closed_at is None


@pytest.mark.parametrize("path", [ADDRESS, ASK])
def test_where_letters_go_and_data_of_the_agreement_are_changed_by_who_is_surely_there(anna: Client, path: str) -> None:
    freshen(anna, at=1.0)
    for answer in (anna.get(path), anna.post(path, ELSEWHERE | WISH | {"account": str(number())})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/potwierdz/")
    assert (ContactChange.objects.count(), DataChangeRequest.objects.count()) == (0, 0)


def test_nobody_who_is_not_signed_in_is_shown_or_changes_anything(db: None) -> None:
    for path in (ADDRESS, DATA, ASK, CLOSE, VIEWERS, "/ja/"):
        assert Client().get(path)["Location"].startswith("/logowanie/")
        assert Client().post(path).status_code in {302, 405}


def test_a_foreign_page_cannot_press_the_buttons(anna: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = anna.cookies
    for path, form in ((ADDRESS, ELSEWHERE), (ASK, WISH), (CLOSE, {})):
        assert strict.post(path, form | {"account": str(number())}).status_code == 403
    assert User.objects.filter(username="anna").exists()
