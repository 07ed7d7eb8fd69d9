"""Giving a reading in a browser: with and without scripts, on a phone and on a desk, in both themes."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from ebok.metering.models import MeterReading
from tests.households import Household
from tests.system.walk import expect_no_axe_violations, expect_no_sideways_scroll, show_whole_height

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anna(walker) -> Household:
    household = Household("anna")
    cookie = household.client.cookies[settings.SESSION_COOKIE_NAME]
    walker.signed_in_with(name=cookie.key, value=cookie.value)
    return household


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [320, 1280])
def test_a_customer_gives_a_reading_from_the_list(walker, anna, width, scripts) -> None:
    opened = walker.open("/odczyty/", width=width, scripts=scripts)
    page = opened.page
    page.get_by_role("link", name="Podaj odczyt").click()
    page.get_by_label("Stan wodomierza").fill("00108")
    if scripts:
        expect(page.get_by_text("To o 8 m³ więcej")).to_be_visible()
    page.get_by_role("button", name="Wyślij odczyt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mamy Twój odczyt")
    assert MeterReading.objects.get().value_m3 == 108
    assert opened.errors == []


def test_a_reading_that_stands_out_is_sent_with_a_reason(walker, anna) -> None:
    opened = walker.open(anna.url, width=320)
    page = opened.page
    page.get_by_label("Stan wodomierza").fill("900")
    page.get_by_role("button", name="Wyślij odczyt").click()
    expect(page.get_by_text("To bardzo dużo od ostatniego odczytu")).to_be_visible()
    expect(page.get_by_label("Stan wodomierza")).to_have_value("900")
    show_whole_height(page, width=320)
    expect_no_axe_violations(page, where="a reading that stands out")
    expect_no_sideways_scroll(page, where="a reading that stands out")
    page.get_by_label("Podlewanie ogrodu").check()
    page.get_by_role("button", name="Wyślij odczyt").click()
    expect(page.get_by_text("Sprawdzamy go.")).to_be_visible()
    assert opened.errors == []


def test_the_pages_of_readings_are_good_everywhere(walker, anna) -> None:
    walker.expect_good_everywhere("/odczyty/")
    walker.expect_good_everywhere(anna.url)
    answer = anna.post("108")
    walker.expect_good_everywhere(answer["Location"])
    walker.expect_good_everywhere("/odczyty/")
