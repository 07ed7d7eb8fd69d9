"""Changing one's e-mail and phone in a browser."""

import pytest
from playwright.sync_api import Page

from ebok.access.models import User
from tests.portal.test_identity_change import code
from tests.portal.test_sign_in import give, make_account, make_user, sign_in
from tests.system.walk import THEMES, WIDTHS, Walker, expect_no_axe_violations, expect_no_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


PATHS = (
    "/ja/email/",
    "/ja/email/kod/",
    "/ja/email/kontakt/",
    "/ja/telefon/",
    "/ja/telefon/kod/",
    "/ja/telefon/kontakt/",
)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state("networkidle")


@pytest.fixture
def at_home(walker: Walker, client) -> Walker:
    make_user()
    sign_in(client, "anna")
    walker.signed_in_with(name="ebok-session", value=client.cookies["ebok-session"].value)
    return walker


def test_the_pages_are_good_everywhere(at_home: Walker, client) -> None:
    User.objects.update(phone="+48600123456")
    for number in ("K-1", "K-2"):
        make_account(number)
        give("anna", number)
    client.post("/ja/email/", {"email": "nowa@example.com"})
    client.post("/ja/telefon/", {"phone": "600 123 457"})
    for theme in THEMES:
        with at_home.one_page(theme=theme) as page:
            for path in PATHS:
                page.goto(at_home.address + path, wait_until="networkidle")
                assert page.url.endswith(path)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    expect_no_sideways_scroll(page, where=f"{path} {width}")
                expect_no_axe_violations(page, where=f"{path} {theme}")


@pytest.mark.parametrize("scripts", [True, False])
def test_given_a_new_address_when_its_code_is_typed_then_it_is_theirs_and_their_accounts(
    at_home: Walker, scripts: bool
) -> None:
    make_account("K-1")
    give("anna", "K-1")
    page = at_home.open("/ja/", width=320, scripts=scripts).page
    page.get_by_role("link", name="Zmień e-mail").click()
    page.get_by_label("Nowy e-mail").fill("nowa")
    press(page, "Wyślij kod")
    assert page.title().startswith("Błąd: ")
    assert page.get_by_label("Nowy e-mail").input_value() == "nowa"
    page.get_by_label("Nowy e-mail").fill("nowa@example.com")
    press(page, "Wyślij kod")
    page.get_by_label("Kod z e-maila").fill(code("email_change_code"))
    press(page, "Zmień e-mail")
    page.get_by_label("konto K-1").check()
    press(page, "Ustaw kontakt")
    assert page.url.endswith("/ja/")
    assert page.get_by_text("nowa@example.com").first.is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_given_a_phone_when_its_code_is_typed_then_it_is_theirs_until_removed(at_home: Walker, scripts: bool) -> None:
    page = at_home.open("/ja/", width=320, scripts=scripts).page
    page.get_by_role("link", name="Dodaj telefon").click()
    page.get_by_label("Nowy numer komórki").fill("600 123 456")
    press(page, "Wyślij kod")
    page.get_by_label("Kod z SMS-a").fill(code("phone_change_code"))
    press(page, "Dodaj numer")
    assert page.url.endswith("/ja/")
    assert User.objects.get().phone == "+48600123456"
    page.get_by_role("link", name="Zmień telefon").click()
    press(page, "Usuń ten numer")
    assert User.objects.get().phone == ""
    if scripts:
        expect_no_axe_violations(page, where="the person's page")
