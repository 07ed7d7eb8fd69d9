"""A session ends after a long silence, and the person comes back to where they were."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.households import Household

pytestmark = pytest.mark.django_db
IDLE = timedelta(minutes=30)


@pytest.fixture
def anna() -> Household:
    household = Household("anna")
    assert household.client.get("/odczyty/").status_code == 200
    return household


def after(minutes: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def left(client: Client) -> int:
    page = client.get("/odczyty/").content.decode()
    return int(page.split('data-left="')[1].split('"')[0])


def test_a_page_says_how_many_seconds_are_left(anna: Household) -> None:
    assert IDLE.total_seconds() - 61 <= left(anna.client) <= IDLE.total_seconds()


def test_one_press_gives_the_whole_time_again(anna: Household) -> None:
    with after(29):
        assert anna.client.post("/sesja/").json() == {"left": IDLE.total_seconds()}
    with after(58):
        assert anna.client.get("/odczyty/").status_code == 200


def test_extending_does_not_outlast_the_longest_session(anna: Household, settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = 10 * 60
    with after(9):
        assert anna.client.post("/sesja/").json()["left"] <= 60


def test_after_a_long_silence_a_page_leads_to_sign_in_says_why_and_comes_back(anna: Household) -> None:
    with after(31):
        answer = anna.client.get(anna.url, follow=True)
    assert answer.redirect_chain == [(f"/logowanie/?next={anna.url.replace('/', '%2F')}", 302)]
    assert "Sesja skończyła się po długiej przerwie." in answer.content.decode()


def test_a_form_sent_too_late_comes_back_to_its_own_page(anna: Household) -> None:
    with after(31):
        answer = anna.client.post(anna.url, {"value": "108"}, HTTP_REFERER=f"http://testserver{anna.url}")
    assert answer.headers["Location"] == f"/logowanie/?next={anna.url.replace('/', '%2F')}"


@pytest.mark.parametrize("before", ["", "https://zly.example/panel/", "http://testserver.zly.example/x", "nonsens"])
def test_a_form_from_elsewhere_leads_to_the_panel(client: Client, before: str) -> None:
    answer = client.post("/sesja/", HTTP_REFERER=before)
    assert answer.headers["Location"] == "/logowanie/?next=%2Fpanel%2F"


def test_extending_is_no_link(anna: Household) -> None:
    assert anna.client.get("/sesja/").status_code == 405


def test_a_session_ended_elsewhere_is_told_at_sign_in(anna: Household) -> None:
    Session.objects.all().delete()
    answer = anna.client.post(anna.url, {"value": "108"}, HTTP_REFERER=f"http://testserver{anna.url}", follow=True)
    assert "Sesja się skończyła." in answer.content.decode()


def test_who_never_had_a_session_is_told_nothing_of_one() -> None:
    assert "Sesja" not in Client().get("/odczyty/", follow=True).content.decode()


def test_a_form_for_signing_in_of_an_old_tab_leads_on(anna: Household) -> None:
    anna.client.handler.enforce_csrf_checks = True
    answer = anna.client.post("/logowanie/", {"login": "anna", "password": "x", "csrfmiddlewaretoken": "stale"})
    assert (answer.status_code, answer["Location"]) == (302, "/panel/")
    assert "Logowanie już się udało" in anna.client.get("/panel/").content.decode()


def test_a_stale_form_of_nobody_signed_in_is_refused_as_ever() -> None:
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post("/logowanie/", {"login": "anna", "password": "x"}).status_code == 403
