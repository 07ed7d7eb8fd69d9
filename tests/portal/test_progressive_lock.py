"""Wrong passwords make the wait grow and never lock for good; whoever owns the login gets in all the same."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from ebok.access.models import KnownDevice
from ebok.audit.models import AuditRow
from ebok.foundation.limits import take_each, wait_until
from ebok.notifications.models import OutgoingMessage
from ebok.portal.sign_in import throttles
from tests.portal.factors import sign_in_by, with_passkey
from tests.portal.test_login_code import ask, code, type_in
from tests.portal.test_sign_in import MISMATCH, make_user, sign_in

WRONG = "wrong password here"
MINUTE = timedelta(minutes=1)
START = datetime(2026, 11, 22, 12, tzinfo=UTC)


def heard(answer) -> str:
    found = re.search(r"Za dużo prób[^<]*", answer.content.decode())
    return found.group(0).replace("\xa0", " ") if found else ""


def checked(client: Client, login: str = "anna", *, tries: int = 1) -> int:
    """How many of these wrong passwords were really compared."""
    return sum(MISMATCH in sign_in(client, login, WRONG).content.decode() for _ in range(tries))


def refused_at(now: datetime) -> str:
    """Count one try at a login; what is said when it is refused."""
    refused = take_each(uses=throttles.sign_in_uses(who="user:1", address="10.0.0.9"), now=now)
    return throttles.too_many_passwords(refused=refused, now=now).replace("\xa0", " ") if refused else ""


@pytest.mark.django_db
def test_the_wait_grows_from_minutes_to_an_hour_to_a_day() -> None:
    now, waits = START, []
    for _ in range(40):
        waits.append(next(words for _ in range(9) if (words := refused_at(now))))
        now += 6 * MINUTE
    assert waits[0].startswith("Za dużo prób. Spróbuj ponownie za 6 minut.")
    assert any(re.search(r"za [1-9]\d minut", words) for words in waits)
    assert any(re.search(r"za \d+ godzin", words) for words in waits)
    assert refused_at(now + timedelta(hours=27)) == ""


@pytest.mark.django_db
def test_never_more_than_ten_an_hour_or_thirty_a_day_whatever_the_pace() -> None:
    moments = [START + n * 7 * MINUTE for n in range(26 * 60 // 7) for _ in range(2)]
    at = [moment for moment in moments if not refused_at(moment)]
    for limit in throttles.SIGN_IN:
        spans = [sum(first <= moment < first + limit.within for moment in at) for first in at]
        assert max(spans) <= limit.times
    assert 30 <= len(at) <= 60


@pytest.mark.django_db
def test_the_page_says_how_long_and_what_else_one_can_do(client: Client) -> None:
    make_user()
    with time_machine.travel(START, tick=False):
        checked(client, tries=5)
        answer = sign_in(client, "anna")
    assert answer.status_code == 200
    assert heard(answer) == f"Za dużo prób. Spróbuj ponownie za 6 minut. {throttles.OTHER_WAY}"
    assert 'href="/logowanie/kod/"' in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_login_is_locked_in_the_same_words(client: Client) -> None:
    make_user()
    bodies = []
    with time_machine.travel(timezone.now(), tick=False):
        for login in ("anna", "ewa1"):
            checked(client, login, tries=5)
            bodies.append(heard(sign_in(client, login)))
    assert bodies[0] == bodies[1] != ""


@pytest.mark.django_db
def test_the_wait_that_is_said_is_long_enough(client: Client) -> None:
    user = make_user()
    with time_machine.travel(timezone.now(), tick=False) as travel:
        checked(client, tries=5)
        uses = throttles.sign_in_uses(who=f"user:{user.pk}", address="127.0.0.1")
        free = wait_until(uses=uses, now=timezone.now())
        travel.move_to(free - timedelta(seconds=1))
        assert heard(sign_in(client, "anna"))
        travel.move_to(free)
        assert sign_in(client, "anna").status_code == 302


@pytest.mark.django_db
def test_a_locked_owner_gets_in_by_an_emailed_code(client: Client) -> None:
    make_user()
    stranger = Client(REMOTE_ADDR="10.0.0.9")
    for _ in range(3):
        checked(stranger, tries=12)
    assert heard(sign_in(client, "anna"))
    ask(client)
    assert type_in(client, code())["Location"] == "/panel/"


@pytest.mark.django_db
def test_a_locked_owner_gets_in_by_a_passkey(client: Client) -> None:
    make_user()
    sign_in(client, "anna")
    passkey = with_passkey(client)
    client.post("/wyloguj/")
    for n in range(12):
        checked(Client(REMOTE_ADDR=f"10.0.0.{n}"), tries=3)
    elsewhere = Client()
    assert heard(sign_in(elsewhere, "anna"))
    assert sign_in_by(passkey, elsewhere)["Location"] == "/panel/"
    assert "_auth_user_id" in elsewhere.session


@pytest.mark.django_db
def test_an_owner_without_email_or_key_is_not_kept_out_of_their_own_browser(client: Client) -> None:
    make_user(email="")
    sign_in(client, "anna")
    client.post("/wyloguj/")
    for n in range(12):
        checked(Client(REMOTE_ADDR=f"10.0.0.{n}"), tries=3)
    assert heard(sign_in(Client(REMOTE_ADDR="10.0.1.1"), "anna"))
    sign_in(client, "anna")
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_a_known_browser_has_as_many_passwords_of_its_own_and_not_one_more(client: Client) -> None:
    make_user(email="")
    with time_machine.travel(START, tick=False):
        sign_in(client, "anna")
        client.post("/wyloguj/")
        assert checked(client, tries=8) == throttles.SIGN_IN_DEVICE[0].times
        assert heard(sign_in(client, "anna")) == f"Za dużo prób. Spróbuj ponownie za 6 minut. {throttles.OTHER_WAY}"
        assert sign_in(Client(), "anna").status_code == 302


@pytest.mark.django_db
def test_a_browser_that_knows_another_login_has_no_passwords_of_its_own(client: Client) -> None:
    make_user(email="")
    make_user("jan", "jan@example.com")
    sign_in(client, "jan")
    client.post("/wyloguj/")
    assert checked(Client(REMOTE_ADDR="10.0.0.9"), tries=8) == throttles.SIGN_IN[0].times
    assert heard(sign_in(client, "anna"))


@pytest.mark.django_db
def test_a_stranger_who_asks_for_codes_leaves_some_for_the_owner(client: Client) -> None:
    make_user()
    stranger = Client(REMOTE_ADDR="10.0.0.9")
    answers = [ask(stranger).status_code for _ in range(8)]
    assert answers.count(302) == throttles.CODE_EMAIL_ADDRESS.times
    assert ask(client).status_code == 302
    assert type_in(client, code())["Location"] == "/panel/"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/logowanie/kod/", "/haslo/reset/"])
def test_many_strangers_never_shut_out_the_owners_own_browser(client: Client, path: str) -> None:
    make_user()
    sign_in(client, "anna")
    client.post("/wyloguj/")
    for n in range(12):
        for _ in range(3):
            Client(REMOTE_ADDR=f"10.0.0.{n}").post(path, {"email": "anna@example.com"})
            sign_in(Client(REMOTE_ADDR=f"10.0.0.{n}"), "anna", WRONG)
    assert heard(ask(Client(REMOTE_ADDR="10.0.1.1")))
    assert client.post(path, {"email": "anna@example.com"}).status_code == 302
    ask(client)
    type_in(client, code())
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_a_known_browser_has_tries_of_its_own_but_not_without_end(client: Client) -> None:
    make_user()
    sign_in(client, "anna")
    client.post("/wyloguj/")
    assert [ask(client).status_code for _ in range(7)].count(302) == throttles.CODE_DEVICE.times


@pytest.mark.django_db
def test_somebody_elses_browser_is_no_known_one(client: Client) -> None:
    make_user()
    make_user("jan", "jan@example.com")
    sign_in(client, "jan")
    client.post("/wyloguj/")
    assert [ask(client).status_code for _ in range(7)].count(302) == throttles.CODE_EMAIL_ADDRESS.times
    assert KnownDevice.objects.count() == 1


@pytest.mark.django_db
def test_no_mail_goes_out_for_what_is_refused(client: Client) -> None:
    make_user()
    for _ in range(10):
        ask(client)
    assert OutgoingMessage.objects.count() == throttles.CODE_EMAIL_ADDRESS.times


@pytest.mark.django_db
def test_what_is_refused_for_one_limit_uses_up_no_other(client: Client) -> None:
    make_user()
    checked(client, tries=20)
    others = sum(checked(client, f"nobody{n}") for n in range(110))
    assert others == throttles.SIGN_IN_ADDRESS.times - throttles.SIGN_IN[0].times
    assert AuditRow.objects.filter(result="too_many").count() == 15 + 10 + 5
