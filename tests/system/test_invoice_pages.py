"""Invoices and paying in a real browser: good everywhere, and usable without scripts."""

from zipfile import ZipFile

import pytest
from django.conf import settings as ours
from playwright.sync_api import Page

from tests.portal.customers import NRB, a_customer, an_invoice, in_days
from tests.system.walk import Walker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anna(walker: Walker) -> Walker:
    """Signed in, with an invoice to pay, a late one, a corrected one and its correction."""
    client = a_customer("anna", "100001")
    walker.signed_in_with(name=ours.SESSION_COOKIE_NAME, value=client.cookies[ours.SESSION_COOKIE_NAME].value)
    return walker


@pytest.fixture
def invoices(anna: Walker) -> dict[str, int]:
    """The ids of the invoices by number."""
    return {
        "FV/2026/11/000001": an_invoice("FV/2026/11/000001", due=in_days(5), nrb=NRB),
        "FV/2026/11/000002": an_invoice("FV/2026/11/000002", due=in_days(-5), nrb=NRB),
        "FV/2026/11/000003": an_invoice("FV/2026/11/000003", paid=in_days(-5), nrb=NRB),
        "FK/2026/11/000001": an_invoice("FK/2026/11/000001", corrects="FV/2026/11/000003", net="-10.00"),
    }


def test_the_list_and_paying_are_good_everywhere(anna: Walker, invoices: dict[str, int]) -> None:
    anna.expect_good_everywhere("/faktury/")
    anna.expect_good_everywhere("/zaplac/")


@pytest.mark.parametrize("number", ["FV/2026/11/000002", "FK/2026/11/000001"])
def test_an_invoice_and_a_correction_are_good_everywhere(anna: Walker, invoices: dict[str, int], number: str) -> None:
    anna.expect_good_everywhere(f"/faktury/{invoices[number]}/", widths=(320, 1280))


@pytest.mark.parametrize("path", ["/faktury/", "/zaplac/", "/faktury/?rok=1999"])
def test_empty_pages_are_good_everywhere(anna: Walker, path: str) -> None:
    anna.expect_good_everywhere(path, widths=(320,))


def tick(page: Page, *numbers: str) -> None:
    for number in numbers:
        page.get_by_label(f"Zaznacz: Faktura {number}").check()


def test_without_scripts_two_ticked_invoices_come_as_one_zip(anna: Walker, invoices: dict[str, int]) -> None:
    page = anna.open("/faktury/", width=320, scripts=False).page
    tick(page, "FV/2026/11/000001", "FV/2026/11/000002")
    with page.expect_download() as download:
        page.get_by_role("button", name="Pobierz zaznaczone (ZIP)").click()
    assert len(ZipFile(download.value.path()).namelist()) == 4


def test_without_scripts_two_ticked_invoices_become_one_transfer(anna: Walker, invoices: dict[str, int]) -> None:
    page = anna.open("/faktury/", width=320, scripts=False).page
    tick(page, "FV/2026/11/000001", "FV/2026/11/000002")
    page.get_by_role("button", name="Zapłać zaznaczone").click()
    assert page.get_by_role("heading", name="Zapłać", level=1).is_visible()
    assert page.get_by_text("205,20 zł").first.is_visible()
    assert page.get_by_role("img", name="Kod przelewu").is_visible()


def test_the_filter_and_the_way_back_work_without_scripts(anna: Walker, invoices: dict[str, int]) -> None:
    page = anna.open("/faktury/", scripts=False).page
    page.get_by_label("Stan").select_option("Po terminie")
    page.get_by_role("button", name="Pokaż").click()
    page.get_by_role("link", name="FV/2026/11/000002").click()
    assert page.get_by_role("heading", name="Faktura FV/2026/11/000002", level=1).is_visible()
    page.get_by_role("main").get_by_role("link", name="Faktury").click()
    assert page.get_by_role("heading", name="Faktury", level=1).is_visible()


def test_an_invoice_prints_without_the_navigation(anna: Walker, invoices: dict[str, int]) -> None:
    page = anna.open(f"/faktury/{invoices['FV/2026/11/000001']}/").page
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="Główne miejsca").is_visible()
    assert page.get_by_role("heading", name="Faktura FV/2026/11/000001").is_visible()
