"""Signing in with factors, in a browser: codes from an app, recovery codes, passkeys, staff, sessions elsewhere."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings

from ebok.access.models import StaffPost, User
from ebok.notifications.models import OutgoingMessage
from tests.portal.customers import a_customer
from tests.portal.factors import SECOND_STEP, app_code, shown_secret, with_app, with_passkey
from tests.portal.security_pages import SECURITY_PAGES
from tests.portal.test_sign_in import PASSWORD, make_user, sign_in
from tests.system.walk import Opened, Walker, expect_no_axe_violations, expect_quiet, listen
from tests.system.world import carry

pytestmark = pytest.mark.django_db(transaction=True)
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def unhurried(settings: Settings) -> None:
    """A slow machine is not asked again half-way who is there."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * 60


@pytest.fixture
def anna() -> Client:
    """Anna signed in by her password, in a browser without a window."""
    make_user()
    client = Client()
    sign_in(client, "anna")
    return client


def with_device(page: Page) -> None:
    """Give the browser a device that keeps passkeys and is always opened by its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state("load")


def type_password(page: Page, address: str) -> None:
    page.goto(address + "/logowanie/")
    page.get_by_label("E-mail lub login").fill("anna")
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    press(page, "Zaloguj się")


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


@contextmanager
def quiet(page: Page, where: str) -> Iterator[None]:
    """What is done meanwhile leaves the console quiet, and ends on an accessible page."""
    opened = Opened(page=page)
    listen(opened)
    yield
    expect_quiet(opened, where=where)
    expect_no_axe_violations(page, where=where)


def test_given_a_password_when_codes_are_turned_on_then_the_next_sign_in_asks_for_one(
    walker: Walker, anna: Client
) -> None:
    carry(walker, anna)
    page = walker.page(width=320, scripts=False)
    page.goto(walker.address + "/bezpieczenstwo/")
    page.get_by_role("link", name="Włącz kody z aplikacji").click()
    secret = shown_secret(page.content())
    page.get_by_label("Kod z aplikacji").fill(app_code(secret))
    press(page, "Włącz kody")
    assert heading(page) == "Zapisz kody zapasowe"
    codes = page.get_by_role("list", name="Kody zapasowe").get_by_role("listitem").all_inner_texts()
    assert len(codes) == 10
    press(page, "Mam zapisane kody")
    assert heading(page) == "Bezpieczeństwo"
    page.context.clear_cookies()
    type_password(page, walker.address)
    assert page.url == walker.address + SECOND_STEP
    page.get_by_label("Kod", exact=True).fill(app_code(secret, steps=1))
    press(page, "Zaloguj się")
    assert "Loguj się szybciej" in heading(page)
    press(page, "Nie teraz")
    assert page.url == walker.address + "/panel/"


def test_given_a_lost_phone_when_a_recovery_code_is_typed_then_it_opens_once(walker: Walker, anna: Client) -> None:
    with_app(anna)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    page = walker.page(width=320, scripts=False)
    type_password(page, walker.address)
    page.get_by_label("Kod", exact=True).fill(code)
    press(page, "Zaloguj się")
    page.goto(walker.address + "/bezpieczenstwo/")
    assert page.get_by_text(re.compile(r"Zostało Ci: 9\skodów")).is_visible()
    page.context.clear_cookies()
    type_password(page, walker.address)
    page.get_by_label("Kod", exact=True).fill(code)
    press(page, "Zaloguj się")
    assert page.title().startswith("Błąd: ")
    axe_with_scripts(walker, page)


def axe_with_scripts(walker: Walker, page: Page) -> None:
    """Look with axe at the page another browser without scripts stands on."""
    looked = walker.page(width=320)
    looked.context.add_cookies(page.context.cookies())
    looked.goto(page.url)
    expect_no_axe_violations(looked, where=page.url)


def test_given_a_passkey_when_signed_out_then_it_alone_signs_in(walker: Walker, anna: Client) -> None:
    carry(walker, anna)
    page = walker.page(width=320)
    with_device(page)
    with quiet(page, "adding a passkey"):
        page.goto(walker.address + "/bezpieczenstwo/klucze/nowy/")
        page.get_by_label("Nazwa klucza").fill("Telefon")
        press(page, "Dodaj klucz")
        page.wait_for_url("**/bezpieczenstwo/kody/")
    press(page, "Mam zapisane kody")
    assert page.get_by_text("Telefon").first.is_visible()
    page.context.clear_cookies()
    with quiet(page, "signing in by it"):
        page.goto(walker.address + "/logowanie/?next=/bezpieczenstwo/")
        page.get_by_role("button", name="Użyj klucza").click()
        page.wait_for_url(walker.address + "/bezpieczenstwo/")
    assert heading(page) == "Bezpieczeństwo"


def test_given_a_passkey_when_a_password_comes_first_then_it_is_the_second_step(walker: Walker, anna: Client) -> None:
    carry(walker, anna)
    page = walker.page()
    with_device(page)
    page.goto(walker.address + "/bezpieczenstwo/klucze/nowy/")
    press(page, "Dodaj klucz")
    page.wait_for_url("**/bezpieczenstwo/kody/")
    page.context.clear_cookies()
    type_password(page, walker.address)
    with quiet(page, "the second step"):
        page.reload()
        expect_no_axe_violations(page, where="the second step")
        page.get_by_role("button", name="Użyj klucza").click()
        page.wait_for_url("**/panel/")


def test_given_no_passkey_here_when_it_is_asked_for_then_one_reads_why(walker: Walker) -> None:
    make_user()
    page = walker.page(width=320)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(walker.address + "/logowanie/")
    page.get_by_role("button", name="Użyj klucza").click()
    page.get_by_text(re.compile("Przerwano albo minął czas")).wait_for()
    expect_no_axe_violations(page, where="no passkey")


def test_given_a_browser_that_knows_no_passkeys_then_it_says_so(walker: Walker) -> None:
    page = walker.page(width=320)
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(walker.address + "/logowanie/")
    assert page.get_by_text("Ta przeglądarka nie obsługuje kluczy").is_visible()
    assert page.get_by_role("button", name="Użyj klucza").is_disabled()
    expect_no_axe_violations(page, where="no support")


def test_given_two_browsers_when_one_ends_the_other_then_that_one_has_to_sign_in(walker: Walker, anna: Client) -> None:
    carry(walker, anna)
    page = walker.page(width=320, scripts=False)
    other = Client(HTTP_USER_AGENT="Mozilla/5.0 (Android 14) Firefox/132.0")
    sign_in(other, "anna")
    page.goto(walker.address + "/bezpieczenstwo/")
    assert page.get_by_text("Firefox, Android").first.is_visible()
    page.get_by_role("button", name=re.compile("^Wyloguj Firefox, Android")).click()
    assert page.get_by_text("Tamto urządzenie jest wylogowane.").is_visible()
    assert other.get("/ja/").status_code == 302
    assert anna.get("/bezpieczenstwo/").status_code == 200
    axe_with_scripts(walker, page)


def test_given_staff_without_a_factor_when_they_sign_in_then_they_set_one_up_first(walker: Walker) -> None:
    user = make_user()
    StaffPost.objects.create(user=user, role="clerk", started_at=timezone.now(), started_by="tests")
    page = walker.page(scripts=False)
    type_password(page, walker.address)
    assert heading(page) == "Włącz drugi krok logowania"
    page.goto(walker.address + "/biuro/")
    assert heading(page) == "Włącz drugi krok logowania"
    page.get_by_role("link", name="Kody z aplikacji").click()
    page.get_by_label("Kod z aplikacji").fill(app_code(shown_secret(page.content())))
    press(page, "Włącz kody")
    press(page, "Mam zapisane kody")
    page.goto(walker.address + "/biuro/")
    assert page.url == walker.address + "/biuro/"
    page.goto(walker.address + "/bezpieczenstwo/")
    axe_with_scripts(walker, page)


def test_given_a_stale_sign_in_when_a_form_is_sent_then_one_confirms_by_mail_and_it_goes_through(
    walker: Walker, settings: Settings
) -> None:
    make_user()
    client, other = Client(), Client()
    sign_in(other, "anna")
    client.force_login(User.objects.get())
    User.objects.update(password="!" + "x" * 40)
    client.force_login(User.objects.get())
    carry(walker, client)
    page = walker.page(width=320, scripts=False)
    page.goto(walker.address + "/bezpieczenstwo/")
    press(page, "Wyloguj wszędzie poza tym urządzeniem")
    assert heading(page) == "Potwierdź, że to Ty"
    axe_with_scripts(walker, page)
    press(page, "Wyślij kod")
    page.get_by_label("Kod z e-maila").fill("123")
    press(page, "Potwierdź")
    assert page.title().startswith("Błąd: ")
    page.get_by_label("Kod z e-maila").fill(OutgoingMessage.objects.latest("id").context["code"])
    press(page, "Potwierdź")
    assert heading(page) == "Potwierdzone. Wyślij formularz"
    axe_with_scripts(walker, page)
    press(page, "Wyślij formularz")
    assert page.get_by_text("Wszystkie inne urządzenia są wylogowane.").is_visible()


def test_pages_of_security_are_good_everywhere(walker: Walker) -> None:
    client = a_customer("anna", "100001")
    carry(walker, client)
    walker.expect_good_tour(["/potwierdz/"])
    with_passkey(client, name="Telefon")
    key = Authenticator.objects.get(type="webauthn").pk
    carry(walker, client)
    walker.expect_good_tour([address.format(passkey=key) for address in SECURITY_PAGES.values()])


def test_pages_of_the_code_app_are_good_everywhere(walker: Walker, anna: Client) -> None:
    with_app(anna)
    carry(walker, anna)
    walker.expect_good_tour(["/bezpieczenstwo/", "/bezpieczenstwo/aplikacja/wylaczenie/", "/potwierdz/kod/"])
    other = Client()
    sign_in(other, "anna")
    carry(walker, other)
    walker.expect_good_tour([SECOND_STEP])
