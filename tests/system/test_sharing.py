"""Sharing an account in a browser: invite, accept, work as far as the role goes, lose it in mid-session."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from ebok.access.models import Grant, Invitation
from ebok.notifications.models import OutgoingMessage
from tests.portal.customers import NRB, PASSWORD, a_customer, an_invoice, in_days
from tests.system.walk import HEIGHT, Walker, expect_no_axe_violations, expect_no_sideways_scroll, show_whole_height
from tests.system.world import LOGIN, a_meter, carry

pytestmark = pytest.mark.django_db(transaction=True)
EWA = "ewa.zielinska"


@pytest.fixture
def invoice(settings: Settings, tmp_path: Path) -> int:
    """Given: Anna owns an account with an invoice to pay and a meter, and nobody else has access."""
    settings.EBOK_DOCUMENTS = tmp_path
    a_customer(LOGIN, "100001")
    a_meter()
    return an_invoice("FV/2026/11/000001", due=in_days(5), nrb=NRB)


def somebody(walker: Walker, *, width: int = 320, scripts: bool = False) -> Page:
    """A browser of their own, signed in as nobody."""
    return walker.page(width=width, scripts=scripts)


def signs_in(walker: Walker, page: Page, login: str) -> None:
    page.goto(f"{walker.address}/logowanie/")
    page.get_by_label("E-mail lub login").fill(login)
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj się", exact=True).click()
    sees(page, re.compile("Dzień dobry"))


def sees(page: Page, heading: str | re.Pattern[str]) -> None:
    """The page has this heading, and nothing on it sticks out."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect_no_sideways_scroll(page, where=page.url)


def goes_on(page: Page, button: str = "Dalej") -> None:
    page.get_by_role("button", name=button).click()


def invites(page: Page, *, role: str, channel: str, address: str = "") -> None:
    """When: the owner answers question after question."""
    page.get_by_role("link", name="Ja", exact=True).click()
    page.get_by_role("link", name="Osoby z dostępem").click()
    page.get_by_role("link", name="Zaproś osobę").click()
    page.get_by_label(role).check()
    goes_on(page)
    page.get_by_label("Imię i nazwisko").fill("Ewa Zielińska")
    page.get_by_label("Księgowość").check()
    goes_on(page)
    page.get_by_label(channel).check()
    goes_on(page)
    if address:
        page.get_by_label("E-mail tej osoby").fill(address)
        goes_on(page)
    page.get_by_label("Bez daty końca").check()
    goes_on(page)
    sees(page, "Sprawdź zaproszenie")


def types_the_code(walker: Walker, page: Page, code: str) -> None:
    page.goto(walker.address + "/logowanie/")
    page.get_by_role("link", name="Mam zaproszenie").click()
    page.get_by_label("Kod zaproszenia").fill(code)
    goes_on(page)
    sees(page, "Przyjmij dostęp")


def makes_a_login(page: Page) -> None:
    page.get_by_role("link", name="Załóż login").click()
    sees(page, "Załóż login")
    page.get_by_label("Login", exact=True).fill(EWA)
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    goes_on(page, "Załóż login i przyjmij dostęp")


def status(walker: Walker, page: Page, path: str) -> int:
    answer = page.goto(walker.address + path)
    assert answer is not None
    return answer.status


def judged(walker: Walker, page: Page, path: str) -> None:
    """Axe finds nothing on this page, asked with this person's session and with scripts, which axe needs."""
    with walker.one_page(theme="light") as other:
        other.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        other.set_viewport_size({"width": 320, "height": HEIGHT})
        other.goto(walker.address + path, wait_until="load")
        show_whole_height(other, width=320)
        expect_no_axe_violations(other, where=path)


def test_invited_by_mail_one_works_as_a_payer_and_loses_it_in_mid_session(walker: Walker, invoice: int) -> None:
    # Given: Anna, signed in, with scripts off
    anna = somebody(walker)
    signs_in(walker, anna, LOGIN)
    # When: she invites her accountant to pay
    invites(anna, role="Płatnik", channel="E-mailem", address="ewa@example.com")
    goes_on(anna, "Wyślij zaproszenie")
    sees(anna, "Zaproszenie jest wysłane")
    message = OutgoingMessage.objects.get(kind="invitation")
    assert message.recipient == "ewa@example.com"
    assert message.context["code"] not in anna.content()
    # And: the accountant, who has no login, types the code from the mail and makes one
    ewa = somebody(walker)
    types_the_code(walker, ewa, message.context["code"])
    judged(walker, ewa, "/dostep/zaproszenie/login/")
    makes_a_login(ewa)
    # Then: she can see and pay, and nothing else of it is there
    sees(ewa, re.compile("Dzień dobry"))
    assert status(walker, ewa, f"/faktury/{invoice}/") == 200
    assert status(walker, ewa, f"/zaplac/?faktura={invoice}") == 200
    assert status(walker, ewa, "/odczyty/1/podaj/") == 404
    held = Grant.objects.get(user__username=EWA)
    assert status(walker, ewa, f"/dostep/{held.pk}/") == 404
    # And: Anna sees what she did
    anna.goto(f"{walker.address}/dostep/")
    judged(walker, anna, "/dostep/")
    anna.get_by_role("link", name="Ewa Zielińska").click()
    sees(anna, "Ewa Zielińska")
    expect(anna.get_by_text("Otwarta strona: Faktury")).to_be_visible()
    judged(walker, anna, f"/dostep/{held.pk}/")
    # When: Anna takes the access away while it is being used
    assert status(walker, ewa, f"/faktury/{invoice}/") == 200
    anna.get_by_role("link", name="Odbierz dostęp").click()
    goes_on(anna, "Odbierz dostęp")
    sees(anna, "Osoby z dostępem")
    # Then: the next request of the same session finds nothing
    assert status(walker, ewa, f"/faktury/{invoice}/") == 404
    ewa.goto(f"{walker.address}/panel/")
    assert "100001" not in ewa.content()


def test_invited_on_paper_somebody_with_a_login_sends_readings_only(walker: Walker, invoice: int) -> None:
    # Given: Anna prints a code for a tenant
    anna = somebody(walker)
    signs_in(walker, anna, LOGIN)
    invites(anna, role="Tylko odczyty", channel="Na papierze")
    goes_on(anna, "Zrób kod do wydruku")
    sees(anna, "Wydrukuj kod")
    code = anna.locator("p:has(> .sum)").inner_text()
    # And: nobody sees it a second time, not even by sending the form again
    anna.reload()
    sees(anna, "Osoby z dostępem")
    assert code not in anna.content()
    assert Invitation.objects.count() == 1
    # When: the tenant, who has a login, types it in their own way and signs in
    a_customer("najemca", "200002")
    tenant = somebody(walker)
    types_the_code(walker, tenant, code.lower().replace("-", " "))
    judged(walker, tenant, "/dostep/zaproszenie/przyjecie/")
    tenant.get_by_role("link", name="Mam login, zaloguj").click()
    tenant.get_by_label("E-mail lub login").fill("najemca")
    tenant.get_by_label("Hasło", exact=True).fill(PASSWORD)
    tenant.get_by_role("button", name="Zaloguj się", exact=True).click()
    sees(tenant, "Przyjmij dostęp")
    goes_on(tenant, "Przyjmij dostęp")
    # Then: readings are theirs, money is not
    sees(tenant, re.compile("Dzień dobry"))
    assert status(walker, tenant, "/odczyty/?lokale=wszystkie") == 200
    assert "10000011" in tenant.content()
    assert status(walker, tenant, f"/faktury/{invoice}/") == 404
    assert status(walker, tenant, "/lokale/") == 200
    assert "108,00" not in tenant.content()
    # And: they can give it up themselves
    tenant.goto(f"{walker.address}/dostep/")
    tenant.get_by_role("link", name="Zrezygnuj z dostępu").click()
    judged(walker, tenant, tenant.url.removeprefix(walker.address))
    goes_on(tenant, "Zrezygnuj z dostępu")
    sees(tenant, "Osoby z dostępem")
    assert "100001" not in tenant.content()


def test_a_printed_code_is_one_sheet_without_navigation(walker: Walker, invoice: int) -> None:
    page = somebody(walker, width=672, scripts=True)
    signs_in(walker, page, LOGIN)
    invites(page, role="Tylko faktury", channel="Na papierze")
    goes_on(page, "Zrób kod do wydruku")
    sees(page, "Wydrukuj kod")
    expect_no_axe_violations(page, where="the printed code")
    page.emulate_media(media="print")
    expect_no_sideways_scroll(page, where="the code on paper")
    assert page.get_by_role("navigation").count() == 0
    assert page.get_by_role("img", name="Kod QR z adresem").is_visible()
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_faults_on_the_way_are_said_and_stay_good(walker: Walker, invoice: int) -> None:
    carry(walker, a_customer("ewa", "300003"))
    page = walker.page(width=320)
    for path in ("/dostep/zapros/rola/", "/dostep/zapros/osoba/", "/dostep/zapros/kod/", "/dostep/zapros/czas/"):
        page.goto(walker.address + path, wait_until="load")
        goes_on(page)
        expect(page.get_by_role("heading", name="Popraw, żeby przejść dalej")).to_be_visible()
        show_whole_height(page, width=320)
        expect_no_axe_violations(page, where=path)
