"""Every page a customer can open holds every law of the screens: with everything in it, empty, and with faults."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page
from pytest_django import Settings

from ebok.einvoicing.operations.acceptance import withdraw_path
from tests.office.pages import OFFICE_NO_PAGE, OFFICE_PAGES
from tests.portal.customers import a_customer
from tests.portal.security_pages import SECURITY_NO_PAGE, SECURITY_PAGES
from tests.system.walk import (
    AXE_WIDTH,
    THEMES,
    Opened,
    Walker,
    expect_good_here,
    expect_no_sideways_scroll,
    expect_quiet,
    listen,
)
from tests.system.world import World, a_world, carry

pytestmark = pytest.mark.django_db(transaction=True)
PAGES: dict[str, Callable[[World], str]] = {
    "start": lambda world: "/",
    "documents": lambda world: "/dokumenty/",
    "regulations": lambda world: "/regulamin/",
    "regulations_version": lambda world: f"/regulamin/{world.coming_regulations}/",
    "genuine": lambda world: "/sprawdz-fakture/",
    "genuine_reported": lambda world: "/sprawdz-fakture/zgloszone/",
    "genuine_token": lambda world: "/f/7KQ2MXR4VD9WTHB3F8JC0A1EGN/",
    "application": lambda world: "/wniosek/",
    "application_back": lambda world: "/wniosek/wroc/",
    "application_state": lambda world: "/wniosek/stan/",
    "privacy": lambda world: "/prywatnosc/",
    "accessibility": lambda world: "/deklaracja-dostepnosci/",
    "appearance": lambda world: "/ustawienia-wygladu/?wroc=/panel/",
    "account_logout": lambda world: "/wyloguj/",
    "activation": lambda world: "/aktywacja/",
    "activation_invoice": lambda world: "/aktywacja/faktura/",
    "activation_letter": lambda world: "/aktywacja/list/",
    "activation_letter_order": lambda world: "/aktywacja/list/zamow/",
    "activation_letter_ordered": lambda world: "/aktywacja/list/zamow/gotowe/",
    "activation_data": lambda world: "/aktywacja/dane/",
    "account_change_password": lambda world: "/haslo/zmiana/",
    "account_reset_password": lambda world: "/haslo/reset/",
    "me": lambda world: "/ja/",
    "correspondence": lambda world: "/ja/adres/",
    "contract_data": lambda world: "/ja/dane/",
    "data_change": lambda world: "/ja/dane/zmiana/",
    "close_login": lambda world: "/ja/zamknij/",
    "viewers": lambda world: "/kto-ogladal/",
    "premises": lambda world: "/lokale/",
    "access_list": lambda world: "/dostep/",
    "access_person": lambda world: f"/dostep/{world.grant}/",
    "access_take_back": lambda world: f"/dostep/{world.grant}/odebranie/",
    "access_request": lambda world: f"/dostep/prosby/{world.request}/",
    "invite": lambda world: "/dostep/zapros/",
    "invite_role": lambda world: "/dostep/zapros/rola/",
    "invite_person": lambda world: "/dostep/zapros/osoba/",
    "invite_channel": lambda world: "/dostep/zapros/kod/",
    "invite_address": lambda world: "/dostep/zapros/adres/",
    "invite_term": lambda world: "/dostep/zapros/czas/",
    "invite_check": lambda world: "/dostep/zapros/sprawdz/",
    "invitation": lambda world: "/dostep/zaproszenie/",
    "invitation_accept": lambda world: "/dostep/zaproszenie/przyjecie/",
    "invitation_withdraw": lambda world: f"/dostep/zaproszenia/{world.invitation}/wycofanie/",
    "e_invoice": lambda world: "/efaktura/",
    "e_invoice_give": lambda world: "/efaktura/zgoda/?co=e-mail",
    "e_invoice_address": lambda world: "/efaktura/adres/?co=e-faktury",
    "e_invoice_entry": lambda world: f"/efaktura/wpis/{world.consent}/",
    "e_invoice_wording": lambda world: f"/efaktura/tresc/{world.wording}/",
    "e_invoice_link": lambda world: withdraw_path(entry_id=world.consent),
    "panel": lambda world: "/panel/",
    "ledger": lambda world: "/rozliczenia/",
    "ledger_entry": lambda world: f"/rozliczenia/{world.entry}/",
    "invoices": lambda world: "/faktury/",
    "invoice": lambda world: f"/faktury/{world.invoice}/",
    "pay": lambda world: "/zaplac/",
    "readings": lambda world: "/odczyty/",
    "reading_submit": lambda world: f"/odczyty/{world.installation}/podaj/",
    "reading_submitted": lambda world: f"/odczyty/{world.installation}/podany/{world.reading}/",
}
"""How to reach each page: its name and its address for a customer who has everything."""
BEFORE_SIGN_IN = (
    "account_login", "account_confirm_password_reset_code", "account_request_login_code", "account_confirm_login_code",
)  # fmt: skip
APPLICATION = "needs an application in hand; test_application walks it at each width and theme"
NO_PAGE = {
    "activation_data_code_again": "sends a form",
    "activation_data_code": "for people who asked for a code; test_activation walks it",
    "activation_login": "for people with a fresh proof; test_activation walks it",
    "activation_done": "for people who have just activated; test_activation walks it",
    "access_leave": "the page of access_take_back, for one's own access",
    "invitation_login": "for people who are not signed in; test_sharing walks it",
    "email_change": "asks who is there first; test_identity walks it",
    "email_change_code": "stands behind a code that is on its way; test_identity walks it",
    "email_contact": "asks who is there first; test_identity walks it",
    "phone_contact": "asks who is there first; test_identity walks it",
    "phone_change": "asks who is there first; test_identity walks it",
    "phone_change_code": "stands behind a code that is on its way; test_identity walks it",
    "phone_removal": "takes a press of a button and leads back",
    "components": "the gallery of components, in the demo only; test_public_pages walks it",
    "health": "for machines",
    "document_file": "a file to download",
    "regulations_file": "a file to download",
    "genuine_code": "takes a code and answers; test_genuine_invoice walks the answers",
    "genuine_typed": "takes what is typed and answers; test_genuine_invoice walks the answers",
    "genuine_file": "takes a file and answers; test_genuine_invoice walks the answers",
    "genuine_report": "takes a press of a button and leads on",
    "application_details": APPLICATION,
    "application_contact": APPLICATION,
    "application_accounts": APPLICATION,
    "application_wish": APPLICATION,
    "application_terms": APPLICATION,
    "application_check": APPLICATION,
    "application_sent": APPLICATION,
    "application_withdraw": APPLICATION,
    "application_answer": "takes an answer and leads back",
    "application_leave": "forgets an application on this device and leads back",
    "application_pdf": "a file to download",
    "application_form": "a file to download",
    "e_invoice_check": "stands behind a form; test_e_invoice walks it",
    "e_invoice_code_again": "sends a code and leads back",
    "e_invoice_off": "takes a press of a button and leads to what was recorded",
    "e_invoice_receipt": "a file to download",
    "invoice_duplicate": "a file to download, made by a button",
    "invoice_pdf": "a file to download",
    "invoice_xml": "a file to download",
    "ledger_csv": "a file to download",
    "chosen_invoices": "takes ticked invoices, answers with a ZIP or leads to paying",
    "choose_premises": "takes a choice and leads back",
    "extend_session": "answers the script that warns before a session ends",
}
PLACES = ("/panel/", "/faktury/", "/odczyty/", "/rozliczenia/", "/zaplac/", "/ja/")


def names(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry)
        elif isinstance(entry, URLPattern):
            yield entry.name or str(entry.pattern)


@pytest.fixture
def world(walker: Walker, settings: Settings, tmp_path: Path) -> World:
    settings.EBOK_DOCUMENTS = tmp_path
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * 60
    found = a_world()
    carry(walker, found.client)
    return found


def test_every_address_is_walked_or_is_no_page() -> None:
    walked = [*PAGES, *OFFICE_PAGES, *SECURITY_PAGES]
    assert sorted(names(get_resolver())) == sorted(
        [*walked, *BEFORE_SIGN_IN, *NO_PAGE, *OFFICE_NO_PAGE, *SECURITY_NO_PAGE]
    )


def test_every_page_of_somebody_who_has_everything(walker: Walker, world: World) -> None:
    walker.expect_good_tour([address(world) for address in PAGES.values()])


def test_pages_narrowed_down_and_widened(walker: Walker, world: World) -> None:
    walker.expect_good_tour(
        ["/faktury/?stan=zaplacone", "/faktury/?rok=1999", "/odczyty/?lokale=wszystkie", "/rozliczenia/?rok=2026",
         f"/zaplac/?faktura={world.invoice}"],
        themes=["light"],
    )  # fmt: skip


def test_sign_in_and_a_forgotten_password(walker: Walker) -> None:
    for theme in THEMES:
        with walker.one_page(theme=theme) as page:
            page.goto(walker.address + "/logowanie/", wait_until="load")
            judge(page, send(page, "Zaloguj się"), theme=theme, fault="nothing typed")
            page.goto(walker.address + "/haslo/reset/", wait_until="load")
            page.locator("#id_email").fill("anna@example.com")
            page.get_by_role("button", name="Wyślij kod").click()
            page.wait_for_url("**/haslo/reset/kod/")
            page.locator("#id_code").fill("12")
            judge(page, send(page, "Ustaw hasło"), theme=theme, fault="half a code")


@pytest.mark.parametrize(
    ("accounts", "theme"), [([], "light"), (["100001"], "dark")], ids=["without premises", "without anything in them"]
)
def test_empty_places_say_what_will_appear(walker: Walker, accounts: list[str], theme: str) -> None:
    carry(walker, a_customer("nowa", *accounts))
    walker.expect_good_tour(PLACES, themes=[theme])


def test_enlarged_four_times_nothing_is_wider_than_the_window(walker: Walker, world: World) -> None:
    page = walker.page()
    page.set_viewport_size({"width": 320, "height": 256})
    for address in PAGES.values():
        page.goto(walker.address + address(world), wait_until="load")
        expect_no_sideways_scroll(page, where=address(world))


def send(page: Page, button: str) -> str:
    """Press a button that sends a form; return the HTML of what comes back."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state("load")
    return answer.value.text()


FAULTS: dict[str, tuple[str, dict[str, str], str]] = {
    "no digits": ("/odczyty/{}/podaj/", {"#id_value": ""}, "Wyślij odczyt"),
    "letters": ("/odczyty/{}/podaj/", {"#id_value": "12x"}, "Wyślij odczyt"),
    "lower than before": ("/odczyty/{}/podaj/", {"#id_value": "90"}, "Wyślij odczyt"),
    "far above the usual": ("/odczyty/{}/podaj/", {"#id_value": "900"}, "Wyślij odczyt"),
    "a short new password": ("/haslo/zmiana/", {"#id_present_password": "x", "#id_new_password": "x"}, "Zmień hasło"),
    "a wish without words": ("/ja/dane/zmiana/", {"#id_wanted": "", "#id_why": ""}, "Wyślij prośbę"),
    "no address for the code": ("/haslo/reset/", {"#id_email": "anna"}, "Wyślij kod"),
}


def judge(page: Page, source: str, *, theme: str, fault: str) -> None:
    """A page that asks to mend something says so in its title and is as good as the others."""
    assert page.title().startswith("Błąd: "), fault
    expect_good_here(page, source, axe_width=AXE_WIDTH[theme], where=f"{fault} {theme}")


def test_pages_with_faults_say_them_and_stay_good(walker: Walker, world: World) -> None:
    for theme in THEMES:
        with walker.one_page(theme=theme) as page:
            opened = Opened(page=page)
            listen(opened)
            for fault, (path, typed, button) in FAULTS.items():
                page.goto(walker.address + path.format(world.installation), wait_until="load")
                for field, value in typed.items():
                    page.locator(field).fill(value)
                judge(page, send(page, button), theme=theme, fault=fault)
            expect_quiet(opened, where="pages with faults")


def test_on_paper_there_is_no_navigation_and_a_transfer_is_one_sheet(walker: Walker, world: World) -> None:
    page = walker.page(width=672)
    page.emulate_media(media="print")
    for path, sheets in ((f"/faktury/{world.invoice}/", 2), (f"/zaplac/?faktura={world.invoice}", 1)):
        page.goto(walker.address + path, wait_until="load")
        expect_no_sideways_scroll(page, where=f"{path} on paper")
        for hidden in ("Główne miejsca", "Informacje"):
            assert page.get_by_role("navigation", name=hidden).count() == 0, path
        assert page.get_by_role("button").count() == 0, path
        assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") <= sheets, path
