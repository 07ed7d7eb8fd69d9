"""Signing in by an e-mailed code: for the owner of the address, once, and nobody learns who owns it."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from ebok.access.domain import CODE_TRIES
from ebok.access.models import OneTimeCode, User
from ebok.audit.models import AuditRow
from ebok.notifications.models import OutgoingMessage
from ebok.portal.sign_in.entering import sign_in_new_login
from tests.portal.factors import SECOND_STEP, app_code, with_app
from tests.portal.test_sign_in import NEW_PASSWORD, PASSWORD, make_user, sign_in

ASK, TYPE = "/logowanie/kod/", "/logowanie/kod/wpisz/"


def code(email: str = "anna@example.com") -> str:
    return OutgoingMessage.objects.filter(kind="login_code", recipient=email).latest("id").context["code"]


def ask(client: Client, email: str = "anna@example.com", **extra: str):
    return client.post(ASK, {"email": email, **extra})


def type_in(client: Client, given: str):
    return client.post(TYPE, {"code": given})


def other_than(right: str) -> str:
    return f"{(int(right) + 1) % 1_000_000:06d}"


@pytest.mark.django_db
@pytest.mark.parametrize("grouping", ["{0}{1}", "{0} {1}", "{0}-{1}", " {0} {1} "])
def test_the_owner_of_the_address_signs_in(client: Client, grouping: str) -> None:
    user = make_user()
    assert ask(client, "Anna@Example.com")["Location"] == TYPE
    before = client.session.session_key
    right = code()
    answer = type_in(client, grouping.format(right[:3], right[3:]))
    assert (answer.status_code, answer["Location"]) == (302, "/panel/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before
    assert "sign_in_code" not in client.session
    assert AuditRow.objects.get(action="sign_in").subject == f"user:{user.pk}"


@pytest.mark.django_db
def test_a_second_factor_is_still_asked_for(client: Client) -> None:
    user = make_user()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    ask(client)
    answer = type_in(client, code())
    assert answer["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.get("/ja/").status_code == 302


@pytest.mark.django_db
def test_known_unknown_and_closed_addresses_get_the_same_answers_rows_and_work() -> None:
    make_user()
    make_user("jan", "jan@example.com")
    User.objects.filter(username="jan").update(is_active=False)
    ask(Client(), "warm@example.com")
    seen = []
    for email in ("anna@example.com", "nobody@example.com", "jan@example.com"):
        client = Client()
        rows = OneTimeCode.objects.count(), AuditRow.objects.count()
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, email)
        page = client.get(TYPE).content.decode()
        wrong = type_in(client, other_than(code()) if email.startswith("anna") else "000000").content.decode()
        statements = [re.sub(r"'[^']*'|\d+|s\w+_x\d+", "", q["sql"].split(" ")[0]) for q in queries]
        kept = [s for s in statements if s not in {"RELEASE", "ROLLBACK"}]
        made = OneTimeCode.objects.count() - rows[0], AuditRow.objects.count() - rows[1]
        pages = [re.sub(r'value="[^"]*"', "", text) for text in (page, wrong)]
        seen.append((answer.status_code, answer["Location"], pages, kept, made))
    assert seen[0] == seen[1] == seen[2]
    assert list(OutgoingMessage.objects.values_list("recipient", flat=True)) == ["anna@example.com"]


@pytest.mark.django_db
def test_opening_pages_consumes_nothing(client: Client) -> None:
    make_user()
    ask(client)
    for _ in range(CODE_TRIES + 1):
        assert client.get(TYPE).status_code == 200
        assert client.head(TYPE).status_code in {200, 405}
    assert type_in(client, code()).status_code == 302


@pytest.mark.django_db
def test_five_wrong_codes_end_it_even_for_the_right_one(client: Client) -> None:
    make_user()
    ask(client)
    for _ in range(CODE_TRIES):
        assert "Ten kod się nie zgadza." in type_in(client, other_than(code())).content.decode()
    assert "Ten kod już nie działa." in type_in(client, code()).content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_code_works_for_ten_minutes(client: Client) -> None:
    make_user()
    with time_machine.travel(timezone.now(), tick=False) as travel:
        ask(client)
        travel.shift(timedelta(minutes=10))
        assert "Ten kod już nie działa." in type_in(client, code()).content.decode()


@pytest.mark.django_db
def test_a_code_works_only_in_the_session_that_asked_and_only_once(client: Client) -> None:
    make_user()
    ask(client)
    right, thief = code(), Client()
    assert type_in(thief, right)["Location"] == ASK
    ask(thief)
    assert "Ten kod się nie zgadza." in type_in(thief, right).content.decode()
    kept = client.session["sign_in_code"]
    assert type_in(client, right).status_code == 302
    replayed = Client()
    replayed.get(ASK)
    session = replayed.session
    session["sign_in_code"] = kept
    session.save()
    replayed.cookies["ebok-session"] = session.session_key
    assert "Ten kod już nie działa." in type_in(replayed, right).content.decode()


@pytest.mark.django_db
def test_a_code_for_a_password_signs_nobody_in(client: Client) -> None:
    make_user()
    client.post("/haslo/reset/", {"email": "anna@example.com"})
    reset = OutgoingMessage.objects.get(kind="password_reset_code").context["code"]
    session = client.session
    session["sign_in_code"] = {"ticket": session["password_reset"], "wanted": ""}
    session.save()
    assert "Ten kod już nie działa." in type_in(client, reset).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/faktury/?rok=2026", "/faktury/?rok=2026"),
        ("https://evil.example/", "/panel/"),
        ("//evil.example/", "/panel/"),
    ],
)
def test_a_person_lands_where_they_were_going_but_only_on_our_pages(client: Client, wanted: str, given: str) -> None:
    make_user()
    ask(client, next=wanted)
    assert type_in(client, code())["Location"] == given


@pytest.mark.django_db
def test_the_way_there_keeps_the_page_one_was_going_to(client: Client) -> None:
    body = client.get("/logowanie/?next=/faktury/").content.decode()
    assert f"{ASK}?next=/faktury/" in body
    assert 'name="next" value="/faktury/"' in client.get(f"{ASK}?next=/faktury/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "१२३४५६", "1" * 500, "12\x0034"])
def test_what_is_no_code_costs_no_try_and_is_answered_at_its_field(client: Client, given: str) -> None:
    make_user()
    ask(client)
    answer = type_in(client, given)
    assert answer.status_code == 200
    assert "id_code_error" in answer.content.decode()
    assert OneTimeCode.objects.get().tries == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", "anna", "anna@", "a" * 400 + "@example.com", "anna\x00@example.com", "ąnna@żółw"]
)
def test_what_is_no_address_is_answered_at_its_field(client: Client, given: str) -> None:
    answer = ask(client, given)
    assert answer.status_code == 200
    assert "id_email_error" in answer.content.decode()
    assert OneTimeCode.objects.count() == 0


@pytest.mark.django_db
def test_a_demo_login_gets_no_session_outside_a_demo(client: Client, settings: Settings) -> None:
    make_user()
    User.objects.update(is_demo=True)
    settings.EBOK_DEMO = False
    ask(client)
    assert type_in(client, code()).status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_somebody_signed_in_is_led_on(client: Client) -> None:
    make_user()
    sign_in(client, "anna")
    assert client.get(ASK)["Location"] == "/panel/"
    assert client.get(TYPE)["Location"] == "/panel/"


@pytest.mark.django_db
def test_typing_without_asking_leads_to_asking(client: Client) -> None:
    assert client.get(TYPE)["Location"] == ASK
    assert client.post(TYPE, {"code": "123456"})["Location"] == ASK
    assert client.delete(TYPE).status_code == 405


@pytest.mark.django_db
def test_a_login_just_made_is_signed_in_through_the_same_door(client: Client, rf: RequestFactory) -> None:
    user = make_user()
    request: HttpRequest = rf.post("/aktywacja/")
    request.session = client.session
    request.user = AnonymousUser()
    request._messages = FallbackStorage(request)
    with request_context(request):
        answer = sign_in_new_login(request, user.pk)
    assert answer["Location"] == "/panel/"
    assert request.session["_auth_user_id"] == str(user.pk)
    assert AuditRow.objects.filter(action="sign_in", subject=f"user:{user.pk}").count() == 1


@pytest.mark.django_db
def test_a_new_password_makes_the_codes_asked_for_before_worth_nothing(client: Client) -> None:
    make_user()
    stranger = Client()
    ask(stranger)
    before = code()
    stranger.post("/haslo/reset/", {"email": "anna@example.com"})
    reset = OutgoingMessage.objects.get(kind="password_reset_code").context["code"]
    sign_in(client, "anna")
    client.post("/haslo/zmiana/", {"present_password": PASSWORD, "new_password": NEW_PASSWORD})
    type_in(stranger, before)
    assert "_auth_user_id" not in stranger.session
    stranger.post("/haslo/reset/kod/", {"code": reset, "new_password": "inna zupa z makaronem i koprem"})
    assert sign_in(Client(), "anna", NEW_PASSWORD).status_code == 302


@pytest.mark.django_db
def test_a_sign_in_that_waits_for_its_second_step_ends_with_the_password_it_began_with(client: Client) -> None:
    make_user()
    sign_in(client, "anna")
    secret = with_app(client)
    waiting = Client()
    assert sign_in(waiting, "anna")["Location"] == SECOND_STEP
    client.post("/haslo/zmiana/", {"present_password": PASSWORD, "new_password": NEW_PASSWORD})
    assert waiting.post(SECOND_STEP, {"code": app_code(secret, steps=1)})["Location"] == "/logowanie/"
    assert "_auth_user_id" not in waiting.session
    again = Client()
    assert sign_in(again, "anna", NEW_PASSWORD)["Location"] == SECOND_STEP
    again.post(SECOND_STEP, {"code": app_code(secret, steps=1)})
    assert "_auth_user_id" in again.session
