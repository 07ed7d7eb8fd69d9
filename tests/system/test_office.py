"""The office in a browser: every page good everywhere, and the journeys of clerks, scripts off."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from ebok.access.domain import StaffRole
from ebok.access.models import Grant
from ebok.enrolment.domain.applications import Answers, ApplicantKind
from ebok.foundation import clock
from ebok.jobs.demo.pdf import one_page
from ebok.notifications.models import OutgoingMessage
from ebok.terms.queries import terms_in_force
from tests.activation import a_holder, regulations
from tests.concurrency import beside
from tests.enrolment import ORGANIZATION, PERSON, PESEL, a_draft, submit
from tests.office.pages import OFFICE_PAGES
from tests.office.staff import a_clerk
from tests.office.world import OfficeWorld, an_office
from tests.portal.customers import PASSWORD
from tests.system.walk import (
    AXE_WIDTH,
    THEMES,
    Walker,
    expect_good_here,
    expect_no_axe_violations,
    expect_no_sideways_scroll,
)
from tests.system.world import carry

pytestmark = pytest.mark.django_db(transaction=True)
EMPTY = ("/biuro/", "/biuro/niedoreczone/", "/biuro/wnioski/", "/biuro/klienci/", "/biuro/listy/", "/biuro/prosby/",
         "/biuro/zmiany/")  # fmt: skip


@pytest.fixture
def world(walker: Walker, settings: Settings, tmp_path: Path) -> OfficeWorld:
    settings.EBOK_DOCUMENTS = tmp_path
    # Sealing runs an event loop, and the browser has one in this thread.
    with beside() as start:
        found = start(an_office).result()
    carry(walker, found.client)
    return found


def test_every_page_of_an_office_full_of_work(walker: Walker, world: OfficeWorld) -> None:
    walker.expect_good_tour([address(world) for address in OFFICE_PAGES.values()])


def test_the_page_that_asks_for_a_reason(walker: Walker, world: OfficeWorld) -> None:
    walker.expect_good_everywhere(f"/biuro/klienci/{world.unopened}/")


def test_an_office_without_work_says_what_will_appear(walker: Walker) -> None:
    carry(walker, a_clerk())
    walker.expect_good_tour(EMPTY, themes=["light"])


def test_a_role_without_the_right_is_told_kindly(walker: Walker) -> None:
    carry(walker, a_clerk("iod", StaffRole.DATA_PROTECTION))
    walker.expect_good_everywhere("/biuro/wnioski/", status=403)


def test_enlarged_four_times_nothing_is_wider_than_the_window(walker: Walker, world: OfficeWorld) -> None:
    page = walker.page()
    page.set_viewport_size({"width": 320, "height": 256})
    for address in OFFICE_PAGES.values():
        page.goto(walker.address + address(world), wait_until="load")
        expect_no_sideways_scroll(page, where=address(world))


def test_pages_with_faults_say_them_and_stay_good(walker: Walker, world: OfficeWorld) -> None:
    faults = {
        f"/biuro/klienci/{world.unopened}/": "Otwórz klienta",
        f"/biuro/klienci/{world.account}/wlasciciel/{world.grant}/koniec/": "Zakończ własność",
        f"/biuro/wnioski/{world.application}/pytanie/": "Wyślij pytanie",
        f"/biuro/wnioski/{world.application}/odmowa/": "Odrzuć wniosek",
        f"/biuro/prosby/{world.request}/": "Zapisz decyzję",
        f"/biuro/zmiany/{world.change}/": "Zapisz decyzję",
    }
    for theme in THEMES:
        with walker.one_page(theme=theme) as page:
            for path, button in faults.items():
                page.goto(walker.address + path, wait_until="load")
                with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
                    page.get_by_role("button", name=button, exact=True).click()
                page.wait_for_load_state("load")
                assert page.title().startswith("Błąd: "), path
                source = answer.value.text()
                expect_good_here(page, source, axe_width=AXE_WIDTH[theme], where=f"{path} {theme}")


class TestKeys:
    def test_letters_lead_to_places_and_rows(self, walker: Walker, world: OfficeWorld) -> None:
        page = walker.open("/biuro/").page
        page.keyboard.press("g")
        page.keyboard.press("w")
        page.wait_for_url("**/biuro/wnioski/")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/biuro/wnioski/*/")
        page.keyboard.press("/")
        assert page.evaluate("() => document.activeElement.id") == "szukaj"
        page.keyboard.type("?j")
        assert page.locator("#szukaj").input_value() == "?j"

    def test_switched_off_they_do_nothing(self, walker: Walker, world: OfficeWorld) -> None:
        page = walker.open("/biuro/").page
        page.keyboard.press("?")
        page.wait_for_url("**/biuro/skroty/")
        page.get_by_role("button", name="Wyłącz skróty").click()
        page.get_by_role("button", name="Włącz skróty").wait_for()
        page.keyboard.press("g")
        page.keyboard.press("s")
        page.keyboard.press("/")
        assert page.url.endswith("/biuro/skroty/")
        assert page.evaluate("() => document.activeElement.id") != "szukaj"


def sign_in(walker: Walker, username: str, *, width: int = 1280) -> Page:
    """A clerk signs in by the one sign-in page, scripts off."""
    page = walker.open("/biuro/", width=width, scripts=False).page
    page.get_by_label("E-mail lub login").fill(username)
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się", exact=True).click()
    page.wait_for_url("**/biuro/")
    return page


def press(page: Page, button: str) -> None:
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state("load")


def follow(page: Page, link: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=link, exact=True).first.click()


@pytest.fixture
def town(settings: Settings, tmp_path: Path) -> None:
    """An account of Anna, with no login; two clerks; regulations."""
    settings.EBOK_DOCUMENTS = tmp_path
    a_holder()
    regulations()
    for name in ("basia", "celina"):
        a_clerk(name)


def an_application(answers: Answers) -> str:
    """Somebody sends the form online."""
    terms = terms_in_force(today=clock.today())
    assert terms
    number = a_draft(answers, pesel=PESEL if answers.kind is ApplicantKind.PERSON else "")
    submit(number, terms_version_id=terms.id, today=clock.today(), now=clock.now())
    return number.number


def accept_as(page: Page, number: str) -> None:
    follow(page, "Wnioski")
    follow(page, number)
    follow(page, "Przyjmij")
    box = page.get_by_role("checkbox", name="100001")
    box.check()
    press(page, "Przyjmij wniosek")


def code_sent_to(address: str) -> str:
    message = OutgoingMessage.objects.filter(kind="application_accepted", recipient=address).get()
    return str(message.context["code"])


def activate(walker: Walker, code: str) -> None:
    """The applicant types the code, makes a login and sees the panel."""
    page = walker.open("/aktywacja/list/", width=320, scripts=False).page
    page.get_by_label("Numer konta klienta").fill("100001")
    page.get_by_label("Kod", exact=True).fill(code)
    press(page, "Sprawdź")
    page.locator("#id_full_name").fill("Anna Nowak")
    page.locator("#id_username").fill("anna")
    page.locator("#id_new_password").fill(PASSWORD)
    if page.get_by_label("Akceptuję regulamin").count():
        page.get_by_label("Akceptuję regulamin").check()
    press(page, "Załóż login")
    page.goto(walker.address + "/panel/")
    assert page.get_by_text("Do zapłaty").or_(page.get_by_text("Twoje saldo")).first.is_visible()
    assert Grant.objects.get().role == "owner"


def test_from_an_application_to_the_panel_of_the_applicant(walker: Walker, town: None) -> None:
    number = an_application(PERSON)
    page = sign_in(walker, "basia")
    accept_as(page, number)
    assert page.get_by_text("Wniosek przyjęty.").is_visible()
    expect_no_axe_violations(page_with_scripts(walker, page))
    activate(walker, code_sent_to("anna@example.com"))


def test_an_organizations_application_takes_two_clerks(walker: Walker, town: None) -> None:
    number = an_application(ORGANIZATION)
    first = sign_in(walker, "basia")
    accept_as(first, number)
    assert first.get_by_role("heading", name="Czeka na drugą osobę").is_visible()
    assert first.get_by_role("link", name="Potwierdź", exact=True).count() == 0
    second = sign_in(walker, "celina")
    follow(second, "Wnioski")
    follow(second, number)
    follow(second, "Potwierdź")
    press(second, "Potwierdź przyjęcie")
    assert second.get_by_text("Wniosek potwierdzony.").is_visible()
    expect_no_axe_violations(page_with_scripts(walker, second))
    activate(walker, code_sent_to("biuro@example.com"))


def test_from_a_search_over_the_reason_to_a_printed_letter(walker: Walker, town: None) -> None:
    page = sign_in(walker, "basia", width=320)
    page.get_by_role("searchbox").fill("nowka polna")
    press(page, "Szukaj")
    assert page.get_by_role("link", name="100001").is_visible()
    follow(page, "100001")
    press(page, "Otwórz klienta")
    assert page.title().startswith("Błąd: ")
    page.get_by_label("Klient dzwoni").check()
    press(page, "Otwórz klienta")
    assert page.get_by_role("heading", name="Anna Nowak").is_visible()
    follow(page, "Zamów list")
    press(page, "Zamów list")
    press(page, "Zakończ oglądanie")
    follow(page, "Listy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Pobierz PDF zaznaczonych").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    press(page, "Oznacz jako wydrukowane")
    press(page, "Tak, są wydrukowane")
    assert page.get_by_text("Wydrukowano: 1\u00a0list.").is_visible()
    assert page.get_by_role("heading", name="Nic nie czeka na wydruk").is_visible()
    expect_no_axe_violations(page_with_scripts(walker, page))


def test_a_paper_form_is_entered_with_its_scan(walker: Walker, town: None, tmp_path: Path) -> None:
    scan = tmp_path / "skan.pdf"
    scan.write_bytes(one_page(["Formularz"]))
    page = sign_in(walker, "basia", width=320)
    follow(page, "Wnioski")
    follow(page, "Wpisz wniosek z papieru")
    page.get_by_label("Osoba", exact=True).check()
    typed = {"name": "Anna Nowak", "phone": "600 100 200", "house": "1", "postal_code": "05-400", "city": "Otwock",
             "account_numbers": "100001"}  # fmt: skip
    for name, value in typed.items():
        page.locator(f"#id_{name}").fill(value)
    page.get_by_label("Właściciel dostępu").check()
    press(page, "Zapisz wniosek")
    assert page.title().startswith("Błąd: ")
    assert page.locator("#id_name").input_value() == "Anna Nowak"
    page.locator("#id_scan").set_input_files(scan)
    press(page, "Zapisz wniosek")
    assert page.get_by_text("Kod dla wnioskodawcy").is_visible()
    expect_no_sideways_scroll(page, where="the code of a paper form")
    follow(page, "Otwórz wniosek")
    assert page.get_by_role("link", name="Pobierz skan").is_visible()
    expect_no_axe_violations(page_with_scripts(walker, page))


def page_with_scripts(walker: Walker, page: Page) -> Page:
    """The same page with scripts on, since axe is one."""
    walker.cookies = [
        {"name": one["name"], "value": one["value"], "url": walker.address} for one in page.context.cookies()
    ]
    opened = walker.open(page.url.removeprefix(walker.address)).page
    walker.cookies = []
    return opened
