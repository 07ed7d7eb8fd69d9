"""Signing in, a forgotten password and the person's own page, in a browser."""

import pytest
from django.test import Client

from tests.portal.test_sign_in import PASSWORD, give, make_account, make_user, sign_in
from tests.system.walk import Walker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", ["/logowanie/", "/haslo/reset/", "/wyloguj/"])
def test_pages_before_sign_in_are_good_everywhere(walker: Walker, path: str) -> None:
    walker.expect_good_everywhere(path)


@pytest.mark.parametrize("path", ["/ja/", "/haslo/zmiana/"])
def test_pages_of_the_person_are_good_everywhere(walker: Walker, client: Client, path: str) -> None:
    make_user()
    for number in ("K-1", "K-2"):
        make_account(number)
        give("anna", number)
    sign_in(client, "anna")
    walker.signed_in_with(name="ebok-session", value=client.cookies["ebok-session"].value)
    walker.expect_good_everywhere(path)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_mistypes_signs_in_and_signs_out(walker: Walker, scripts: bool) -> None:
    make_user()
    page = walker.open("/ja/", width=320, scripts=scripts).page
    assert page.title().startswith("Zaloguj się")
    page.get_by_label("E-mail lub login").fill("anna@example.com")
    page.get_by_label("Hasło", exact=True).fill("wrong password here")
    page.get_by_role("button", name="Zaloguj się").click()
    page.wait_for_load_state("networkidle")
    assert page.title().startswith("Błąd: ")
    assert page.get_by_label("E-mail lub login").input_value() == "anna@example.com"
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się").click()
    page.wait_for_url("**/ja/")
    page.get_by_role("button", name="Wyloguj się").click()
    page.wait_for_url(lambda url: not url.endswith("/ja/"))
    page.goto(walker.address + "/ja/")
    assert page.title().startswith("Zaloguj się")
