"""A second factor is asked for whatever the first was, opens once, and is not got round."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from fido2.utils import websafe_encode
from pytest_django import Settings

from ebok.access.domain import StaffRole
from ebok.access.domain.factors import PASSKEYS_AT_MOST, FactorRefusal
from ebok.access.models import StaffPost, User
from ebok.access.operations import make_staff
from ebok.access.operations.factor_codes import take_code
from ebok.access.operations.factors import UnableToRemoveFactor, add_app, remove_factor, rename_passkey
from ebok.access.queries.factors import codes_left
from ebok.audit.models import AuditRow
from ebok.notifications.models import OutgoingMessage
from ebok.portal.security import limits
from tests.concurrency import beside, until_it_waits
from tests.portal.customers import freshen
from tests.portal.factors import (
    APP,
    CODES,
    NEW_KEY,
    SECOND_STEP,
    app_code,
    options_of,
    recovery_codes,
    shown_secret,
    sign_in_by,
    with_app,
    with_passkey,
)
from tests.portal.passkeys import SoftPasskey
from tests.portal.test_sign_in import ADMIN, NEW_PASSWORD, PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def anna(client: Client, user: User) -> Iterator[Client]:
    """Anna signed in by her password; the clock stands still."""
    with time_machine.travel(timezone.now(), tick=False):
        sign_in(client, "anna")
        yield client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False)


def told_by_mail() -> list[str]:
    mails = OutgoingMessage.objects.filter(kind="second_factor_changed").order_by("id")
    return [mail.context["what"] for mail in mails]


# The code app


def test_the_app_is_set_up_by_a_picture_or_by_hand_and_codes_are_shown_once(anna: Client, user: User) -> None:
    page = anna.get(APP).content.decode()
    assert 'role="img"' in page
    secret = shown_secret(page)
    answer = anna.post(APP, {"code": f"{app_code(secret)[:3]} {app_code(secret)[3:]}"})
    assert answer["Location"] == CODES
    codes = recovery_codes(anna)
    assert len(set(codes)) == 10
    assert told_by_mail() == ["włączone kody z aplikacji"]
    assert AuditRow.objects.get(action="factor.app_added").subject == f"user:{user.pk}"


def test_a_wrong_code_keeps_the_same_secret(anna: Client) -> None:
    secret = shown_secret(anna.get(APP).content.decode())
    answer = anna.post(APP, {"code": app_code(secret, steps=7)})
    assert "się nie zgadza" in answer.content.decode()
    assert shown_secret(answer.content.decode()) == secret
    assert shown_secret(anna.get(APP).content.decode()) == secret
    assert not Authenticator.objects.exists()


def test_no_secret_lies_open_in_the_session_or_the_database(anna: Client) -> None:
    page = anna.get(APP).content.decode()
    secret = shown_secret(page)
    assert secret not in repr(dict(anna.session.items()))
    anna.post(APP, {"code": app_code(secret)})
    codes = [code.replace(" ", "") for code in recovery_codes(anna)]
    kept = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert not any(word in kept for word in [secret, *codes])


def test_sign_in_asks_for_the_code(anna: Client, user: User) -> None:
    secret, other = with_app(anna), Client()
    with later(60):
        assert sign_in(other, "anna", next="/faktury/")["Location"] == SECOND_STEP
        assert not is_in(other)
        assert "się nie zgadza" in other.post(SECOND_STEP, {"code": app_code(secret, steps=5)}).content.decode()
        assert not is_in(other)
        assert other.post(SECOND_STEP, {"code": app_code(secret)})["Location"].endswith("?next=%2Ffaktury%2F")
        assert is_in(other)
    assert AuditRow.objects.get(action="second_factor").result == "wrong"


def test_a_code_opens_once_and_none_before_it_either(anna: Client) -> None:
    secret = with_app(anna)
    with later(60):
        one, two = Client(), Client()
        sign_in(one, "anna")
        sign_in(two, "anna")
        code, before = app_code(secret), app_code(secret, steps=-1)
        assert one.post(SECOND_STEP, {"code": code}).status_code == 302
        assert "się nie zgadza" in two.post(SECOND_STEP, {"code": code}).content.decode()
        assert "się nie zgadza" in two.post(SECOND_STEP, {"code": before}).content.decode()
    with later(95):
        assert "się nie zgadza" in two.post(SECOND_STEP, {"code": code}).content.decode()
        assert not is_in(two)


def test_the_code_that_set_the_app_up_does_not_open(anna: Client) -> None:
    secret, other = with_app(anna), Client()
    sign_in(other, "anna")
    assert "się nie zgadza" in other.post(SECOND_STEP, {"code": app_code(secret)}).content.decode()


def test_too_many_wrong_codes_stop_even_the_right_one_but_not_a_passkey(anna: Client) -> None:
    passkey = with_passkey(anna)
    secret, other = with_app(anna), Client()
    with later(60):
        sign_in(other, "anna")
        for n in range(limits.CODE.times):
            other.post(SECOND_STEP, {"code": f"{n:06d}"})
        assert limits.TOO_MANY in other.post(SECOND_STEP, {"code": app_code(secret)}).content.decode()
        assert sign_in_by(passkey, Client()).status_code == 302


@pytest.mark.parametrize(
    "code", ["", "1234", "abcdef", "１２３４５６", "12\x0034", "1" * 400, "12345678", "\u202e123456"]
)
def test_what_is_no_code_is_said_at_the_field(anna: Client, code: str) -> None:
    with_app(anna)
    other = Client()
    sign_in(other, "anna")
    answer = other.post(SECOND_STEP, {"code": code})
    assert answer.status_code == 200
    assert "id_code_error" in answer.content.decode()


def test_nobody_comes_to_the_second_step_without_the_first(client: Client, user: User) -> None:
    for send in (client.get, client.post):
        assert send(SECOND_STEP)["Location"] == "/logowanie/"


def test_a_sign_in_can_be_dropped_before_its_second_step(anna: Client) -> None:
    with_app(anna)
    other = Client()
    sign_in(other, "anna")
    assert other.get("/logowanie/")["Location"] == SECOND_STEP
    assert other.post(SECOND_STEP, {"wroc": "1"})["Location"] == "/logowanie/"
    assert other.get("/logowanie/").status_code == 200


def test_a_first_step_goes_stale(anna: Client) -> None:
    secret, other = with_app(anna), Client()
    sign_in(other, "anna")
    with later(16 * 60):
        assert other.post(SECOND_STEP, {"code": app_code(secret)})["Location"] == "/logowanie/"
        assert not is_in(other)


def test_a_login_switched_off_between_the_steps_stays_out(anna: Client, user: User) -> None:
    secret, other = with_app(anna), Client()
    with later(60):
        sign_in(other, "anna")
        User.objects.update(is_active=False)
        assert other.post(SECOND_STEP, {"code": app_code(secret)})["Location"] == "/logowanie/"
    assert not is_in(other)


def test_a_new_password_does_not_get_round_the_second_factor(anna: Client) -> None:
    secret, other = with_app(anna), Client()
    with later(60):
        other.post("/haslo/reset/", {"email": "anna@example.com"})
        code = OutgoingMessage.objects.filter(kind="password_reset_code").latest("id").context["code"]
        answer = other.post("/haslo/reset/kod/", {"code": code, "new_password": NEW_PASSWORD})
        assert (answer["Location"], is_in(other)) == ("/logowanie/", False)
        assert sign_in(other, "anna", NEW_PASSWORD)["Location"] == SECOND_STEP
        assert not is_in(other)
        assert other.post(SECOND_STEP, {"code": app_code(secret)}).status_code == 302


def test_a_mailed_code_does_not_get_round_the_second_factor(anna: Client) -> None:
    with_app(anna)
    other = Client()
    other.post("/logowanie/kod/", {"email": "anna@example.com"})
    code = OutgoingMessage.objects.filter(kind="login_code").latest("id").context["code"]
    assert other.post("/logowanie/kod/wpisz/", {"code": code})["Location"] == SECOND_STEP
    assert not is_in(other)


def test_turning_the_app_off_warns_and_takes_the_recovery_codes_along(anna: Client) -> None:
    with_app(anna)
    assert "tylko jeden krok logowania" in anna.get(f"{APP}wylaczenie/").content.decode()
    assert Authenticator.objects.exists()
    assert anna.post(f"{APP}wylaczenie/")["Location"] == "/bezpieczenstwo/"
    assert not Authenticator.objects.exists()
    assert sign_in(Client(), "anna")["Location"] != SECOND_STEP
    assert told_by_mail() == ["włączone kody z aplikacji", "wyłączone kody z aplikacji"]


# Recovery codes


def test_a_recovery_code_opens_once(anna: Client) -> None:
    with_app(anna)
    code = recovery_codes(anna)[0]
    one, two = Client(), Client()
    sign_in(one, "anna")
    sign_in(two, "anna")
    assert one.post(SECOND_STEP, {"code": code}).status_code == 302
    assert "się nie zgadza" in two.post(SECOND_STEP, {"code": code}).content.decode()


def test_recovery_codes_are_seen_until_they_are_saved(anna: Client) -> None:
    with_app(anna)
    codes = recovery_codes(anna)
    assert recovery_codes(anna) == codes
    file = anna.get(f"{CODES}plik/")
    assert file["Content-Disposition"].startswith("attachment;")
    assert all(code in file.content.decode() for code in codes)
    anna.post(f"{CODES}zapisane/")
    assert anna.get(CODES)["Location"] == anna.get(f"{CODES}plik/")["Location"] == "/bezpieczenstwo/"


def test_recovery_codes_are_seen_for_ten_minutes_and_in_one_session_only(anna: Client, user: User) -> None:
    with_app(anna)
    other = Client()
    other.force_login(user)
    freshen(other)
    assert other.get(CODES).status_code == 302
    with later(601):
        assert anna.get(CODES).status_code == 302


def test_new_recovery_codes_replace_the_old(anna: Client) -> None:
    with_app(anna)
    old = recovery_codes(anna)
    assert "także te, których jeszcze nie użyto: 10" in anna.get(f"{CODES}nowe/").content.decode()
    assert recovery_codes(anna) == old
    assert anna.post(f"{CODES}nowe/")["Location"] == CODES
    new = recovery_codes(anna)
    assert not set(old) & set(new)
    other = Client()
    sign_in(other, "anna")
    assert other.post(SECOND_STEP, {"code": old[0]}).status_code == 200
    assert other.post(SECOND_STEP, {"code": new[0]}).status_code == 302
    assert "nowe kody zapasowe" in told_by_mail()[-1]


def test_there_are_no_recovery_codes_without_a_factor(anna: Client) -> None:
    assert anna.get(f"{CODES}nowe/")["Location"] == "/bezpieczenstwo/"
    anna.post(f"{CODES}nowe/")
    assert not Authenticator.objects.exists()


# Passkeys


def test_a_passkey_alone_signs_in_and_leads_where_one_was_going(anna: Client, user: User) -> None:
    passkey, other = with_passkey(anna, name="Telefon"), Client()
    assert len(recovery_codes(anna)) == 10
    assert sign_in_by(passkey, other, next="/faktury/")["Location"] == "/faktury/"
    assert other.session["_auth_user_id"] == str(user.pk)
    assert told_by_mail() == ["dodany klucz logowania"]


@pytest.mark.parametrize("wanted", ["https://zly.example/", "//zly.example", "/\\zly.example", "/biuro/"])
def test_a_passkey_leads_to_our_pages_only(anna: Client, wanted: str) -> None:
    assert sign_in_by(with_passkey(anna), Client(), next=wanted)["Location"] == "/panel/"


def test_a_passkey_is_a_second_factor_too(anna: Client) -> None:
    passkey, other = with_passkey(anna), Client()
    assert sign_in(other, "anna")["Location"] == SECOND_STEP
    answer = passkey.get(options_of(other.get(SECOND_STEP).content.decode()))
    assert other.post(SECOND_STEP, {"answer": answer}).status_code == 302
    assert is_in(other)


def test_what_was_answered_once_does_not_open_again(anna: Client) -> None:
    passkey, other = with_passkey(anna), Client()
    options = other.post("/logowanie/klucz/poczatek/").content.decode()
    answer = passkey.get(options)
    assert other.post("/logowanie/klucz/", {"answer": answer}).status_code == 302
    assert is_in(other)
    thief = Client()
    thief.post("/logowanie/klucz/poczatek/")
    thief.post("/logowanie/klucz/", {"answer": answer})
    assert not is_in(thief)


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://zly.example"}, {"origin": "http://localhost.zly.example"}, {"verified": False}]
)
def test_a_passkey_of_another_page_or_opened_by_nobody_is_refused(anna: Client, wrong: dict[str, object]) -> None:
    passkey, other = with_passkey(anna), Client()
    for name, value in wrong.items():
        setattr(passkey, name, value)
    assert sign_in_by(passkey, other)["Location"] == "/logowanie/"
    assert not is_in(other)
    bad = SoftPasskey(**wrong)  # type: ignore[arg-type]
    answer = bad.create(options_of(anna.get(NEW_KEY).content.decode()))
    assert "nie został dodany" in anna.post(NEW_KEY, {"answer": answer}).content.decode()
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_a_passkey_says_it_is_somebody_else_in_vain(anna: Client) -> None:
    passkey, other = with_passkey(anna), Client()
    jan = make_user("jan", "jan@example.com")
    passkey.user_handle = websafe_encode(str(jan.pk).encode())
    sign_in_by(passkey, other)
    assert not is_in(other)


JUNK = [
    "", "x", "null", "[]", "{}", "1e999", '{"id": 1}', "[" * 5000, '{"a":' * 3000, "x" * 30_000, "\x00",
    '{"id":"a","rawId":"b","type":"public-key","response":{}}',
    '{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"","signature":""}}',
    '{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}',
    '{"id":"YQ","rawId":"YQ","type":"public-key","response":{"userHandle":"_w","clientDataJSON":"e30",'
    '"authenticatorData":"SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAA","signature":"AA"}}',
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_junk_in_place_of_a_passkey_is_refused_in_words(anna: Client, junk: str) -> None:
    with_passkey(anna)
    other, third = Client(), Client()
    sign_in(other, "anna")
    other.get(SECOND_STEP)
    third.post("/logowanie/klucz/poczatek/")
    anna.get(NEW_KEY)
    assert other.post(SECOND_STEP, {"answer": junk}).status_code == 200
    assert third.post("/logowanie/klucz/", {"answer": junk})["Location"] == "/logowanie/"
    assert anna.post(NEW_KEY, {"answer": junk}).status_code == 200
    assert anna.post("/potwierdz/klucz/", {"answer": junk}).status_code == 200
    assert not is_in(other)
    assert not is_in(third)


def test_a_login_switched_off_stays_out_by_passkey(anna: Client) -> None:
    passkey, other = with_passkey(anna), Client()
    User.objects.update(is_active=False)
    assert sign_in_by(passkey, other)["Location"] == "/logowanie/"
    assert not is_in(other)


@pytest.mark.parametrize(
    ("name", "kept"), [("", "Klucz"), ("Laptop w domu", "Laptop w domu"), ("<b>x</b>", "<b>x</b>"), ("  a ", "a")]
)
def test_a_passkey_has_a_name(anna: Client, name: str, kept: str) -> None:
    with_passkey(anna, name=name)
    assert Authenticator.objects.get(type="webauthn").wrap().name == kept
    assert "<b>x" not in anna.get("/bezpieczenstwo/").content.decode()


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "a\x00b", "a\x1bb", "a\u202eb"])
def test_a_name_one_cannot_read_is_refused_at_the_field(anna: Client, name: str) -> None:
    with_passkey(anna)
    key = Authenticator.objects.get(type="webauthn").pk
    answer = anna.post(f"/bezpieczenstwo/klucze/{key}/nazwa/", {"name": name})
    assert "id_name_error" in answer.content.decode()
    assert anna.post(f"/bezpieczenstwo/klucze/{key}/nazwa/", {"name": "Nowa"}).status_code == 302
    assert Authenticator.objects.get(pk=key).wrap().name == "Nowa"


def test_a_removed_passkey_does_not_open(anna: Client) -> None:
    passkey = with_passkey(anna)
    key = Authenticator.objects.get(type="webauthn").pk
    page = anna.get(f"/bezpieczenstwo/klucze/{key}/usuniecie/").content.decode()
    assert "tylko jeden krok logowania" in page
    assert anna.post(f"/bezpieczenstwo/klucze/{key}/usuniecie/").status_code == 302
    other = Client()
    sign_in_by(passkey, other)
    assert not is_in(other)
    assert not Authenticator.objects.exists()


def test_somebody_elses_passkey_is_not_there(anna: Client) -> None:
    with_passkey(anna)
    key = Authenticator.objects.get(type="webauthn").pk
    make_user("jan", "jan@example.com")
    jan = Client()
    sign_in(jan, "jan")
    for verb in ("nazwa", "usuniecie"):
        for send in (jan.get, jan.post):
            assert send(f"/bezpieczenstwo/klucze/{key}/{verb}/", {"name": "x"}).status_code == 404
    assert Authenticator.objects.get(pk=key).wrap().name == "Klucz"


def test_a_login_keeps_ten_passkeys(anna: Client) -> None:
    for _ in range(PASSKEYS_AT_MOST):
        with_passkey(anna)
    answer = SoftPasskey().create(options_of(anna.get(NEW_KEY).content.decode()))
    assert "Masz już 10 kluczy" in anna.post(NEW_KEY, {"answer": answer}).content.decode()


def test_starting_passkey_sign_ins_is_limited(client: Client) -> None:
    codes = [client.post("/logowanie/klucz/poczatek/").status_code for _ in range(limits.PASSKEY.times + 1)]
    assert (codes.count(200), codes[-1]) == (limits.PASSKEY.times, 429)


# What every change asks for


CHANGES = (
    APP, f"{APP}wylaczenie/", NEW_KEY, "/bezpieczenstwo/klucze/1/nazwa/", "/bezpieczenstwo/klucze/1/usuniecie/",
    f"{CODES}nowe/", "/bezpieczenstwo/haslo/usuniecie/",
)  # fmt: skip


@pytest.mark.parametrize("address", CHANGES)
def test_every_change_asks_again_who_is_there(anna: Client, address: str) -> None:
    with later(301):
        assert anna.get(address)["Location"].startswith("/potwierdz/?")
        assert anna.post(address, {"code": "123456"})["Location"].startswith("/potwierdz/?")
        assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "address",
    [*CHANGES, CODES, f"{CODES}plik/", f"{CODES}zapisane/", "/bezpieczenstwo/", "/bezpieczenstwo/drugi-skladnik/",
     "/bezpieczenstwo/klucze/propozycja/"],
)  # fmt: skip
def test_a_stranger_changes_nothing(client: Client, address: str) -> None:
    for send in (client.get, client.post):
        assert send(address)["Location"].startswith("/logowanie/?next=")


def test_one_confirms_by_app_recovery_code_or_passkey(anna: Client) -> None:
    passkey, secret = with_passkey(anna), with_app(anna)
    codes = recovery_codes(anna)
    for seconds, way in ((400, "app"), (800, "recovery"), (1200, "passkey")):
        with later(seconds):
            assert anna.get(APP)["Location"].startswith("/potwierdz/")
            page = anna.get("/potwierdz/klucz/").content.decode()
            assert "Kodem z aplikacji" in page
            assert "Hasłem" not in page
            typed = {
                "app": ("kod", {"code": app_code(secret)}),
                "recovery": ("kod", {"code": codes[0]}),
                "passkey": ("klucz", {"answer": passkey.get(options_of(page))}),
            }[way]
            assert anna.post(f"/potwierdz/{typed[0]}/", typed[1] | {"next": NEW_KEY})["Location"] == NEW_KEY
            assert anna.get(NEW_KEY).status_code == 200


# Without a password


def test_with_one_passkey_and_recovery_codes_one_can_go_without_a_password(anna: Client) -> None:
    passkey, other = with_passkey(anna), Client()
    sign_in(other, "anna")
    assert anna.post("/bezpieczenstwo/haslo/usuniecie/")["Location"] == "/bezpieczenstwo/"
    assert "Nie masz hasła" in anna.get("/bezpieczenstwo/").content.decode()
    assert "się nie zgadza" in sign_in(Client(), "anna", PASSWORD).content.decode()
    assert sign_in_by(passkey, Client()).status_code == 302
    key = Authenticator.objects.get(type="webauthn").pk
    assert "jedyny sposób logowania" in anna.post(f"/bezpieczenstwo/klucze/{key}/usuniecie/").content.decode()
    assert Authenticator.objects.filter(pk=key).exists()


def test_with_one_passkey_only_the_password_stays(anna: Client) -> None:
    with_passkey(anna)
    Authenticator.objects.filter(type="recovery_codes").delete()
    assert "dwa klucze albo klucz i kody" in anna.get("/bezpieczenstwo/haslo/usuniecie/").content.decode()
    anna.post("/bezpieczenstwo/haslo/usuniecie/")
    assert User.objects.get().has_usable_password()


# The offer of a passkey


def test_a_passkey_is_offered_after_the_second_good_sign_in_and_after_five_more(user: User) -> None:
    places = [sign_in(Client(), "anna", next="/faktury/")["Location"] for _ in range(30)]
    offered = [number for number, place in enumerate(places, 1) if "propozycja" in place]
    assert offered == [2, 7, 12]
    assert places[1] == "/bezpieczenstwo/klucze/propozycja/?next=%2Ffaktury%2F"


def test_whoever_declines_the_offer_is_not_asked_again(client: Client, user: User) -> None:
    sign_in(Client(), "anna")
    offer = sign_in(client, "anna", next="/faktury/")["Location"]
    assert "Nie teraz" in client.get(offer).content.decode()
    assert client.post(offer, {"answer": "never", "next": "/faktury/"})["Location"] == "/faktury/"
    assert not any("propozycja" in sign_in(Client(), "anna")["Location"] for _ in range(20))


def test_whoever_has_a_passkey_is_not_offered_one(anna: Client) -> None:
    passkey = with_passkey(anna)
    assert [sign_in_by(passkey, Client())["Location"] for _ in range(3)] == ["/panel/"] * 3


# Staff


@pytest.fixture
def staff(user: User) -> User:
    StaffPost.objects.create(user=user, role="clerk", started_at=timezone.now(), started_by="tests")
    return user


def test_staff_without_a_factor_set_one_up_before_the_office_opens(client: Client, staff: User) -> None:
    assert sign_in(client, "anna", next="/biuro/")["Location"] == "/bezpieczenstwo/drugi-skladnik/"
    assert client.get("/biuro/")["Location"] == "/bezpieczenstwo/drugi-skladnik/"
    assert "Włącz drugi krok logowania" in client.get("/bezpieczenstwo/drugi-skladnik/").content.decode()
    with_app(client)
    assert client.get("/biuro/").status_code == 200


def test_staff_land_in_the_office_and_are_offered_nothing(client: Client, staff: User) -> None:
    sign_in(client, "anna")
    passkey = with_passkey(client)
    places = [sign_in_by(passkey, Client(), next=page)["Location"] for page in ("", "/faktury/", "/biuro/?x=1")]
    assert places == ["/biuro/", "/biuro/", "/biuro/?x=1"]


def test_staff_keep_their_last_factor(client: Client, staff: User) -> None:
    sign_in(client, "anna")
    with_app(client)
    assert "nie wystarczy samo hasło" in client.post(f"{APP}wylaczenie/").content.decode()
    assert Authenticator.objects.filter(type="totp").exists()
    with_passkey(client)
    assert client.post(f"{APP}wylaczenie/").status_code == 302
    assert client.get("/biuro/").status_code == 200


def test_staff_who_gave_no_factor_this_time_do_not_get_into_the_office(client: Client, staff: User) -> None:
    sign_in(client, "anna")
    with_app(client)
    other = Client()
    other.force_login(staff)
    freshen(other)
    assert other.get("/biuro/")["Location"] == "/bezpieczenstwo/drugi-skladnik/"


def test_whoever_becomes_staff_signs_in_anew_and_has_a_staff_session(client: Client, user: User) -> None:
    sign_in(client, "anna")
    secret = with_app(client)
    make_staff(username="anna", role=StaffRole.CLERK, acting=ADMIN, now=timezone.now())
    assert client.get("/biuro/")["Location"] == "/logowanie/?next=%2Fbiuro%2F"
    with later(60):
        sign_in(client, "anna")
        assert client.post(SECOND_STEP, {"code": app_code(secret)})["Location"] == "/biuro/"
        key = client.session.session_key
        make_staff(username="anna", role=StaffRole.CLERK, acting=ADMIN, now=timezone.now())
        assert client.get("/biuro/").status_code == 200
        assert (client.session.session_key, client.session["staff"]) == (key, "clerk")


def test_customers_pages_are_not_there_for_staff(client: Client, staff: User) -> None:
    sign_in(client, "anna")
    with_app(client)
    assert client.get("/panel/").status_code == 404


def test_a_customer_never_lands_in_the_office(anna: Client) -> None:
    assert sign_in(Client(), "anna", next="/biuro/")["Location"] != "/biuro/"
    assert anna.get("/biuro/").status_code == 404


# When things go wrong


def test_with_its_key_gone_a_code_is_refused_in_words_and_passkeys_still_open(
    anna: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    passkey, secret = with_passkey(anna), with_app(anna)
    settings.EBOK_FIELD_KEYS = {"new": bytes(range(32))}
    other = Client()
    with later(60):
        sign_in(other, "anna")
        for code in (app_code(secret), "1234567890"):
            assert "się nie zgadza" in other.post(SECOND_STEP, {"code": code}).content.decode()
        assert anna.get("/bezpieczenstwo/").status_code == 200
    assert "factor_unreadable" in caplog.text
    assert sign_in_by(passkey, Client()).status_code == 302


def test_a_secret_moves_to_the_new_key_when_it_is_used(anna: Client, settings: Settings) -> None:
    secret, other, third = with_app(anna), Client(), Client()
    settings.EBOK_FIELD_KEYS = {"new": bytes(range(32)), **settings.EBOK_FIELD_KEYS}
    with later(60):
        sign_in(other, "anna")
        assert other.post(SECOND_STEP, {"code": app_code(secret)}).status_code == 302
    settings.EBOK_FIELD_KEYS = {"new": bytes(range(32))}
    with later(120):
        sign_in(third, "anna")
        assert third.post(SECOND_STEP, {"code": app_code(secret)}).status_code == 302


def test_the_office_helps_somebody_who_lost_everything(anna: Client, user: User) -> None:
    with_app(anna)
    with_passkey(anna)
    said = io.StringIO()
    call_command("remove_factors", "anna", "dowód osobisty w biurze", "--json", stdout=said)
    assert json.loads(said.getvalue()) == {"removed": 2}
    assert not Authenticator.objects.exists()
    assert anna.get("/bezpieczenstwo/").status_code == 302
    row = AuditRow.objects.get(action="factor.all_removed")
    assert (row.subject, row.reason) == (f"user:{user.pk}", "dowód osobisty w biurze")
    assert "na prośbę zgłoszoną w biurze" in told_by_mail()[-1]
    assert sign_in(Client(), "anna")["Location"] != SECOND_STEP


def test_for_nobody_the_office_changes_nothing(user: User) -> None:
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("remove_factors", "nikt", "rozmowa", "--json", stdout=said, stderr=io.StringIO())
    assert json.loads(said.getvalue()) == {"error": "unknown_login"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_two_at_once_with_one_code_one_gets_in(user: User, kind: str) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
        add_app(user_id=user.pk, secret=SECRET, digits=app_code(SECRET), acting=ADMIN, now=timezone.now())
    codes = codes_left(user_id=user.pk)
    digits = app_code(SECRET) if kind == "app" else codes[0]
    with beside() as start:
        with transaction.atomic():
            assert take_code(user_id=user.pk, digits=digits) is not None
            other = start(lambda: take_code(user_id=user.pk, digits=digits))
            until_it_waits(other)
        assert other.result() is None


@pytest.mark.django_db(transaction=True)
def test_of_two_removals_at_once_the_second_finds_the_last_factor(user: User) -> None:
    StaffPost.objects.create(user=user, role="clerk", started_at=timezone.now(), started_by="tests")
    add_app(user_id=user.pk, secret=SECRET, digits=app_code(SECRET), acting=ADMIN, now=timezone.now())
    second = Authenticator.objects.create(user=user, type="webauthn", data={})
    first = Authenticator.objects.get(type="totp")

    def remove(factor: Authenticator) -> str:
        try:
            remove_factor(user_id=user.pk, factor_id=factor.pk, acting=ADMIN, now=timezone.now())
        except UnableToRemoveFactor as unable:
            return unable.reason
        return "removed"

    with beside() as start:
        with transaction.atomic():
            assert remove(first) == "removed"
            other = start(lambda: remove(second))
            until_it_waits(other)
        assert other.result() == FactorRefusal.STAFF_DUTY
    assert Authenticator.objects.filter(pk=second.pk).exists()
    assert told_by_mail() == ["włączone kody z aplikacji", "wyłączone kody z aplikacji"]


def test_the_last_passkey_stays_while_there_is_no_password_even_when_asked_past_its_page(user: User) -> None:
    user.set_unusable_password()
    user.save()
    only = Authenticator.objects.create(user=user, type="webauthn", data={})
    with pytest.raises(UnableToRemoveFactor, match="only_way"):
        remove_factor(user_id=user.pk, factor_id=only.pk, acting=ADMIN, now=timezone.now())
    assert Authenticator.objects.filter(pk=only.pk).exists()


def test_nobody_removes_or_names_the_factor_of_another(user: User) -> None:
    other = make_user("jan", "jan@example.com")
    theirs = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Jana"})
    remove_factor(user_id=user.pk, factor_id=theirs.pk, acting=ADMIN, now=timezone.now())
    rename_passkey(user_id=user.pk, passkey_id=theirs.pk, name="moja")
    theirs.refresh_from_db()
    assert theirs.data == {"name": "Jana"}
    assert told_by_mail() == []
