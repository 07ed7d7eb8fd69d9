"""The warning before a session ends, in a browser whose clock is turned forward."""

import pytest
from django.conf import settings as ours
from playwright.sync_api import Page, expect
from pytest_django import Settings

from tests.households import Household
from tests.system.walk import Walker, expect_no_axe_violations, expect_no_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)
STILL_HERE = "Czy nadal tu jesteś?"


@pytest.fixture
def anna(walker: Walker) -> Household:
    household = Household("anna")
    cookie = household.client.cookies[ours.SESSION_COOKIE_NAME]
    walker.signed_in_with(name=cookie.key, value=cookie.value)
    return household


@pytest.fixture
def form(walker: Walker, anna: Household) -> Page:
    """The form of a reading with its digits typed, in a browser whose clock the test turns."""
    page = walker.page(width=320)
    page.clock.install()
    page.goto(walker.address + anna.url, wait_until="networkidle")
    page.get_by_label("Stan wodomierza").fill("00108")
    return page


def test_two_minutes_before_the_end_one_press_extends_and_keeps_what_was_typed(form: Page) -> None:
    form.clock.fast_forward("27:00")
    expect(form.get_by_text(STILL_HERE)).to_be_hidden()
    form.clock.fast_forward("01:05")
    expect(form.get_by_role("alertdialog", name=STILL_HERE)).to_be_visible()
    expect_no_axe_violations(form, where="the warning")
    expect_no_sideways_scroll(form, where="the warning")
    form.keyboard.press("Enter")
    expect(form.get_by_text(STILL_HERE)).to_be_hidden()
    expect(form.get_by_label("Stan wodomierza")).to_have_value("00108")
    form.clock.fast_forward("27:00")
    expect(form.get_by_text(STILL_HERE)).to_be_hidden()


def test_a_session_that_ended_leads_to_sign_in_and_the_digits_come_back(
    form: Page, walker: Walker, anna: Household, settings: Settings
) -> None:
    anna.user.set_password("zielony traktor liczy gwiazdy")
    anna.user.save()
    lasting, settings.SESSION_IDLE_SECONDS = settings.SESSION_IDLE_SECONDS, -1
    form.clock.fast_forward("28:30")
    form.clock.fast_forward("02:00")
    expect(form.get_by_text("Sesja skończyła się po długiej przerwie.")).to_be_visible()
    settings.SESSION_IDLE_SECONDS = lasting
    form.get_by_label("E-mail lub login").fill("anna")
    form.get_by_label("Hasło", exact=True).fill("zielony traktor liczy gwiazdy")
    form.get_by_role("button", name="Zaloguj się").click()
    expect(form).to_have_url(walker.address + anna.url)
    expect(form.get_by_label("Stan wodomierza")).to_have_value("00108")
