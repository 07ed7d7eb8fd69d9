"""A browser a login was never used from is told of by e-mail; the cookie that knows it opens nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ebok.access.models import KnownDevice
from ebok.access.operations import forget_past_devices, see_device
from ebok.access.operations.devices import DEVICE_KEPT
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.notifications.models import OutgoingMessage
from ebok.web.browsers import UNKNOWN_BROWSER, browser_words
from tests.portal.test_login_code import ask, code, type_in
from tests.portal.test_sign_in import make_user, sign_in

COOKIE = "ebok-device"
ANYBODY = Actor(kind=ActorKind.USER, name="1")
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"


def told() -> list[str]:
    return [row.context["device"] for row in OutgoingMessage.objects.filter(kind="new_device").order_by("id")]


@pytest.mark.django_db
def test_the_first_browser_is_silent_the_second_is_told_of_once(client: Client) -> None:
    make_user()
    sign_in(client, "anna")
    assert told() == []
    phone = Client(HTTP_USER_AGENT=FIREFOX)
    for _ in range(2):
        sign_in(phone, "anna")
        phone.post("/wyloguj/")
    sign_in(client, "anna")
    assert told() == ["Firefox, Android"]
    assert OutgoingMessage.objects.get(kind="new_device").recipient == "anna@example.com"
    assert sorted(AuditRow.objects.filter(action="device.new").values_list("result", flat=True)) == ["first", "new"]


@pytest.mark.django_db
def test_a_new_browser_is_told_of_whichever_way_one_signs_in(client: Client) -> None:
    make_user()
    sign_in(Client(), "anna")
    ask(client)
    type_in(client, code())
    assert len(told()) == 1


@pytest.mark.django_db
def test_a_wrong_password_from_a_new_browser_is_not_told_of(client: Client) -> None:
    make_user()
    sign_in(Client(), "anna")
    sign_in(client, "anna", "wrong password here")
    assert told() == []
    assert COOKIE not in client.cookies


@pytest.mark.django_db
def test_the_cookie_lasts_is_out_of_reach_of_scripts_and_only_its_digest_is_kept(client: Client) -> None:
    make_user()
    sign_in(client, "anna")
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert int(cookie["max-age"]) == DEVICE_KEPT.total_seconds()
    assert cookie.value.encode() not in bytes(KnownDevice.objects.get().token_hmac)
    stranger = Client()
    stranger.cookies[COOKIE] = cookie.value
    assert stranger.get("/ja/").status_code == 302


@pytest.mark.django_db
def test_two_people_at_one_browser_are_both_known_there(client: Client) -> None:
    make_user()
    make_user("jan", "jan@example.com")
    for login in ("anna", "jan"):
        sign_in(Client(), login)
    for login in ("anna", "jan", "anna", "jan"):
        sign_in(client, login)
        client.post("/wyloguj/")
    assert len(told()) == 2
    assert client.cookies[COOKIE].value.count(".") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("brought", ["x", "x" * 43, "." * 4000, "ł" * 43, "", "\x00"])
def test_a_token_somebody_brings_along_becomes_no_known_one(brought: str) -> None:
    user, now = make_user(), timezone.now()
    for n in range(2):
        seen = see_device(user_id=user.pk, cookie=brought, description="x", acting=ANYBODY, now=now)
        assert seen.is_new == (n == 1)
    assert KnownDevice.objects.count() == 2


@pytest.mark.django_db
def test_browsers_unseen_for_long_are_forgotten_but_never_the_last_one() -> None:
    user, now = make_user(), timezone.now()
    old = see_device(user_id=user.pk, cookie="", description="x", acting=ANYBODY, now=now)
    assert forget_past_devices(now=now + DEVICE_KEPT + timedelta(days=1)) == 0
    see_device(user_id=user.pk, cookie="", description="x", acting=ANYBODY, now=now + timedelta(days=1))
    assert forget_past_devices(now=now + DEVICE_KEPT + timedelta(hours=1)) == 1
    assert see_device(user_id=user.pk, cookie=old.cookie, description="x", acting=ANYBODY, now=now).is_new


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 "
         "Edg/142.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36",
         "Samsung Internet, Android"),
        ("<script>alert(1)</script>", UNKNOWN_BROWSER),
        ("", UNKNOWN_BROWSER),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    assert browser_words(agent) == words
