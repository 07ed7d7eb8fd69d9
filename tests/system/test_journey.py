"""The main job in a browser: sign in, see what is owed and when, see how to pay, send a reading, leave."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect
from pytest_django import Settings

from ebok.foundation.formats import long_date, nrb_groups
from ebok.metering.models import MeterReading
from tests.portal.customers import NRB, PASSWORD, a_customer, an_invoice, in_days
from tests.system.walk import (
    AXE_WIDTH,
    HEIGHT,
    Opened,
    Walker,
    expect_no_axe_violations,
    expect_no_sideways_scroll,
    listen,
    show_whole_height,
)
from tests.system.world import LOGIN, a_meter

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "FV/2026/11/000001"
OWED = re.compile(r"108,00\s*zł")
SCREENS_AT_MOST = 3
TAPS_AT_MOST = 4


@pytest.fixture
def customer(settings: Settings, tmp_path: Path) -> None:
    """Given: somebody who owes 108,00 zł in five days and has one meter, last read at 110 m³."""
    settings.EBOK_DOCUMENTS = tmp_path
    a_customer(LOGIN, "100001")
    an_invoice(NUMBER, due=in_days(5), nrb=NRB)
    a_meter()


@dataclass
class Visitor:
    """Somebody at a page, whose taps and screens are counted."""

    page: Page
    look: Callable[[Page, str], None]
    taps: int = 0
    screens: list[str] = field(default_factory=list)

    def press(self, role: str, name: str | re.Pattern[str]) -> None:
        self.taps += 1
        self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    def sees(self, heading: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.look(self.page, self.page.url)

    def counting_from_here(self) -> None:
        self.taps, self.screens = 0, [self.page.url]
        self.page.on("framenavigated", self._moved)

    def _moved(self, frame: Frame) -> None:
        if frame == self.page.main_frame and frame.url != self.screens[-1]:
            self.screens.append(frame.url)


def at_the_start(
    walker: Walker, *, width: int = 320, theme: str = "light", scripts: bool = True
) -> tuple[Visitor, Opened]:
    opened = Opened(page=walker.page(width=width, theme=theme, scripts=scripts))
    listen(opened)

    def look(page: Page, where: str) -> None:
        expect_no_sideways_scroll(page, where=where)
        if scripts and AXE_WIDTH[theme] == width:
            show_whole_height(page, width=width)
            expect_no_axe_violations(page, where=where)
            page.set_viewport_size({"width": width, "height": HEIGHT})

    opened.page.goto(walker.address + "/", wait_until="load")
    return Visitor(page=opened.page, look=look), opened


def signs_in(visitor: Visitor) -> None:
    visitor.press("link", "Zaloguj się")
    visitor.page.get_by_label("E-mail lub login").fill(LOGIN)
    visitor.page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    visitor.press("button", "Zaloguj się")


def sees_what_is_owed(visitor: Visitor) -> None:
    visitor.sees("Dzień dobry, Anna Nowak")
    expect(visitor.page.locator(".number__value")).to_have_text(OWED)
    expect(visitor.page.locator(".number__note")).to_contain_text(long_date(in_days(5)))


def opens_the_invoice(visitor: Visitor) -> None:
    visitor.press("link", "Faktury")
    visitor.sees("Faktury")
    visitor.press("link", NUMBER)
    visitor.sees(f"Faktura {NUMBER}")
    expect(visitor.page.get_by_role("heading", name="Za co płacisz")).to_be_visible()


def sees_how_to_pay(visitor: Visitor) -> None:
    visitor.press("link", "Zapłać")
    visitor.sees("Zapłać")
    page = visitor.page
    for said in (nrb_groups(NRB), NUMBER, OWED):
        expect(page.locator(".summary")).to_contain_text(said)
    expect(page.get_by_role("img", name=re.compile("Kod przelewu"))).to_be_visible()


def goes_to_the_panel(visitor: Visitor) -> None:
    visitor.press("link", "Start")
    visitor.sees("Dzień dobry, Anna Nowak")


def gives_a_reading(visitor: Visitor, digits: str) -> None:
    visitor.press("link", re.compile("Podaj odczyt"))
    visitor.sees("Podaj odczyt")
    visitor.page.get_by_label("Stan wodomierza").fill(digits)
    visitor.press("button", "Wyślij odczyt")


def leaves(visitor: Visitor) -> None:
    visitor.press("link", "Ja")
    visitor.press("button", "Wyloguj się")
    visitor.sees("Woda, rachunki i odczyty w jednym miejscu")
    visitor.page.goto(visitor.page.url + "panel/")
    visitor.sees("Zaloguj się")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")])
def test_the_main_job(walker: Walker, customer: None, width: int, theme: str, scripts: bool) -> None:
    # given
    visitor, opened = at_the_start(walker, width=width, theme=theme, scripts=scripts)
    # when
    signs_in(visitor)
    # then
    sees_what_is_owed(visitor)
    opens_the_invoice(visitor)
    sees_how_to_pay(visitor)
    # when
    goes_to_the_panel(visitor)
    visitor.counting_from_here()
    gives_a_reading(visitor, "00118")
    # then
    visitor.sees("Mamy Twój odczyt")
    assert MeterReading.objects.filter(value_m3=118, acceptance__isnull=False).count() == 1
    assert len(visitor.screens) <= SCREENS_AT_MOST, visitor.screens
    assert visitor.taps <= TAPS_AT_MOST
    # when
    visitor.press("link", "Odczyty")
    # then
    visitor.sees("Odczyty")
    expect(visitor.page.get_by_role("row").filter(has_text="118").last).to_contain_text("Przyjęty")
    leaves(visitor)
    assert opened.errors == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_reading_far_above_the_usual_is_asked_about_and_held(walker: Walker, customer: None, scripts: bool) -> None:
    # given
    visitor, opened = at_the_start(walker, scripts=scripts)
    signs_in(visitor)
    visitor.sees("Dzień dobry, Anna Nowak")
    # when
    visitor.counting_from_here()
    gives_a_reading(visitor, "00900")
    # then
    expect(visitor.page.get_by_text("To dużo więcej niż zwykle")).to_be_visible()
    expect(visitor.page.get_by_label("Stan wodomierza")).to_have_value(re.compile("0*900"))
    # when
    visitor.press("radio", "Podlewanie ogrodu")
    visitor.press("button", "Wyślij odczyt")
    # then
    visitor.sees("Mamy Twój odczyt")
    expect(visitor.page.get_by_text("Sprawdzamy go.")).to_be_visible()
    assert visitor.taps <= TAPS_AT_MOST
    assert len(visitor.screens) <= SCREENS_AT_MOST, visitor.screens
    visitor.press("link", "Odczyty")
    expect(visitor.page.get_by_role("row").filter(has_text="900").last).to_contain_text("Sprawdzamy")
    assert opened.errors == []


FOCUSED = """() => {
    const e = document.activeElement;
    const label = e.labels && e.labels.length ? e.labels[0].textContent : "";
    return (e.getAttribute("aria-label") || label || e.textContent || "").trim();
}"""
TABS_AT_MOST = 60


@dataclass
class Typist:
    """Somebody who has only a keyboard."""

    page: Page

    def tabs_to(self, name: str) -> None:
        for _ in range(TABS_AT_MOST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(FOCUSED).startswith(name):
                return
        raise AssertionError(f"Tab never comes to {name!r} on {self.page.url}")

    def enters(self, name: str, heading: str) -> None:
        self.tabs_to(name)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def types(self, field: str, text: str) -> None:
        self.tabs_to(field)
        self.page.keyboard.type(text)


def test_the_main_job_by_keyboard_only(walker: Walker, customer: None) -> None:
    # given
    page = walker.open("/", width=1280).page
    anna = Typist(page=page)
    # when
    anna.enters("Zaloguj się", "Zaloguj się")
    anna.types("E-mail lub login", LOGIN)
    anna.types("Hasło", PASSWORD)
    page.keyboard.press("Enter")
    # then
    expect(page.locator(".number__value")).to_have_text(OWED)
    anna.enters("Faktury", "Faktury")
    anna.enters(NUMBER, f"Faktura {NUMBER}")
    anna.enters("Zapłać", "Zapłać")
    expect(page.locator(".summary")).to_contain_text(nrb_groups(NRB))
    # when
    anna.enters("Start", "Dzień dobry, Anna Nowak")
    anna.enters("Podaj odczyt", "Podaj odczyt")
    anna.types("Stan wodomierza", "00900")
    anna.tabs_to("Wyślij odczyt")
    page.keyboard.press("Enter")
    expect(page.get_by_text("To dużo więcej niż zwykle")).to_be_visible()
    anna.tabs_to("Podlewanie ogrodu")
    page.keyboard.press("Space")
    anna.enters("Wyślij odczyt", "Mamy Twój odczyt")
    # then
    anna.enters("Odczyty", "Odczyty")
    expect(page.get_by_role("row").filter(has_text="900").last).to_contain_text("Sprawdzamy")
    anna.enters("Ja", "Anna Nowak")
    anna.enters("Wyloguj się", "Woda, rachunki i odczyty w jednym miejscu")
