"""Before what matters one says again who one is, and comes back with nothing lost."""

import re
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from pytest_django import Settings

from ebok.access.domain import CodeTicket
from ebok.access.models import OneTimeCode, User
from ebok.access.operations.confirmations import confirm_by_mail
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.notifications.models import OutgoingMessage
from ebok.portal.scope import signed_in
from ebok.portal.security import limits
from ebok.web.step_up import KEPT_BYTES, fresh_sign_in
from tests.portal.factors import recovery_codes, with_app
from tests.portal.test_sign_in import PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db
SEEN: list[dict[str, list[str]]] = []


@signed_in
@fresh_sign_in
def guarded(request: HttpRequest, number: int) -> HttpResponse:
    """Something that matters."""
    if request.method == "POST":
        SEEN.append(dict(request.POST.lists()))
    return HttpResponse(f"tu {request.method}")


@pytest.fixture(autouse=True)
def addresses(settings: Settings) -> None:
    module = ModuleType("tests.portal.step_up_urls")
    module.urlpatterns = [path("wazne/<int:number>/", guarded), path("", include("ebok.config.urls"))]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    SEEN.clear()


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def stale(client: Client, user: User) -> Iterator[Client]:
    """A browser whose sign-in is six minutes old."""
    sign_in(client, "anna")
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        yield client


def confirm(client: Client, address: str, **typed: str) -> HttpResponse:
    return client.post(address, {"password": PASSWORD, **typed})


def test_right_after_sign_in_nobody_is_asked_again(client: Client, user: User) -> None:
    sign_in(client, "anna")
    assert client.get("/wazne/7/").content == b"tu GET"


def test_six_minutes_later_one_is_asked_and_comes_back(stale: Client) -> None:
    answer = stale.get("/wazne/7/?krok=2")
    assert answer["Location"] == "/potwierdz/?next=%2Fwazne%2F7%2F%3Fkrok%3D2"
    page = stale.get(answer["Location"]).content.decode()
    assert "Potwierdź, że to Ty" in page
    answer = confirm(stale, answer["Location"], next="/wazne/7/?krok=2")
    assert answer["Location"] == "/wazne/7/?krok=2"
    assert stale.get("/wazne/7/?krok=2").content == b"tu GET"
    row = AuditRow.objects.get(action="confirm")
    assert (row.result, row.details) == ("ok", {"way": "password"})


def test_a_confirmation_lasts_five_minutes(stale: Client) -> None:
    now = timezone.now()
    confirm(stale, "/potwierdz/")
    with time_machine.travel(now + timedelta(minutes=4, seconds=59), tick=False):
        assert stale.get("/wazne/7/").status_code == 200
    with time_machine.travel(now + timedelta(minutes=5, seconds=1), tick=False):
        assert stale.get("/wazne/7/").status_code == 302


def test_a_session_that_says_nothing_of_how_it_was_opened_is_asked(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get("/wazne/7/").status_code == 302


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/wazne/7/")["Location"].startswith("/logowanie/")
    for name in ("", "kod/", "klucz/", "email/", "formularz/"):
        assert client.get(f"/potwierdz/{name}")["Location"].startswith("/logowanie/")
    assert client.post("/potwierdz/email/kod/")["Location"].startswith("/logowanie/")


def test_a_form_sent_too_late_is_offered_again_as_it_was(stale: Client) -> None:
    typed = {"kto": ["Jan <b>", "Ewa"], "uwagi": ['"żółw"\n']}
    answer = stale.post("/wazne/7/?x=1", typed, HTTP_REFERER="http://testserver/wazne/7/")
    assert answer["Location"] == "/potwierdz/?next=%2Fpotwierdz%2Fformularz%2F"
    assert SEEN == []
    assert confirm(stale, answer["Location"])["Location"] == "/potwierdz/formularz/"
    page = stale.get("/potwierdz/formularz/").content.decode()
    assert 'action="/wazne/7/?x=1"' in page
    assert "Jan &lt;b&gt;" in page
    assert 'href="/wazne/7/"' in page
    assert stale.post("/wazne/7/?x=1", typed).content == b"tu POST"
    assert [typed] == SEEN
    assert stale.get("/potwierdz/formularz/")["Location"] == "/"


def test_whoever_has_a_second_factor_confirms_by_it_and_not_by_less(client: Client, user: User) -> None:
    sign_in(client, "anna")
    with_app(client)
    code = recovery_codes(client)[0]
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert client.get("/potwierdz/")["Location"] == "/potwierdz/kod/"
        assert confirm(client, "/potwierdz/")["Location"] == "/potwierdz/kod/"
        assert client.get("/wazne/7/").status_code == 302
        assert "hasłem" not in client.get("/potwierdz/kod/").content.decode().lower()
        assert client.post("/potwierdz/kod/", {"code": code, "next": "/wazne/7/"})["Location"] == "/wazne/7/"
        assert client.get("/wazne/7/").status_code == 200


def test_what_waits_is_not_readable_in_the_session(stale: Client) -> None:
    stale.post("/wazne/7/", {"haslo": "tajne-słowo-5512"})
    assert "tajne" not in repr(dict(stale.session.items()))
    assert "5512" not in repr(dict(stale.session.items()))


def test_what_waits_does_not_wait_for_ever(stale: Client) -> None:
    stale.post("/wazne/7/", {"a": "b"})
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert stale.get("/potwierdz/formularz/")["Location"] == "/"


def test_a_form_too_large_to_keep_leads_back_to_its_page(stale: Client) -> None:
    answer = stale.post("/wazne/7/", {"a": "x" * KEPT_BYTES}, HTTP_REFERER="http://testserver/wazne/7/")
    assert answer["Location"] == "/potwierdz/?next=%2Fwazne%2F7%2F"


@pytest.mark.parametrize(
    "wanted",
    ["https://zly.example/", "//zly.example/", "/\\zly.example/", "javascript:alert(1)", "http:///zly.example", "\x00/",
     "http://testserver/panel/", "panel/"],
)  # fmt: skip
def test_one_comes_back_only_to_our_pages(stale: Client, wanted: str) -> None:
    assert confirm(stale, "/potwierdz/", next=wanted)["Location"] == "/bezpieczenstwo/"


@pytest.mark.parametrize("password", ["", "złe hasło, całkiem złe", "x" * 5000, "\x00", PASSWORD.upper()])
def test_a_wrong_password_confirms_nothing_and_is_said_at_the_field(stale: Client, password: str) -> None:
    answer = stale.post("/potwierdz/", {"password": password})
    assert answer.status_code == 200
    assert "id_password_error" in answer.content.decode()
    assert stale.get("/wazne/7/").status_code == 302


def test_eleven_wrong_passwords_are_too_many(stale: Client) -> None:
    for _ in range(limits.PASSWORD.times):
        stale.post("/potwierdz/", {"password": "całkiem złe hasło"})
    assert limits.TOO_MANY in confirm(stale, "/potwierdz/").content.decode()
    assert stale.get("/wazne/7/").status_code == 302


def mailed_code() -> str:
    return str(OutgoingMessage.objects.latest("id").context["code"])


def test_who_has_no_password_confirms_by_a_code_to_the_email(stale: Client, user: User) -> None:
    key = stale.session.session_key
    User.objects.update(password="!")
    stale.force_login(User.objects.get())
    assert stale.session.session_key != key
    assert stale.get("/potwierdz/?next=/wazne/7/")["Location"] == "/potwierdz/email/?next=%2Fwazne%2F7%2F"
    assert "Wyślij kod" in stale.get("/potwierdz/email/").content.decode()
    assert OutgoingMessage.objects.count() == 0
    assert stale.post("/potwierdz/email/kod/", {"next": "/wazne/7/"})["Location"].startswith("/potwierdz/email/")
    code = mailed_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert "się nie zgadza" in stale.post("/potwierdz/email/", {"code": wrong}).content.decode()
    answer = stale.post("/potwierdz/email/", {"code": f" {code[:3]} {code[3:]}", "next": "/wazne/7/"})
    assert answer["Location"] == "/wazne/7/"
    assert stale.get("/wazne/7/").status_code == 200


def test_a_mailed_code_confirms_once_and_only_in_the_session_that_asked(stale: Client, user: User) -> None:
    stale.post("/potwierdz/email/kod/")
    code, other = mailed_code(), Client()
    other.force_login(user)
    assert "się nie zgadza" in other.post("/potwierdz/email/", {"code": code}).content.decode()
    assert stale.post("/potwierdz/email/", {"code": code}).status_code == 302
    assert OneTimeCode.objects.get().used_at is not None
    assert "się nie zgadza" in stale.post("/potwierdz/email/", {"code": code}).content.decode()


def test_a_mailed_code_is_on_record_when_it_is_asked_for_and_when_it_is_typed(stale: Client, user: User) -> None:
    stale.post("/potwierdz/email/kod/")
    code = mailed_code()
    stale.post("/potwierdz/email/", {"code": f"{(int(code) + 1) % 10**6:06d}"})
    stale.post("/potwierdz/email/", {"code": code})
    rows = AuditRow.objects.filter(action__startswith="confirm").order_by("id")
    told = [(row.action, row.result, row.details) for row in rows]
    by_email = {"way": "email"}
    assert told == [("confirm.code_asked", "ok", {}), ("confirm", "wrong", by_email), ("confirm", "ok", by_email)]
    assert {(row.subject, row.actor_name) for row in rows} == {(f"user:{user.pk}", str(user.pk))}


def test_what_cannot_be_put_on_record_is_not_spent(stale: Client, user: User) -> None:
    stale.post("/potwierdz/email/kod/")
    kept = CodeTicket(**stale.session["confirm_by_mail"])
    nameless = Actor(kind=ActorKind.USER, name="x" * 500, address="127.0.0.1")
    with pytest.raises(DatabaseError), transaction.atomic():
        confirm_by_mail(user_id=user.pk, ticket=kept, code=mailed_code(), acting=nameless, now=timezone.now())
    assert OneTimeCode.objects.get().used_at is None


def test_six_mails_an_hour_are_too_many(stale: Client) -> None:
    for _ in range(limits.MAIL.times + 1):
        answer = stale.post("/potwierdz/email/kod/", follow=True)
    assert limits.TOO_MANY in answer.content.decode()
    assert OutgoingMessage.objects.count() == limits.MAIL.times


@pytest.mark.parametrize("address", ["/potwierdz/kod/", "/potwierdz/klucz/"])
def test_a_way_one_does_not_have_leads_to_one_that_one_has(stale: Client, address: str) -> None:
    assert stale.get(address)["Location"] == "/potwierdz/"
    assert stale.post(address, {"code": "123456", "answer": "{}"})["Location"] == "/potwierdz/"
    assert stale.get("/wazne/7/").status_code == 302


def test_who_has_no_way_at_all_is_refused(client: Client) -> None:
    user = make_user(email="")
    User.objects.update(password="!")
    user.refresh_from_db()
    client.force_login(user)
    assert client.get("/potwierdz/").status_code == 403


@pytest.mark.parametrize("code", ["", "12", "abcdef", "１２３４５６", "12345\x006", "1" * 500, "①②③④⑤⑥"])
def test_half_a_code_is_said_at_the_field(stale: Client, code: str) -> None:
    stale.post("/potwierdz/email/kod/")
    answer = stale.post("/potwierdz/email/", {"code": code})
    assert answer.status_code == 200
    assert re.search(r'id="id_code_error"', answer.content.decode())
