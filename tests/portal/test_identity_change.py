"""A new e-mail or phone: only with a code that went to it, the old one is told, and nobody learns who has which."""

import re

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from ebok.access.domain import CODE_TRIES
from ebok.access.models import Grant, OneTimeCode, StaffPost, User
from ebok.access.operations.identity import email_hint
from ebok.audit.models import AuditRow
from ebok.customers.queries import accounts
from ebok.kernel.phones import mobile_number, shown_phone
from ebok.notifications.models import OutgoingMessage
from ebok.portal.sign_in import throttles
from ebok.web.kept import Kept
from tests.portal.test_login_code import code as login_code
from tests.portal.test_sign_in import WHOLE, give, make_account, make_user, sign_in

EMAIL, EMAIL_CODE = "/ja/email/", "/ja/email/kod/"
PHONE, PHONE_CODE, PHONE_REMOVAL = "/ja/telefon/", "/ja/telefon/kod/", "/ja/telefon/usuniecie/"
NEW, NUMBER = "nowa@example.com", "+48600123456"


@pytest.fixture
def anna(client: Client) -> Client:
    make_user()
    sign_in(client, "anna")
    return client


def code(kind: str) -> str:
    return OutgoingMessage.objects.filter(kind=kind).latest("id").context["code"]


def told(kind: str) -> list[tuple[str, str, str]]:
    rows = OutgoingMessage.objects.filter(kind=kind).order_by("id")
    return [(row.channel, row.recipient, row.context["new_hint"]) for row in rows]


def other_than(right: str) -> str:
    return f"{(int(right) + 1) % 1_000_000:06d}"


@pytest.mark.django_db
def test_a_new_email_counts_only_after_its_code(anna: Client) -> None:
    assert anna.post(EMAIL, {"email": "Nowa@Example.com"})["Location"] == EMAIL_CODE
    assert User.objects.get().email == "anna@example.com"
    assert OutgoingMessage.objects.get(kind="email_change_code").recipient == NEW
    assert NEW in anna.get(EMAIL_CODE).content.decode()
    assert anna.post(EMAIL_CODE, {"code": code("email_change_code")})["Location"] == "/ja/"
    assert User.objects.get().email == NEW
    assert told("email_changed") == [("email", "anna@example.com", "n…@example.com")]
    results = AuditRow.objects.filter(action__startswith="email.").values_list("action", "result")
    assert list(results) == [("email.change_asked", "ok"), ("email.change", "ok")]
    assert sign_in(Client(), NEW).status_code == 302


@pytest.mark.django_db
def test_an_address_somebody_else_has_gets_no_code_and_the_same_answer(anna: Client) -> None:
    make_user("jan", "jan@example.com")
    seen = []
    for new in (NEW, "jan@example.com"):
        with CaptureQueriesContext(connection) as queries:
            answer = anna.post(EMAIL, {"email": new})
        statements = [q["sql"].split(" ")[0] for q in queries]
        page = anna.get(EMAIL_CODE).content.decode().replace(new, "")
        kept = [s for s in statements if s not in {"RELEASE", "ROLLBACK"}]
        seen.append((answer.status_code, answer["Location"], re.sub(r'value="[^"]*"', "", page), kept))
    assert seen[0] == seen[1]
    assert [m.recipient for m in OutgoingMessage.objects.filter(kind="email_change_code")] == [NEW]
    assert "Ten kod się nie zgadza." in anna.post(EMAIL_CODE, {"code": "000000"}).content.decode()
    assert set(User.objects.values_list("email", flat=True)) == {"anna@example.com", "jan@example.com"}


@pytest.mark.django_db
def test_an_address_taken_meanwhile_stays_with_whoever_took_it(anna: Client) -> None:
    anna.post(EMAIL, {"email": NEW})
    make_user("jan", NEW)
    assert "Ten kod już nie działa." in anna.post(EMAIL_CODE, {"code": code("email_change_code")}).content.decode()
    assert User.objects.get(username="anna").email == "anna@example.com"


@pytest.mark.django_db
def test_codes_that_went_to_the_old_address_end_with_it(anna: Client) -> None:
    thief = Client()
    thief.post("/logowanie/kod/", {"email": "anna@example.com"})
    old = login_code()
    anna.post(EMAIL, {"email": NEW})
    anna.post(EMAIL_CODE, {"code": code("email_change_code")})
    assert "Ten kod już nie działa." in thief.post("/logowanie/kod/wpisz/", {"code": old}).content.decode()


@pytest.mark.django_db
def test_a_new_phone_counts_only_after_its_code(anna: Client) -> None:
    assert anna.post(PHONE, {"phone": "600 123 456"})["Location"] == PHONE_CODE
    assert User.objects.get().phone == ""
    sms = OutgoingMessage.objects.get(kind="phone_change_code")
    assert (sms.channel, sms.recipient) == ("sms", NUMBER)
    assert anna.post(PHONE_CODE, {"code": code("phone_change_code")})["Location"] == "/ja/"
    assert User.objects.get().phone == NUMBER
    assert "600 123 456" in anna.get("/ja/").content.decode().replace("\xa0", " ")
    anna.post(PHONE, {"phone": "+48 600 123 457"})
    anna.post(PHONE_CODE, {"code": code("phone_change_code")})
    assert told("phone_changed") == [
        ("email", "anna@example.com", "… 456"),
        ("email", "anna@example.com", "… 457"),
        ("sms", NUMBER, "457"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "field"), [("/ja/email/kontakt/", "email"), ("/ja/telefon/kontakt/", "phone")])
def test_the_new_contact_may_become_that_of_ones_accounts(anna: Client, path: str, field: str) -> None:
    User.objects.update(phone=NUMBER)
    mine, other, foreign = (make_account(f"K-{n}") for n in range(1, 4))
    give("anna", "K-1")
    give("anna", "K-2")
    page = anna.get(path).content.decode()
    assert "K-1" in page
    assert "K-3" not in page
    assert "Zaznacz konto albo" in anna.post(path, {}).content.decode()
    assert "Zaznacz konto z listy." in anna.post(path, {"accounts": [mine.pk, foreign.pk]}).content.decode()
    assert anna.post(path, {"accounts": [mine.pk], field: "obcy@example.com"})["Location"] == "/ja/"
    value = {"email": "anna@example.com", "phone": NUMBER}[field]
    seen = {one.id: getattr(one, field) for one in accounts(scope=WHOLE)}
    assert seen == {mine.pk: value, other.pk: "", foreign.pk: ""}
    assert "K-1" not in anna.get(path).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "led_to"), [("full", "/ja/telefon/kontakt/"), ("payer", "/ja/")])
def test_only_who_may_change_details_is_asked_about_accounts(anna: Client, role: str, led_to: str) -> None:
    account = make_account("K-1")
    give("anna", "K-1")
    Grant.objects.update(role=role)
    anna.post(PHONE, {"phone": "600 123 456"})
    assert anna.post(PHONE_CODE, {"code": code("phone_change_code")})["Location"] == led_to
    anna.post("/ja/telefon/kontakt/", {"accounts": [account.pk]})
    assert accounts(scope=WHOLE)[0].phone == (NUMBER if role == "full" else "")


@pytest.mark.django_db
def test_staff_change_theirs_and_go_back_to_their_own_page(anna: Client) -> None:
    now = timezone.now()
    StaffPost.objects.create(user=User.objects.get(), role="clerk", started_at=now, started_by="tests")
    session = anna.session
    session["staff"] = "clerk"
    session.save()
    assert "/bezpieczenstwo/" in anna.get(EMAIL).content.decode()
    anna.post(EMAIL, {"email": NEW})
    assert anna.post(EMAIL_CODE, {"code": code("email_change_code")})["Location"] == "/bezpieczenstwo/"


@pytest.mark.django_db
def test_a_phone_can_be_removed_and_is_told_of_it(anna: Client) -> None:
    User.objects.update(phone=NUMBER)
    assert anna.get(PHONE_REMOVAL).status_code == 405
    assert anna.post(PHONE_REMOVAL)["Location"] == "/ja/"
    assert User.objects.get().phone == ""
    assert told("phone_changed") == [("email", "anna@example.com", ""), ("sms", NUMBER, "")]
    anna.post(PHONE_REMOVAL)
    assert AuditRow.objects.filter(action="phone.remove").count() == 1


@pytest.mark.django_db
def test_without_sms_the_page_says_how_else(anna: Client, settings: Settings) -> None:
    settings.EBOK_SMS_URL = ""
    assert "Zadzwoń do nas" in anna.get(PHONE).content.decode()
    anna.post(PHONE, {"phone": "600 123 456"})
    assert OneTimeCode.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("path", [EMAIL, EMAIL_CODE, PHONE, PHONE_CODE, PHONE_REMOVAL])
def test_nobody_changes_anything_without_being_there_just_now(client: Client, path: str) -> None:
    assert client.post(path)["Location"].startswith("/logowanie/")
    make_user()
    with time_machine.travel(timezone.now(), tick=False) as travel:
        sign_in(client, "anna")
        travel.shift(django_settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
        for method in (client.get, client.post):
            assert method(path)["Location"].startswith("/potwierdz/")


@pytest.mark.django_db
def test_a_code_is_good_for_one_login_one_purpose_and_five_tries(anna: Client) -> None:
    make_user("jan", "jan@example.com")
    jan = Client()
    sign_in(jan, "jan")
    anna.post(EMAIL, {"email": NEW})
    right = code("email_change_code")
    for stolen in ("identity_change.email", "identity_change.phone"):
        session = jan.session
        Kept(name=stolen).put(session, Kept(name="identity_change.email").get(anna.session))
        session.save()
    assert "Ten kod się nie zgadza." in jan.post(EMAIL_CODE, {"code": right}).content.decode()
    assert "Ten kod już nie działa." in jan.post(PHONE_CODE, {"code": right}).content.decode()
    for _ in range(CODE_TRIES):
        anna.post(EMAIL_CODE, {"code": other_than(right)})
    assert "Ten kod już nie działa." in anna.post(EMAIL_CODE, {"code": right}).content.decode()
    assert User.objects.get(username="anna").email == "anna@example.com"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field", "typed"),
    [
        (EMAIL, "email", "anna@example.com"), (EMAIL, "email", "ANNA@example.com"), (EMAIL, "email", "anna"),
        (EMAIL, "email", ""), (EMAIL, "email", "x" * 400 + "@example.com"), (EMAIL, "email", "a\x00b@example.com"),
        (EMAIL, "email", "аnna@example.com"), (EMAIL, "email", "anna@example.com\nBcc: x@example.com"),
        (PHONE, "phone", ""), (PHONE, "phone", "123"), (PHONE, "phone", "22 612 34 56"), (PHONE, "phone", "6" * 500),
        (PHONE, "phone", "600\x00123456"), (PHONE, "phone", "sześćset"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_at_its_field(anna: Client, path: str, field: str, typed: str) -> None:
    answer = anna.post(path, {field: typed})
    assert answer.status_code == 200
    assert f"id_{field}_error" in answer.content.decode()
    assert OneTimeCode.objects.count() == 0


@pytest.mark.django_db
def test_nobody_fills_a_strangers_mailbox_or_phone(anna: Client) -> None:
    for _ in range(throttles.IDENTITY_TARGET.times):
        assert anna.post(PHONE, {"phone": "600 123 456"}).status_code == 302
    make_user("jan", "jan@example.com")
    jan = Client()
    sign_in(jan, "jan")
    assert "Za dużo prób" in jan.post(PHONE, {"phone": "600123456"}).content.decode()
    assert jan.post(PHONE, {"phone": "600123457"}).status_code == 302


@pytest.mark.django_db
def test_typing_a_code_without_asking_leads_to_asking(anna: Client) -> None:
    assert anna.get(EMAIL_CODE)["Location"] == EMAIL
    assert anna.post(PHONE_CODE, {"code": "123456"})["Location"] == PHONE


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_is_none(typed: str) -> None:
    number = mobile_number(typed)
    assert number is None or re.fullmatch(r"\+[0-9]{8,15}", number)
    assert isinstance(shown_phone(typed), str)


@given(st.integers(min_value=600_000_000, max_value=609_999_999))
def test_a_polish_number_is_read_back_from_what_is_shown(digits: int) -> None:
    number = f"+48{digits}"
    assert mobile_number(shown_phone(number)) == number


def test_the_hint_of_an_address_keeps_its_name_back() -> None:
    assert email_hint("anna.nowak@poczta.pl") == "a…@poczta.pl"
