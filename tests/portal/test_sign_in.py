"""Signing in and out: the right person gets in, everybody else hears the same words."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from ebok.access.models import StaffPost, User
from ebok.access.operations import create_user, grant, revoke
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.customers.models import CustomerAccount
from ebok.foundation.limits import Limit
from ebok.notifications.models import OutgoingMessage
from ebok.portal.sign_in import throttles
from ebok.portal.sign_in.adapter import AccountAdapter, MailOutsideOutbox

ADMIN = Actor(kind=ActorKind.COMMAND, name="tests")
PASSWORD = "zielony traktor liczy gwiazdy"
NEW_PASSWORD = "cztery chmury bez parasola"
WHOLE = CustomerScope.whole(acting="tests")
MISMATCH = "Login lub hasło się nie zgadza."


def make_user(username: str = "anna", email: str = "anna@example.com") -> User:
    create_user(
        username=username,
        password=PASSWORD,
        email=email,
        full_name="Anna Zielińska",
        acting=ADMIN,
        now=timezone.now(),
    )
    return User.objects.get(username=username)


def make_account(number: str) -> CustomerAccount:
    now = timezone.now()
    return CustomerAccount.objects.create(
        number=number,
        kind="person",
        name="Anna Zielińska",
        street="ul. Polna",
        house=number[-1],
        postal_code="05-400",
        city="Otwock",
        registered_at=now,
        changed_at=now,
    )


def give(username: str, number: str) -> None:
    grant(
        scope=WHOLE,
        username=username,
        account_number=number,
        ground="test",
        today=timezone.localdate(),
        acting=ADMIN,
        now=timezone.now(),
    )


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra: str):
    return client.post("/logowanie/", {"login": login, "password": password, **extra})


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["anna", "ANNA", " anna ", "anna@example.com", "Anna@Example.com"])
def test_a_person_signs_in_by_login_or_email_in_any_case(client: Client, login: str) -> None:
    user = make_user()
    answer = sign_in(client, login)
    assert (answer.status_code, answer["Location"]) == (302, "/panel/")
    assert client.session["_auth_user_id"] == str(user.pk)
    row = AuditRow.objects.get(action="sign_in")
    assert (row.subject, row.actor_kind, row.result) == (f"user:{user.pk}", "user", "ok")


@pytest.mark.django_db
@pytest.mark.parametrize(("ended", "kind"), [(False, "staff"), (True, "user")])
def test_who_has_a_post_in_force_signs_in_and_out_as_staff(client: Client, *, ended: bool, kind: str) -> None:
    user, now = make_user("barbara", "barbara@example.com"), timezone.now()
    StaffPost.objects.create(
        user=user, role="clerk", started_at=now, started_by="tests",
        ended_at=now if ended else None, ended_by="tests" if ended else "",
    )  # fmt: skip
    sign_in(client, "barbara")
    client.post("/wyloguj/")
    rows = AuditRow.objects.filter(action__in=["sign_in", "device.new", "sign_out"])
    assert {(row.action, row.actor_kind) for row in rows} == {
        ("sign_in", kind), ("device.new", kind), ("sign_out", kind),
    }  # fmt: skip


@pytest.mark.django_db
def test_unknown_login_wrong_password_and_switched_off_login_are_answered_alike(client: Client) -> None:
    make_user()
    make_user("jan", "jan@example.com")
    User.objects.filter(username="jan").update(is_active=False)
    answers = [
        sign_in(client, "anna", "wrong password here"),
        sign_in(client, "nobody", "wrong password here"),
        sign_in(client, "nobody@example.com", "wrong password here"),
        sign_in(client, "jan"),
    ]
    bodies = {_without_what_was_typed(a.content.decode()) for a in answers}
    assert {a.status_code for a in answers} == {200}
    assert len(bodies) == 1
    assert MISMATCH in bodies.pop()
    assert "_auth_user_id" not in client.session
    rows = AuditRow.objects.filter(action="sign_in")
    assert set(rows.values_list("result", "actor_name", "subject")) == {("refused", "portal", "login")}


def _without_what_was_typed(body: str) -> str:
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", body)
    return re.sub(r'value="(anna|jan|nobody|nobody@example.com)"', 'value=""', body)


@pytest.mark.django_db
def test_work_for_an_unknown_login_is_the_work_for_a_known_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user()
    make_user("jan", "jan@example.com")
    User.objects.filter(username="jan").update(is_active=False)
    StaffPost.objects.create(
        user=make_user("bok", "bok@example.com"), role="clerk", started_at=timezone.now(), started_by="tests"
    )
    hashed: list[int] = []
    true_encode, true_verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
    monkeypatch.setattr(
        Argon2PasswordHasher, "encode", lambda self, *a, **k: (hashed.append(1), true_encode(self, *a, **k))[1]
    )
    monkeypatch.setattr(
        Argon2PasswordHasher, "verify", lambda self, *a, **k: (hashed.append(1), true_verify(self, *a, **k))[1]
    )
    counts = []
    for name in ("anna", "nobody", "jan", "bok"):
        for login in (name, f"{name}@example.com"):
            hashed.clear()
            with CaptureQueriesContext(connection) as queries:
                sign_in(client, login, "wrong password here")
            counts.append((len(hashed), len(queries)))
    assert len(set(counts)) == 1
    assert counts[0][0] == 1


@pytest.mark.django_db
def test_a_login_has_ten_tries_an_hour_by_name_and_by_email_together(client: Client) -> None:
    make_user()
    answers = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for n in range(24):
            answers.append(sign_in(client, ("anna", "Anna@Example.com")[n % 2], "wrong password here"))
            clock.shift(timedelta(minutes=2))
    assert sum(MISMATCH in answer.content.decode() for answer in answers) == 10


@pytest.mark.django_db
def test_an_address_has_a_hundred_tries_an_hour(client: Client) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        heard = []
        for n in range(110):
            heard.append(MISMATCH in sign_in(client, f"nobody{n}", "wrong password here").content.decode())
            clock.shift(timedelta(seconds=30))
    assert sum(heard) == 100


@pytest.mark.django_db
def test_too_many_wrong_passwords_stop_even_the_right_one_until_an_hour_has_passed(client: Client) -> None:
    make_user()
    for _ in range(throttles.SIGN_IN[0].times):
        assert MISMATCH in sign_in(client, "anna", "wrong password here").content.decode()
    assert "Za dużo prób" in sign_in(client, "anna").content.decode()
    assert "Za dużo prób" in sign_in(Client(REMOTE_ADDR="10.0.0.9"), "anna").content.decode()
    assert AuditRow.objects.filter(result="too_many").count() == 2


@pytest.mark.django_db
def test_good_sign_ins_use_no_limit_up(client: Client) -> None:
    make_user()
    for _ in range(throttles.SIGN_IN[0].times + 2):
        assert sign_in(Client(), "anna").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/faktury/?rok=2026", "/faktury/?rok=2026"),
        ("https://evil.example/", "/panel/"),
        ("//evil.example/", "/panel/"),
        ("/\\evil.example/", "/panel/"),
        ("javascript:alert(1)", "/panel/"),
    ],
)
def test_after_sign_in_a_person_lands_only_on_our_pages(client: Client, wanted: str, given: str) -> None:
    make_user()
    assert sign_in(client, "anna", next=wanted)["Location"] == given


@pytest.mark.django_db
def test_the_session_id_changes_at_sign_in(client: Client) -> None:
    make_user()
    client.post("/haslo/reset/", {"email": "x@example.com"})
    before = client.session.session_key
    sign_in(client, "anna")
    assert client.session.session_key not in {None, before}
    stolen = Client()
    stolen.cookies["ebok-session"] = before or ""
    assert stolen.get("/ja/").status_code == 302


@pytest.mark.django_db
def test_sign_out_ends_the_session_and_clears_the_browser(client: Client) -> None:
    make_user()
    sign_in(client, "anna")
    assert client.get("/wyloguj/").status_code == 200
    assert client.get("/ja/").status_code == 200
    answer = client.post("/wyloguj/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "storage" in answer["Clear-Site-Data"]
    assert client.get("/ja/").status_code == 302
    assert AuditRow.objects.filter(action="sign_out").count() == 1


@pytest.mark.django_db
def test_nobody_signs_up_by_themselves(client: Client) -> None:
    for path in ("/signup/", "/logowanie/signup/", "/rejestracja/"):
        assert client.get(path).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ja/", "/haslo/zmiana/"])
def test_a_stranger_is_asked_to_sign_in_and_brought_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == f"/logowanie/?next={path.replace('/', '%2F')}"
    assert client.post(path).status_code in {302, 405}


@pytest.mark.django_db
def test_the_page_of_the_person_shows_what_is_open_to_them_and_nothing_else(client: Client) -> None:
    make_user()
    make_account("K-1")
    make_account("K-2")
    give("anna", "K-1")
    sign_in(client, "anna")
    body = client.get("/ja/").content.decode()
    assert "K-1" in body
    assert "K-2" not in body
    assert "anna@example.com" in body


@pytest.mark.django_db
def test_a_revoked_or_ended_grant_is_gone_with_the_next_request(client: Client) -> None:
    make_user()
    make_account("K-1")
    give("anna", "K-1")
    sign_in(client, "anna")
    assert "K-1" in client.get("/ja/").content.decode()
    revoke(scope=WHOLE, username="anna", account_number="K-1", acting=ADMIN, now=timezone.now())
    assert "K-1" not in client.get("/ja/").content.decode()


@pytest.mark.django_db
def test_a_login_switched_off_is_out_with_the_next_request(client: Client) -> None:
    make_user()
    sign_in(client, "anna")
    User.objects.update(is_active=False)
    assert client.get("/ja/").status_code == 302


@pytest.mark.django_db
def test_premises_are_chosen_only_among_those_in_scope(client: Client) -> None:
    make_user()
    mine, other, foreign = make_account("K-1"), make_account("K-2"), make_account("K-3")
    give("anna", "K-1")
    give("anna", "K-2")
    sign_in(client, "anna")
    assert client.post("/lokal/", {"account": other.id, "next": "/faktury/"})["Location"] == "/faktury/"
    assert client.session["account_id"] == other.id
    for wrong in (foreign.id, 0, "x", ""):
        assert client.post("/lokal/", {"account": wrong}).status_code == 404
    assert client.session["account_id"] == other.id
    assert client.post("/lokal/", {"account": mine.id, "next": "//evil.example/"})["Location"] == "/panel/"
    assert client.get("/lokal/").status_code == 405


@pytest.mark.django_db
def test_changing_the_password_ends_other_sessions_and_keeps_this_one(client: Client) -> None:
    make_user()
    other = Client()
    sign_in(client, "anna")
    sign_in(other, "anna")
    answer = client.post("/haslo/zmiana/", {"present_password": PASSWORD, "new_password": NEW_PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/ja/")
    assert client.get("/ja/").status_code == 200
    assert other.get("/ja/").status_code == 302
    assert sign_in(Client(), "anna", NEW_PASSWORD).status_code == 302
    assert sign_in(Client(), "anna", PASSWORD).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("present", "new", "said"),
    [
        ("wrong password here", NEW_PASSWORD, "To nie jest Twoje obecne hasło."),
        (PASSWORD, "za krótkie", "co najmniej 12 znaków"),
        (PASSWORD, "x" * 129, "Skróć hasło do 128 znaków."),
        (PASSWORD, "aaaaaaaaaaaaaaa", "łatwo zgadnąć"),
        (PASSWORD, "anna.zielinska1", "Twoje dane"),
        (PASSWORD, "wodociagi2026", "naszą nazwę"),
    ],
)
def test_a_password_that_will_not_do_is_refused_at_its_field(client: Client, present: str, new: str, said: str) -> None:
    make_user()
    sign_in(client, "anna")
    answer = client.post("/haslo/zmiana/", {"present_password": present, "new_password": new})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.django_db
def test_no_password_or_address_is_written_into_the_audit_trail(client: Client) -> None:
    make_user()
    sign_in(client, "anna@example.com", "wrong password here")
    sign_in(client, "anna@example.com")
    client.post("/haslo/zmiana/", {"present_password": PASSWORD, "new_password": NEW_PASSWORD})
    client.post("/haslo/reset/", {"email": "anna@example.com"})
    written = " ".join(str(vars(row)) for row in AuditRow.objects.all())
    for secret in ("anna@", PASSWORD, NEW_PASSWORD, "wrong password here"):
        assert secret not in written


def test_limits_are_named_with_their_windows() -> None:
    limits = [limit for limit in (*vars(throttles).values(), *throttles.SIGN_IN) if isinstance(limit, Limit)]
    assert len({limit.name for limit in limits}) == len(limits)
    for limit in limits:
        assert limit.times > 0
        assert timedelta(minutes=1) <= limit.within <= timedelta(days=1)


@pytest.mark.django_db
def test_a_demo_login_works_only_in_a_demo(client: Client, settings: Settings) -> None:
    make_user()
    User.objects.update(is_demo=True)
    assert sign_in(client, "anna").status_code == 302
    settings.EBOK_PUBLIC_URL = "https://ebok.example"
    assert MISMATCH in sign_in(Client(), "anna").content.decode()
    settings.EBOK_PUBLIC_URL = "http://localhost:8000"
    settings.EBOK_DEMO = False
    assert MISMATCH in sign_in(Client(), "anna").content.decode()


@pytest.mark.django_db
def test_a_wrong_present_password_is_on_record(client: Client) -> None:
    make_user()
    sign_in(client, "anna")
    client.post("/haslo/zmiana/", {"present_password": "wrong password here", "new_password": NEW_PASSWORD})
    assert AuditRow.objects.get(action="password.change").result == "wrong_password"


@pytest.mark.django_db
def test_what_allauth_wants_to_mail_goes_through_the_outbox(rf: RequestFactory) -> None:
    adapter = AccountAdapter(rf.get("/"))
    adapter.send_mail("account/email/password_changed", "anna@example.com", {})
    assert OutgoingMessage.objects.get().kind == "password_changed"
    with pytest.raises(MailOutsideOutbox):
        adapter.send_mail("account/email/unknown_account", "anna@example.com", {})
