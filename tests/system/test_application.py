"""An application for access, from the start page to the decision, in a browser without scripts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from ebok.enrolment.models import Application
from ebok.enrolment.operations import accept_application, ask_applicant
from ebok.foundation import clock
from ebok.jobs.regulations import shipped
from ebok.notifications.models import OutgoingMessage
from ebok.terms.operations import publish_terms
from tests.billing import an_account
from tests.enrolment import ANYBODY, PESEL, decide
from tests.system.walk import (
    Walker,
    expect_good_here,
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    expect_valid_html,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def regulations() -> None:
    today = clock.today()
    publish_terms(
        text=shipped(), title="Regulamin eBOK", version="1", valid_from=today - timedelta(days=1), today=today,
        acting=ANYBODY, now=clock.now(),
    )  # fmt: skip


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Dalej").click()


def judge(page: Page) -> None:
    """The page as it stands is valid, fits the window and has nothing axe objects to."""
    expect_valid_html(page.content(), where=page.url)
    expect_no_sideways_scroll(page, where=page.url)
    expect_no_axe_violations(page, where=page.url)


def begin(page: Page, walker: Walker) -> tuple[str, str]:
    """From the start page to the details of a person; returns the number and the code shown."""
    page.goto(walker.address + "/")
    page.get_by_role("link", name="złóż wniosek o dostęp").click()
    page.get_by_label("Osoba").check()
    go_on(page)
    number = page.locator("dt", has_text="Numer wniosku").locator("+ dd").inner_text()
    code = page.locator("dt", has_text="Kod wniosku").locator("+ dd").inner_text()
    return number, code


def say_details(page: Page) -> None:
    page.get_by_label("Imię i nazwisko").fill("Anna Nowak")
    page.get_by_label("PESEL").fill(PESEL)
    go_on(page)


def say_contact(page: Page) -> None:
    page.get_by_label("E-mail").fill("anna@example.com")
    page.get_by_label("Ulica").fill("ul. Polna")
    page.get_by_label("Numer domu").fill("1")
    page.get_by_label("Kod pocztowy").fill("05-400")
    page.get_by_label("Miejscowość").fill("Otwock")
    go_on(page)


def say_the_rest(page: Page) -> None:
    page.get_by_label("Numery kont klienta").fill("100001")
    go_on(page)
    page.get_by_label("Właściciel dostępu").check()
    go_on(page)
    page.get_by_label("Akceptuję regulamin eBOK").check()
    go_on(page)


def test_from_the_start_page_to_a_decision_without_scripts_and_without_a_login(walker: Walker) -> None:
    account = an_account()
    page = walker.page(width=320, scripts=False)
    # given somebody who begins on a phone
    number, code = begin(page, walker)
    say_details(page)
    # when they go on elsewhere, by number and code
    elsewhere = walker.page(width=1280, scripts=False)
    elsewhere.goto(walker.address + "/wniosek/wroc/")
    elsewhere.get_by_label("Numer wniosku").fill(number)
    elsewhere.get_by_label("Kod wniosku").fill(code.lower())
    elsewhere.get_by_role("button", name="Pokaż wniosek").click()
    assert elsewhere.url.endswith("/wniosek/kontakt/")
    say_contact(elsewhere)
    say_the_rest(elsewhere)
    # then they see everything they said, change one thing and send it
    elsewhere.get_by_role("link", name=re.compile("Zmień.*Telefon")).click()
    elsewhere.locator("#id_phone").fill("600 100 200")
    go_on(elsewhere)
    assert elsewhere.url.endswith("/wniosek/sprawdz/")
    assert "600 100 200" in elsewhere.content()
    elsewhere.get_by_role("button", name="Wyślij wniosek").click()
    assert elsewhere.get_by_role("heading", level=1).inner_text() == "Mamy Twój wniosek"
    with elsewhere.expect_download() as download:
        elsewhere.get_by_role("link", name="Zapisz wniosek jako PDF").click()
    assert download.value.suggested_filename.startswith("wniosek-EB-")
    # and when the office asks, the answer is given on the first device
    application = Application.objects.get()
    decide(ask_applicant, application.pk, question="Od kiedy mieszkasz?")
    page.goto(walker.address + "/wniosek/stan/")
    page.get_by_label("Twoja odpowiedź").fill("Od maja.")
    page.get_by_role("button", name="Wyślij odpowiedź").click()
    assert "Sprawdzamy Twoją odpowiedź" in page.content()
    # and when it is accepted, the way to the login is shown
    decide(accept_application, application.pk, account_ids=[account])
    page.reload()
    assert page.get_by_role("link", name="Wpisz kod aktywacyjny").is_visible()
    assert re.fullmatch(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}", OutgoingMessage.objects.latest("id").context["code"])


def test_every_page_of_an_application_is_good_at_each_width(walker: Walker) -> None:
    for theme in ("light", "dark"):
        with walker.one_page(theme=theme) as page:
            begin(page, walker)
            for step in (None, say_details, say_contact):
                if step:
                    step(page)
                expect_good_here(page, page.content(), axe_width=320, where=f"{page.url} {theme}")
            say_the_rest(page)
            for path in ("konta", "dostep", "regulamin", "sprawdz"):
                page.goto(f"{walker.address}/wniosek/{path}/")
                expect_good_here(page, page.content(), axe_width=320, where=f"{page.url} {theme}")
            page.get_by_role("button", name="Wyślij wniosek").click()
            expect_good_here(page, page.content(), axe_width=320, where=f"{page.url} {theme}")
            decide(ask_applicant, Application.objects.latest("id").pk, question="Od kiedy mieszkasz?")
            for path in ("stan", "stan/wycofaj"):
                page.goto(f"{walker.address}/wniosek/{path}/")
                expect_good_here(page, page.content(), axe_width=320, where=f"{page.url} {theme}")


def test_pages_with_faults_say_them_first_and_lose_nothing(walker: Walker) -> None:
    page = walker.page(width=320)
    begin(page, walker)
    page.get_by_label("PESEL").fill("44051401358")
    go_on(page)
    assert page.title().startswith("Błąd: ")
    assert page.get_by_label("PESEL").input_value() == "44051401358"
    judge(page)
    page.get_by_role("link", name="Wpisz imię i nazwisko.").click()
    assert page.evaluate("document.activeElement.name") == "name"
    page.goto(walker.address + "/wniosek/wroc/")
    page.get_by_label("Numer wniosku").fill("EB/2026/999999")
    page.get_by_label("Kod wniosku").fill("nie pamiętam")
    page.get_by_role("button", name="Pokaż wniosek").click()
    assert "nie pasują" in page.content()
    judge(page)


def test_the_form_is_done_by_keyboard_alone(walker: Walker) -> None:
    page = walker.page(scripts=False)
    page.goto(walker.address + "/wniosek/")
    page.get_by_label("Osoba").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wniosek/dane/")
    page.get_by_label("Imię i nazwisko").focus()
    page.keyboard.type("Anna Nowak")
    page.keyboard.press("Enter")
    page.wait_for_url("**/wniosek/kontakt/")


def test_the_first_pages_are_good_everywhere(walker: Walker) -> None:
    for path in ("/wniosek/", "/wniosek/wroc/"):
        walker.expect_good_everywhere(path)
