"""What attackers try at the doors: fixed and forged sessions, foreign hosts, forged forms, redirects elsewhere."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from ebok.access.models import User
from ebok.portal.security.urls import urlpatterns
from tests.portal.factors import SECOND_STEP, app_code, recovery_codes, sign_in_by, with_app, with_passkey
from tests.portal.test_sign_in import PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db
COOKIE = "ebok-session"


@pytest.fixture
def user() -> User:
    return make_user()


def key(client: Client) -> str:
    return client.cookies[COOKIE].value


def test_a_session_planted_before_sign_in_is_worth_nothing_after_it(client: Client, user: User) -> None:
    attacker = Client()
    attacker.post("/haslo/reset/", {"email": "x@example.com"})
    client.cookies[COOKIE] = key(attacker)
    sign_in(client, "anna")
    assert key(client) != key(attacker)
    assert attacker.get("/ja/").status_code == 302


def test_a_made_up_session_is_not_taken_on(client: Client, user: User) -> None:
    client.cookies[COOKIE] = "a" * 32
    sign_in(client, "anna")
    assert key(client) != "a" * 32


def test_the_session_changes_at_the_second_step_too(client: Client, user: User) -> None:
    sign_in(client, "anna")
    with_app(client)
    code, other = recovery_codes(client)[0], Client()
    sign_in(other, "anna")
    between = key(other)
    other.post(SECOND_STEP, {"code": code})
    assert key(other) != between
    stolen = Client()
    stolen.cookies[COOKIE] = between
    assert stolen.get("/ja/").status_code == 302
    assert stolen.get(SECOND_STEP)["Location"] == "/logowanie/"


def test_the_session_changes_at_a_sign_in_by_passkey(client: Client, user: User) -> None:
    sign_in(client, "anna")
    passkey, other = with_passkey(client), Client()
    other.post("/logowanie/klucz/poczatek/")
    before = key(other)
    sign_in_by(passkey, other)
    assert key(other) != before


def test_the_first_step_alone_opens_nothing(client: Client, user: User) -> None:
    sign_in(client, "anna")
    with_app(client)
    other = Client()
    sign_in(other, "anna")
    for page in ("/panel/", "/ja/", "/bezpieczenstwo/", "/haslo/zmiana/", "/biuro/", "/potwierdz/"):
        assert other.get(page)["Location"].startswith("/logowanie/")


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x",
        "A" * 32,
        "../../etc/passwd",
        "' OR 1=1 --",
        "\x00",
        "é",
        "a" * 4000,
        signing.dumps({"_auth_user_id": "1"}),
    ],
    ids=range(9),
)
def test_a_forged_session_cookie_is_a_strangers(client: Client, user: User, forged: str) -> None:
    client.cookies[COOKIE] = forged
    answer = client.get("/ja/")
    assert (answer.status_code, answer["Location"]) == (302, "/logowanie/?next=%2Fja%2F")
    assert client.get("/logowanie/").status_code == 200


def test_one_changed_letter_of_the_cookie_opens_nothing(client: Client, user: User) -> None:
    sign_in(client, "anna")
    true = key(client)
    for at in range(0, len(true), 5):
        other = Client()
        other.cookies[COOKIE] = true[:at] + ("a" if true[at] != "a" else "b") + true[at + 1 :]
        assert other.get("/ja/").status_code == 302


@pytest.mark.parametrize(
    "host", ["zly.example", "zly.example:8000", "localhost.zly.example", "a b", "localhost@zly.example"]
)
@pytest.mark.parametrize("path", ["/logowanie/", "/haslo/reset/", "/potwierdz/", "/logowanie/klucz/poczatek/"])
def test_a_host_that_is_not_ours_is_refused(client: Client, host: str, path: str) -> None:
    for send in (client.get, client.post):
        assert send(path, HTTP_HOST=host).status_code == 400


def test_a_forwarded_host_changes_nothing(client: Client, user: User) -> None:
    answer = client.post("/logowanie/", {"login": "anna", "password": PASSWORD}, HTTP_X_FORWARDED_HOST="zly.example")
    assert answer["Location"] == "/panel/"


def test_a_passkey_is_asked_for_our_own_address_whatever_host_is_named(client: Client) -> None:
    asked = client.post("/logowanie/klucz/poczatek/", HTTP_HOST="127.0.0.1:8000").json()
    assert asked["publicKey"]["rpId"] == "localhost"
    assert asked["publicKey"]["userVerification"] == "required"
    assert asked["publicKey"].get("allowCredentials", []) == []


ELSEWHERE = (
    "https://zly.example/", "//zly.example/", "///zly.example", "/\\zly.example", "\\\\zly.example",
    "javascript:alert(1)", "http:zly.example", "/\t/zly.example", "%2F%2Fzly.example",
    "ftp://zly.example", "//user@zly.example",
)  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_way_in_leads_elsewhere(client: Client, user: User, wanted: str) -> None:
    first = sign_in(client, "anna", next=wanted)
    assert first["Location"] == "/panel/"
    passkey = with_passkey(client)
    places = [
        client.post("/potwierdz/", {"password": PASSWORD, "next": wanted})["Location"],
        client.post("/bezpieczenstwo/klucze/propozycja/", {"answer": "later", "next": wanted})["Location"],
        sign_in_by(passkey, Client(), next=wanted)["Location"],
    ]
    assert not any("zly" in place or "script" in place for place in places)


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_page_of_confirming_carries_an_address_elsewhere(client: Client, user: User, wanted: str) -> None:
    sign_in(client, "anna")
    with_app(client)
    for page in ("/potwierdz/", "/potwierdz/kod/", "/bezpieczenstwo/klucze/propozycja/"):
        assert "zly.example" not in client.get(page, {"next": wanted}).content.decode()


def routes(patterns: list[URLPattern | URLResolver]) -> list[str]:
    return [str(pattern.pattern).replace("<int:pk>", "1") for pattern in patterns]


@pytest.mark.parametrize("route", ["logowanie/", "haslo/zmiana/", "haslo/reset/", "wyloguj/", *routes(urlpatterns)])
def test_a_form_from_another_page_is_refused(user: User, route: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post(f"/{route}", {"code": "123456", "answer": "{}"})
    # Somebody signed in who sends a sign-in form from a stale tab is led on; nothing of the form is read.
    led_on = (302, "/panel/" if "logowanie/" in route else "")
    assert (answer.status_code, answer.get("Location")) in [(403, None), led_on]
    assert client.get("/bezpieczenstwo/").status_code == 200


def test_allauth_shows_no_page_of_its_own() -> None:
    def views(resolver: URLResolver) -> list[object]:
        found: list[object] = []
        for entry in resolver.url_patterns:
            found += views(entry) if isinstance(entry, URLResolver) else [entry.callback]
        return found

    classes = [getattr(view, "view_class", None) for view in views(get_resolver())]
    assert [one for one in classes if one is not None and one.__module__.startswith("allauth")] == []
    modules = {getattr(view, "__module__", "") for view in views(get_resolver())}
    assert [name for name in modules if name.startswith("allauth")] == []


def test_what_a_signed_in_person_sees_is_kept_nowhere(client: Client, user: User) -> None:
    sign_in(client, "anna")
    with_app(client)
    for page in ("/bezpieczenstwo/", "/bezpieczenstwo/kody/", "/bezpieczenstwo/kody/plik/", "/potwierdz/"):
        answer = client.get(page)
        assert "no-store" in answer["Cache-Control"]
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_an_old_code_after_the_app_was_set_up_anew_opens_nothing(client: Client, user: User) -> None:
    sign_in(client, "anna")
    old = with_app(client)
    client.post("/bezpieczenstwo/aplikacja/wylaczenie/")
    assert with_app(client) != old
    other = Client()
    sign_in(other, "anna")
    assert other.post(SECOND_STEP, {"code": app_code(old, steps=1)}).status_code == 200
