"""The ways to a login in a browser: end to end with scripts off, wherever one goes wrong, and every page good."""

import pytest
from django.conf import settings
from playwright.sync_api import Page

from ebok.access.models import AccessRequest, Grant
from ebok.enrolment.domain import Delivery
from ebok.enrolment.operations import make_activation_code
from ebok.enrolment.queries import letters_pdf, letters_waiting
from ebok.foundation import clock
from tests.activation import (
    CLERK,
    NEWEST,
    NUMBER,
    PASSWORD,
    PESEL,
    POSTAL_CODE,
    a_holder,
    account_id,
    codes_sent,
    her_invoices,
    regulations,
)
from tests.portal.customers import a_customer
from tests.rooms.test_enrolment import pages
from tests.system.walk import THEMES, Opened, Walker, expect_good_here, expect_no_axe_violations, expect_quiet, listen
from tests.system.world import carry

pytestmark = pytest.mark.django_db(transaction=True)
PUBLIC = (
    "/aktywacja/",
    "/aktywacja/faktura/",
    "/aktywacja/list/",
    "/aktywacja/list/zamow/",
    "/aktywacja/list/zamow/gotowe/",
    "/aktywacja/dane/",
)


def fill(page: Page, **typed: str) -> None:
    for name, value in typed.items():
        page.locator(f"#id_{name}").fill(value)


def press(page: Page, button: str) -> str:
    """Press a button that sends a form; return the HTML of the page that follows."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state("load")
    return page.content()


def make_login(page: Page, *, username: str = "anna") -> None:
    fill(page, full_name="Anna Nowak", username=username, new_password=PASSWORD)
    page.get_by_label("Akceptuję regulamin").check()
    press(page, "Załóż login")


def expect_owner(page: Page) -> None:
    assert page.url.endswith("/aktywacja/gotowe/")
    assert page.get_by_role("heading", name=f"Konto {NUMBER} jest Twoje").is_visible()
    page.get_by_role("link", name="Na razie bez e-maila").click()
    page.wait_for_url("**/panel/")
    assert Grant.objects.get().role == "owner"


def a_code() -> str:
    return make_activation_code(account_ids=[account_id()], delivery=Delivery.EMAIL, acting=CLERK, now=clock.now()).code


def test_from_an_invoice_to_the_panel_without_scripts_on_a_small_phone(walker: Walker) -> None:
    a_holder()
    her_invoices()
    regulations()
    page = walker.open("/", width=320, scripts=False).page
    page.get_by_role("link", name="Załóż login").click()
    page.get_by_role("link", name="Mam fakturę").click()
    fill(page, account_number=NUMBER, invoice_number=f"{NEWEST.number.lower()} ", gross_total="107,99 zł")
    press(page, "Sprawdź")
    assert page.title().startswith("Błąd: ")
    assert page.get_by_role("alert").get_by_text("Te dane do siebie nie pasują.").is_visible()
    assert page.locator("#id_account_number").input_value() == NUMBER
    fill(page, gross_total=f"{NEWEST.gross} zł")
    press(page, "Sprawdź")
    assert page.get_by_role("heading", name="Wybierz login i hasło").is_visible()
    assert not page.get_by_label("Akceptuję regulamin").is_checked()
    make_login(page)
    expect_owner(page)


def test_from_an_ordered_letter_to_the_panel_without_scripts(walker: Walker) -> None:
    a_holder()
    regulations()
    page = walker.open("/aktywacja/", scripts=False).page
    page.get_by_role("link", name="Przyślijcie mi kod listem").click()
    fill(page, account_number=NUMBER, postal_code=POSTAL_CODE.replace("-", " "))
    press(page, "Zamów list")
    assert page.get_by_role("heading", name="Jeśli dane się zgadzają, wyślemy list").is_visible()
    ids = [letter.id for letter in letters_waiting(now=clock.now())]
    (text,) = pages(letters_pdf(letter_ids=ids, now=clock.now()))
    code = next(word for word in text.split() if len(word) == 23 and word.count("-") == 3)
    page.get_by_role("link", name="Mam już list, przepiszę kod").click()
    fill(page, account_number=NUMBER, code=code.lower())
    press(page, "Sprawdź")
    make_login(page)
    expect_owner(page)


def test_from_data_on_file_to_the_panel_without_scripts(walker: Walker) -> None:
    a_holder()
    regulations()
    page = walker.open("/aktywacja/", scripts=False).page
    page.get_by_role("link", name="Znacie mój e-mail albo telefon").click()
    fill(page, account_number=NUMBER, identifier=PESEL)
    press(page, "Wyślij kod")
    assert page.url.endswith("/aktywacja/dane/kod/")
    assert PESEL not in page.content()
    code = codes_sent()[0][2]
    fill(page, code=f"{code[:3]} {code[3:]}")
    press(page, "Dalej")
    make_login(page)
    expect_owner(page)


def test_an_account_with_an_owner_is_asked_for_and_a_login_one_has_is_enough(walker: Walker) -> None:
    a_holder()
    owner = a_customer("wlasciciel")
    owner.post("/aktywacja/list/", {"account_number": NUMBER, "code": a_code()})
    owner.post("/aktywacja/login/", {})
    a_customer("maria")
    page = walker.open("/aktywacja/list/", scripts=False).page
    fill(page, account_number=NUMBER, code=a_code())
    press(page, "Sprawdź")
    page.locator("main").get_by_role("link", name="Zaloguj się").click()
    page.get_by_label("E-mail lub login").fill("maria")
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    press(page, "Zaloguj się")
    press(page, "Dodaj konto")
    assert page.get_by_role("heading", name=f"Konto {NUMBER} ma już właściciela").is_visible()
    assert AccessRequest.objects.get().user.username == "maria"


def test_every_page_of_the_ways_is_good_everywhere(walker: Walker) -> None:
    for theme in THEMES:
        with walker.one_page(theme=theme) as page:
            opened = Opened(page=page)
            listen(opened)
            for path in PUBLIC:
                answer = page.goto(walker.address + path, wait_until="load")
                assert answer is not None
                expect_good_here(page, answer.text(), axe_width=320 if theme == "light" else 1280, where=path)
            expect_quiet(opened, where=f"activation {theme}")


def test_the_steps_after_a_proof_are_good_with_faults_and_without(walker: Walker) -> None:
    a_holder()
    regulations()
    page = walker.page(theme="dark")
    page.goto(walker.address + "/aktywacja/dane/", wait_until="load")
    fill(page, account_number=NUMBER, identifier="1")
    expect_good_here(page, press(page, "Wyślij kod"), axe_width=320, where="a wrong PESEL")
    fill(page, identifier=PESEL)
    expect_good_here(page, press(page, "Wyślij kod"), axe_width=320, where="the code")
    fill(page, code="000000")
    expect_good_here(page, press(page, "Dalej"), axe_width=1280, where="a wrong code")
    fill(page, code=codes_sent()[-1][2])
    expect_good_here(page, press(page, "Dalej"), axe_width=320, where="the login")
    fill(page, full_name="bok.pl", username="anna@example.com", new_password="x")
    expect_good_here(page, press(page, "Załóż login"), axe_width=1280, where="a login that cannot be")
    assert page.title().startswith("Błąd: ")
    make_login(page)
    expect_no_axe_violations(page, where="done")


def test_somebody_signed_in_adds_an_account_by_keyboard_alone(walker: Walker) -> None:
    a_holder()
    carry(walker, a_customer("maria"))
    page = walker.open("/aktywacja/list/").page
    page.locator("#id_account_number").focus()
    page.keyboard.type(NUMBER)
    page.keyboard.press("Tab")
    page.keyboard.type(a_code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/aktywacja/login/")
    page.get_by_role("button", name="Dodaj konto").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/aktywacja/gotowe/")
    expect_no_axe_violations(page, where="added")
    assert settings.SESSION_COOKIE_NAME in {cookie["name"] for cookie in page.context.cookies()}
