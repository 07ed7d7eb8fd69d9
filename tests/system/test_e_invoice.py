"""E-invoices in a browser, scripts off: on with a typed address, moved, off in a press, off by a mail; and on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from ebok.einvoicing.operations.acceptance import withdraw_path
from ebok.foundation import clock
from ebok.jobs.demo.pdf import one_page
from ebok.terms.domain import ConsentDeed
from ebok.terms.queries import broken_consents, consent_history
from tests.billing import an_account
from tests.e_invoices import EMAIL, PRICE, WHOLE, accepted, account_id, address_code, an_owner, the_wordings
from tests.office.staff import a_clerk
from tests.system.test_account_care import expect_good_with_scripts
from tests.system.walk import Walker
from tests.system.world import carry

pytestmark = pytest.mark.django_db(transaction=True)


def deeds() -> list[tuple[ConsentDeed, str]]:
    return [(one.deed, one.address) for one in consent_history(scope=WHOLE, account_id=account_id())]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_given_a_customer_when_e_invoices_are_on_moved_and_off_then_each_is_proved_and_told(walker: Walker) -> None:
    carry(walker, an_owner())
    the_wordings()
    page = walker.open("/panel/", width=320, scripts=False).page
    page.get_by_role("link", name="Włącz e-fakturę").click()
    expect_good_with_scripts(walker, page)
    page.get_by_role("link", name="Włącz e-faktury").click()
    assert page.get_by_text(PRICE).is_visible()
    assert not page.get_by_label("Zgadzam się na tę treść").is_checked()
    press(page, "Dalej")
    assert page.title().startswith("Błąd: ")
    expect_good_with_scripts(walker, page)
    page.get_by_label("Zgadzam się na tę treść").check()
    page.get_by_label("Na inny.").check()
    page.get_by_label("Inny e-mail").fill("ksiegowa@example.com")
    press(page, "Dalej")
    page.wait_for_url("**/efaktura/sprawdz/")
    page.get_by_label("Kod z e-maila").fill("12")
    press(page, "Włącz e-faktury")
    assert page.title().startswith("Błąd: ")
    expect_good_with_scripts(walker, page)
    page.get_by_label("Kod z e-maila").fill(address_code())
    press(page, "Włącz e-faktury")
    page.wait_for_url("**/efaktura/wpis/*/")
    assert page.get_by_text("Papierowych faktur już nie wyślemy.").is_visible()
    expect_good_with_scripts(walker, page)
    with page.expect_download() as receipt:
        page.get_by_role("link", name="Pobierz potwierdzenie (PDF)").click()
    assert Path(receipt.value.path()).read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Wszystkie decyzje").click()
    page.get_by_role("link", name="Zmień adres").click()
    page.get_by_label(EMAIL).check()
    press(page, "Dalej")
    press(page, "Zmień adres")
    page.wait_for_url("**/efaktura/wpis/*/")
    page.get_by_role("link", name="Wszystkie decyzje").click()
    expect_good_with_scripts(walker, page)
    press(page, "Wyłącz")
    page.wait_for_url("**/efaktura/wpis/*/")
    assert page.get_by_text("Na papierze przyjdzie faktura, którą wystawimy").is_visible()
    expect_good_with_scripts(walker, page)
    assert deeds() == [
        (ConsentDeed.GIVEN, "ksiegowa@example.com"), (ConsentDeed.CHANGED, EMAIL), (ConsentDeed.WITHDRAWN, ""),
    ]  # fmt: skip
    assert broken_consents() == []


def test_given_an_invoice_mail_when_its_link_is_opened_then_only_the_press_turns_them_off(walker: Walker) -> None:
    an_owner()
    entry = accepted()
    page = walker.open(withdraw_path(entry_id=entry.id), width=320, scripts=False).page
    assert len(deeds()) == 1
    assert page.get_by_text("100001").count() == 0
    expect_good_with_scripts(walker, page)
    press(page, "Wyłącz")
    assert page.get_by_role("heading", name="E-faktury są wyłączone").is_visible()
    expect_good_with_scripts(walker, page)
    page.reload()
    assert [deed for deed, _ in deeds()] == [ConsentDeed.GIVEN, ConsentDeed.WITHDRAWN]


def test_given_a_signed_form_when_a_clerk_enters_it_then_its_scan_comes_out_again(
    walker: Walker, settings: Settings, tmp_path: Path
) -> None:
    settings.EBOK_DOCUMENTS = tmp_path / "documents"
    scan = tmp_path / "skan.pdf"
    scan.write_bytes(one_page(["Formularz zgody"]))
    an_account()
    the_wordings()
    carry(walker, a_clerk())
    page = walker.open("/biuro/zgody/", scripts=False).page
    page.get_by_label("Numer konta klienta").fill("100001")
    page.get_by_label("Kto podpisał").fill("Anna Nowak")
    page.get_by_label("Dzień podpisu").fill("2020-01-01")
    page.get_by_label("Zgadza się").check()
    page.get_by_label("e-faktury", exact=True).check()
    press(page, "Dalej")
    assert page.title().startswith("Błąd: ")
    expect_good_with_scripts(walker, page)
    page.get_by_label("Dzień podpisu").fill(clock.today().isoformat())
    page.locator("#id_email").fill(EMAIL)
    page.get_by_label("Wersja treści: e-faktury").select_option(index=1)
    press(page, "Dalej")
    assert page.get_by_text("Na koncie jest").is_visible()
    page.get_by_label("Skan podpisanego formularza").set_input_files(scan)
    expect_good_with_scripts(walker, page)
    press(page, "Zapisz")
    page.wait_for_url("**/biuro/zgody/*/")
    expect_good_with_scripts(walker, page)
    with page.expect_download() as file:
        page.get_by_role("link", name="Pobierz skan").click()
    assert Path(file.value.path()).read_bytes() == scan.read_bytes()
    assert deeds() == [(ConsentDeed.GIVEN, EMAIL)]
