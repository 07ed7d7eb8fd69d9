"""The office in a browser: every page good everywhere, and the journeys of clerks, scripts off."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from ebok.access.domain import StaffRole
from tests.office.pages import OFFICE_PAGES
from tests.office.staff import a_clerk
from tests.office.world import OfficeWorld, an_office
from tests.system.walk import (
    AXE_WIDTH,
    THEMES,
    Walker,
    expect_good_here,
    expect_no_sideways_scroll,
)
from tests.system.world import carry

pytestmark = pytest.mark.django_db(transaction=True)
EMPTY = ("/biuro/", "/biuro/niedoreczone/", "/biuro/wnioski/", "/biuro/klienci/", "/biuro/listy/", "/biuro/prosby/",
         "/biuro/zmiany/")  # fmt: skip


@pytest.fixture
def world(walker: Walker, settings: Settings, tmp_path: Path) -> OfficeWorld:
    settings.EBOK_DOCUMENTS = tmp_path
    found = an_office()
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


def find(page: Page, words: str) -> None:
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("button", name="Szukaj").click()
    page.wait_for_url("**/biuro/klienci/")
