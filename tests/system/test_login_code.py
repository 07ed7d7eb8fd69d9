"""Signing in by an e-mailed code in a browser, and a locked owner who gets in by it."""

import re

import pytest

from tests.portal.test_login_code import code
from tests.portal.test_sign_in import make_user, sign_in
from tests.system.walk import Walker, expect_no_axe_violations, expect_no_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_that_asks_for_the_address_is_good_everywhere(walker: Walker) -> None:
    walker.expect_good_everywhere("/logowanie/kod/")


@pytest.mark.parametrize("scripts", [True, False])
def test_given_a_locked_login_when_its_owner_asks_for_a_code_then_they_are_in(
    walker: Walker, client, scripts: bool
) -> None:
    make_user()
    for _ in range(6):
        sign_in(client, "anna", "wrong password here")
    page = walker.open("/ja/", width=320, scripts=scripts).page
    page.get_by_label("E-mail lub login").fill("anna@example.com")
    page.get_by_label("Hasło", exact=True).fill("wrong password here")
    page.get_by_role("button", name="Zaloguj się", exact=True).click()
    page.wait_for_load_state("networkidle")
    assert re.search("Spróbuj ponownie za [56]\u00a0minut", page.content().replace("&nbsp;", "\u00a0"))
    if scripts:
        expect_no_axe_violations(page, where="a locked login")
    page.get_by_role("link", name="Kod z e-maila").click()
    page.get_by_label("E-mail").fill("anna@example.com")
    page.get_by_role("button", name="Wyślij kod").click()
    page.wait_for_url("**/logowanie/kod/wpisz/")
    expect_no_sideways_scroll(page, where="the code")
    if scripts:
        expect_no_axe_violations(page, where="the code")
    page.get_by_label("Kod z e-maila").fill("12")
    page.get_by_role("button", name="Zaloguj się", exact=True).click()
    page.wait_for_load_state("networkidle")
    assert page.title().startswith("Błąd: ")
    page.get_by_label("Kod z e-maila").fill(code())
    page.get_by_role("button", name="Zaloguj się", exact=True).click()
    page.wait_for_url("**/ja/")
    assert page.get_by_role("heading", name="Anna Zielińska", level=1).is_visible()
