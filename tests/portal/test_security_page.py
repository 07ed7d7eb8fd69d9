"""One page tells what guards a login, where it is open, and ends what should not be."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from ebok.access.models import StaffPost, User
from ebok.audit.models import AuditRow
from tests.portal.factors import with_app, with_passkey
from tests.portal.test_sign_in import NEW_PASSWORD, PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"
SECURITY = "/bezpieczenstwo/"
END_OTHERS = "/bezpieczenstwo/sesje/koniec/"
QUERIES = 12


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def anna(client: Client, user: User) -> Client:
    sign_in(client, "anna")
    return client


def on_phone(**more: str) -> Client:
    other = Client(HTTP_USER_AGENT=PHONE, **more)
    sign_in(other, "anna")
    return other


def body(client: Client) -> str:
    return client.get(SECURITY).content.decode()


def session_id(client: Client) -> int:
    return int(UserSession.objects.get(session_key=client.session.session_key).pk)


def after(minutes: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def test_the_page_says_by_what_one_signs_in(anna: Client) -> None:
    page = body(anna)
    assert "Włącz kody z aplikacji" in page
    assert "Kody zapasowe" not in page
    with_passkey(anna, name="Laptop")
    with_app(anna)
    page = body(anna)
    assert "Laptop" in page
    assert "Wyłącz kody z aplikacji" in page
    assert re.search(r"Zostało Ci: 10\skodów", page)


def test_few_recovery_codes_left_are_pointed_out(anna: Client) -> None:
    with_app(anna)
    held = Authenticator.objects.get(type="recovery_codes")
    held.data["used_mask"] = 0b1111111
    held.save()
    assert "zanim się skończą" in body(anna)


def test_the_page_holds_no_secret(anna: Client) -> None:
    secret = with_app(anna)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    page = body(anna)
    assert not any(word in page for word in [secret, *codes, anna.session.session_key or "?"])


def test_when_the_password_was_set_is_told(anna: Client) -> None:
    with after(90):
        sign_in(anna, "anna")
        anna.post("/haslo/zmiana/", {"present_password": PASSWORD, "new_password": NEW_PASSWORD})
        told = f"ustawione {timezone.localtime():%d.%m.%Y, %H:%M}"
        assert told in body(anna)


def test_every_session_is_listed_in_plain_words_with_its_address(anna: Client) -> None:
    on_phone(REMOTE_ADDR="10.9.8.7")
    page = body(anna)
    assert "Firefox, Android" in page
    assert "10.9.8.7" in page
    assert page.count("to urządzenie") == 1
    assert PHONE not in page


def test_sessions_of_others_are_not_listed(anna: Client) -> None:
    make_user("jan", "jan@example.com")
    sign_in(Client(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="10.9.8.7"), "jan")
    assert "10.9.8.7" not in body(anna)


def test_one_session_is_ended_from_afar_at_once(anna: Client, user: User) -> None:
    phone, tablet = on_phone(), on_phone()
    assert anna.post(f"/bezpieczenstwo/sesje/{session_id(phone)}/koniec/")["Location"] == SECURITY
    assert phone.get("/ja/").status_code == 302
    assert tablet.get(SECURITY).status_code == 200
    assert anna.get(SECURITY).status_code == 200
    row = AuditRow.objects.get(action="session.end")
    assert (row.subject, row.details) == (f"user:{user.pk}", {"ended": 1})


def test_every_other_session_is_ended_at_once(anna: Client) -> None:
    others = [on_phone(), on_phone(), on_phone()]
    assert anna.post(END_OTHERS)["Location"] == SECURITY
    assert [other.get(SECURITY).status_code for other in others] == [302, 302, 302]
    assert anna.get(SECURITY).status_code == 200
    assert Session.objects.count() == 1


def test_an_ended_session_does_not_come_back_by_its_cookie(anna: Client) -> None:
    phone = on_phone()
    cookie = phone.cookies["ebok-session"].value
    anna.post(END_OTHERS)
    thief = Client()
    thief.cookies["ebok-session"] = cookie
    assert thief.get(SECURITY).status_code == 302


def test_nobody_ends_a_session_of_somebody_else_nor_their_own(anna: Client) -> None:
    make_user("jan", "jan@example.com")
    jan = Client()
    sign_in(jan, "jan")
    for target in (session_id(jan), session_id(anna), 0, 10**18):
        assert anna.post(f"/bezpieczenstwo/sesje/{target}/koniec/").status_code == 404
    assert jan.get(SECURITY).status_code == 200


@pytest.mark.parametrize("address", [END_OTHERS, "/bezpieczenstwo/sesje/1/koniec/"])
def test_ending_sessions_is_no_link_and_asks_again_who_is_there(anna: Client, address: str) -> None:
    assert anna.get(address).status_code == 405
    phone = on_phone()
    with after(6):
        assert anna.post(address)["Location"].startswith("/potwierdz/")
        assert phone.get(SECURITY).status_code == 200


def test_a_changed_password_ends_the_others_and_keeps_this_one_listed(anna: Client) -> None:
    phone = on_phone()
    anna.post("/haslo/zmiana/", {"present_password": PASSWORD, "new_password": NEW_PASSWORD})
    assert phone.get(SECURITY).status_code == 302
    anna.get(SECURITY)
    page = body(anna)
    assert page.count("to urządzenie") == 1
    assert "Firefox, Android" not in page


def test_a_session_nobody_has_used_for_half_an_hour_is_not_listed(anna: Client) -> None:
    on_phone()
    with after(20):
        anna.get(SECURITY)
    with after(40):
        page = body(anna)
        assert "Firefox, Android" not in page
        assert "to urządzenie" in page


def test_a_visit_is_noted_once_a_minute(anna: Client) -> None:
    key = anna.session.session_key
    before = UserSession.objects.get(session_key=key).last_seen_at
    with after(0.5):
        anna.get(SECURITY)
        assert UserSession.objects.get(session_key=key).last_seen_at == before
    with after(2):
        anna.get(SECURITY)
        assert UserSession.objects.get(session_key=key).last_seen_at == timezone.now()


def test_the_last_events_are_told_with_failures_and_addresses(anna: Client) -> None:
    with_app(anna)
    anna.post("/potwierdz/kod/", {"code": "000000"})
    page = body(anna)
    for words in ("Logowanie", "Włączenie kodów z aplikacji", "Potwierdzenie, że to Ty, nieudane", "127.0.0.1"):
        assert words in page


def test_the_page_asks_the_database_little_however_many_sessions(
    anna: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        on_phone()
    with_passkey(anna)
    anna.get(SECURITY)
    with django_assert_max_num_queries(QUERIES):
        anna.get(SECURITY)


@pytest.mark.parametrize("agent", ["", "x" * 5000, "<script>alert(1)</script>", "\x00\x1b[31m", "zażółć"])
def test_any_name_a_browser_gives_itself_is_taken(user: User, agent: str) -> None:
    client = Client(HTTP_USER_AGENT=agent)
    assert sign_in(client, "anna").status_code == 302
    page = body(client)
    assert "nieznana przeglądarka" in page
    assert "<script>alert" not in page


def test_the_page_works_for_staff(client: Client, user: User) -> None:
    StaffPost.objects.create(user=user, role="clerk", started_at=timezone.now(), started_by="tests")
    sign_in(client, "anna")
    page = body(client)
    assert 'href="/biuro/"' in page
    assert "/faktury/" not in page


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 302)])
def test_a_session_of_staff_ends_after_a_quarter_of_an_hour(
    client: Client, user: User, minutes: int, status: int
) -> None:
    StaffPost.objects.create(user=user, role="clerk", started_at=timezone.now(), started_by="tests")
    sign_in(client, "anna")
    with after(minutes):
        assert client.get(SECURITY).status_code == status


def test_a_session_of_staff_ends_after_eight_hours_of_work_too(client: Client, user: User, settings: Settings) -> None:
    StaffPost.objects.create(user=user, role="clerk", started_at=timezone.now(), started_by="tests")
    sign_in(client, "anna")
    hours = settings.STAFF_SESSION_AGE // 3600
    for minutes in range(10, hours * 60, 10):
        with after(minutes):
            assert client.post("/sesja/").status_code == 200
    with after(hours * 60 + 1):
        assert client.get(SECURITY).status_code == 302


def test_a_session_of_a_customer_ends_after_twelve_hours_of_use_too(anna: Client) -> None:
    for minutes in range(25, 12 * 60, 25):
        with after(minutes):
            assert anna.post("/sesja/").status_code == 200
    with after(12 * 60 + 1):
        assert anna.get(SECURITY).status_code == 302
