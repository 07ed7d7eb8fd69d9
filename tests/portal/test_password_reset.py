"""A new password by an e-mailed code: for the owner of the address, once, and nobody learns who owns it."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ebok.access.domain import CODE_TRIES, CodeTicket
from ebok.access.models import OneTimeCode, User
from ebok.access.operations import ResetRefusal, UnableToReset, ask_for_reset, reset_password
from ebok.adapters.mail import FakeTransport
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.foundation import ports
from ebok.notifications.models import OutgoingMessage
from ebok.notifications.operations import deliver_due
from ebok.notifications.ports import DeliveryFailed, FailureKind, MessageTransport
from ebok.portal.sign_in import throttles
from tests.portal.test_sign_in import NEW_PASSWORD, PASSWORD, make_user, sign_in

ANYBODY = Actor(kind=ActorKind.ANONYMOUS, name="portal", address="127.0.0.1")


@pytest.fixture
def transport() -> Iterator[FakeTransport]:
    fake = FakeTransport()
    before, made = dict(ports._factories), dict(ports._made)
    ports.provide(MessageTransport, lambda: fake)
    yield fake
    ports._factories.clear()
    ports._factories.update(before)
    ports._made.clear()
    ports._made.update(made)


def code() -> str:
    return OutgoingMessage.objects.filter(kind="password_reset_code").latest("id").context["code"]


def ask(client: Client, email: str = "anna@example.com"):
    return client.post("/haslo/reset/", {"email": email})


def confirm(client: Client, given: str, password: str = NEW_PASSWORD):
    return client.post("/haslo/reset/kod/", {"code": given, "new_password": password})


def other_than(right: str) -> str:
    return f"{(int(right) + 1) % 1_000_000:06d}"


@pytest.mark.django_db
def test_the_owner_of_the_address_sets_a_new_password(client: Client, transport: FakeTransport) -> None:
    make_user()
    elsewhere = Client()
    sign_in(elsewhere, "anna")
    answer = ask(client, "Anna@Example.com")
    assert (answer.status_code, answer["Location"]) == (302, "/haslo/reset/kod/")
    deliver_due(clock=timezone.now)
    grouped = re.search(r"(\d{3} \d{3})", transport.sent[0].text)
    assert grouped is not None
    answer = confirm(client, grouped.group(1))
    assert (answer.status_code, answer["Location"]) == (302, "/logowanie/")
    assert "_auth_user_id" not in client.session
    assert elsewhere.get("/ja/").status_code == 302
    assert sign_in(client, "anna", NEW_PASSWORD).status_code == 302
    kinds = set(OutgoingMessage.objects.values_list("kind", flat=True))
    assert kinds == {"password_reset_code", "password_changed", "new_device"}
    assert set(AuditRow.objects.filter(action__startswith="password").values_list("action", "result")) == {
        ("password.reset_asked", "ok"),
        ("password.reset", "ok"),
    }


@pytest.mark.django_db
def test_known_and_unknown_addresses_get_the_same_answers_and_the_same_work() -> None:
    make_user()
    ask(Client(), "warm@example.com")
    seen = []
    for email in ("anna@example.com", "nobody@example.com"):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, email)
        page = client.get("/haslo/reset/kod/").content.decode()
        wrong = confirm(client, "000000" if email.startswith("nobody") else other_than(code())).content.decode()
        statements = [re.sub(r"'[^']*'|\d+|s\w+_x\d+", "", q["sql"].split(" ")[0]) for q in queries]
        pages = [re.sub(r'value="[^"]*"', "", text) for text in (page, wrong)]
        seen.append((answer.status_code, answer["Location"], pages, _without_savepoint_ends(statements)))
    assert seen[0] == seen[1]


def _without_savepoint_ends(statements: list[str]) -> list[str]:
    return [s for s in statements if s not in {"RELEASE", "ROLLBACK"}]


@pytest.mark.django_db
def test_no_mail_goes_to_an_unknown_address(client: Client, transport: FakeTransport) -> None:
    make_user("ewa", "")
    ask(client, "nobody@example.com")
    assert OutgoingMessage.objects.count() == 0
    assert deliver_due(clock=timezone.now) == 0
    assert OneTimeCode.objects.get().user is None


@pytest.mark.django_db
def test_only_a_keyed_digest_of_the_code_is_kept(client: Client, transport: FakeTransport) -> None:
    make_user()
    ask(client)
    sent = code()
    assert sent not in str(vars(OneTimeCode.objects.get()))
    assert sent not in str(dict(client.session))
    deliver_due(clock=timezone.now)
    assert sent not in str(OutgoingMessage.objects.values())


@pytest.mark.django_db
def test_five_wrong_codes_end_it_even_for_the_right_one(client: Client) -> None:
    make_user()
    ask(client)
    right = code()
    for _ in range(CODE_TRIES):
        assert "Ten kod się nie zgadza." in confirm(client, other_than(right)).content.decode()
    assert "Ten kod już nie działa." in confirm(client, right).content.decode()
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.django_db
def test_a_weak_password_costs_no_try(client: Client) -> None:
    make_user()
    ask(client)
    for _ in range(CODE_TRIES + 1):
        assert "Twoje dane" in confirm(client, code(), "anna.zielinska1").content.decode()
    assert confirm(client, code()).status_code == 302


@pytest.mark.django_db
def test_a_code_works_for_ten_minutes(client: Client) -> None:
    make_user()
    with time_machine.travel(timezone.now(), tick=False) as travel:
        ask(client)
        travel.shift(timedelta(minutes=9, seconds=59))
        assert "co najmniej" in confirm(client, code(), "short").content.decode()
        travel.shift(timedelta(seconds=1))
        assert "Ten kod już nie działa." in confirm(client, code()).content.decode()


@pytest.mark.django_db
def test_a_code_works_once_and_only_in_the_session_that_asked(client: Client) -> None:
    make_user()
    ask(client)
    right = code()
    thief = Client()
    assert confirm(thief, right)["Location"] == "/haslo/reset/"
    ask(thief)
    assert "Ten kod się nie zgadza." in confirm(thief, right).content.decode()
    ticket = CodeTicket(**client.session["password_reset"])
    assert confirm(client, right).status_code == 302
    with pytest.raises(UnableToReset) as again:
        reset_password(ticket=ticket, code=right, new=NEW_PASSWORD, acting=ANYBODY, now=timezone.now())
    assert again.value.reason is ResetRefusal.EXPIRED


@pytest.mark.django_db
def test_a_used_code_ends_every_other_code_of_the_login(client: Client) -> None:
    make_user()
    first = Client()
    ask(first)
    early = code()
    ask(client)
    assert confirm(client, code()).status_code == 302
    assert "Ten kod już nie działa." in confirm(first, early).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_code_at_the_same_time_sets_one_password() -> None:
    make_user()
    now = timezone.now()
    ticket = ask_for_reset(address="anna@example.com", acting=ANYBODY, now=now)
    right = code()

    def use(number: int) -> str:
        try:
            new = f"{NEW_PASSWORD} {number}"
            reset_password(ticket=ticket, code=right, new=new, acting=ANYBODY, now=now)
        except UnableToReset as refusal:
            return refusal.reason.value
        finally:
            connections.close_all()
        return "ok"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(use, range(4)))
    assert outcomes == ["expired", "expired", "expired", "ok"]


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_time_get_no_more_than_five_tries() -> None:
    make_user()
    now = timezone.now()
    ticket = ask_for_reset(address="anna@example.com", acting=ANYBODY, now=now)
    wrong = other_than(code())

    def guess(number: int) -> str:
        try:
            reset_password(ticket=ticket, code=wrong, new=NEW_PASSWORD, acting=ANYBODY, now=now)
        except UnableToReset as refusal:
            return refusal.reason.value
        finally:
            connections.close_all()
        return "ok"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(guess, range(12)))
    assert outcomes.count("wrong_code") == CODE_TRIES
    assert outcomes.count("expired") == 12 - CODE_TRIES


@pytest.mark.django_db
def test_a_mail_server_that_is_down_is_nobodys_error_page(client: Client, transport: FakeTransport) -> None:
    make_user()
    transport.failure = DeliveryFailed(FailureKind.TEMPORARY, "connection refused")
    assert ask(client).status_code == 302
    deliver_due(clock=timezone.now)
    assert client.get("/haslo/reset/kod/").status_code == 200
    transport.failure = None
    deliver_due(clock=lambda: timezone.now() + timedelta(minutes=2))
    assert len(transport.sent) == 1


@pytest.mark.django_db
def test_a_reset_lets_the_owner_in_although_somebody_has_used_up_the_tries_at_their_login(client: Client) -> None:
    make_user()
    for n in range(12):
        sign_in(Client(REMOTE_ADDR="10.0.0.9"), ("anna", "anna@example.com")[n % 2], "wrong password here")
    assert sign_in(client, "anna").status_code == 200
    ask(client)
    confirm(client, code())
    assert sign_in(client, "anna", NEW_PASSWORD).status_code == 302


@pytest.mark.django_db
def test_asking_is_limited_alike_for_known_and_unknown_addresses(client: Client) -> None:
    make_user()
    for email in ("anna@example.com", "nobody@example.com"):
        for _ in range(throttles.CODE_EMAIL_ADDRESS.times):
            assert ask(client, email).status_code == 302
        answer = ask(client, email)
        assert answer.status_code == 200
        assert "Za dużo prób" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "१२३४५६"])
def test_what_is_no_code_costs_no_try(client: Client, given: str) -> None:
    make_user()
    ask(client)
    assert confirm(client, given).status_code == 200
    assert OneTimeCode.objects.get().tries == 0


@pytest.mark.django_db
def test_the_code_page_without_asking_leads_to_asking(client: Client) -> None:
    assert client.get("/haslo/reset/kod/")["Location"] == "/haslo/reset/"
    assert client.post("/haslo/reset/kod/", {"code": "123456"})["Location"] == "/haslo/reset/"
    assert client.delete("/haslo/reset/kod/").status_code == 405
