"""Account care in a browser, scripts off: where letters go, other data, who looked, closing the login."""

import pytest
from playwright.sync_api import Page

from ebok.access.models import User
from ebok.customers.domain import CustomerScope
from ebok.customers.operations import decide_data_change
from ebok.customers.queries import accounts, waiting_data_changes
from ebok.foundation import clock
from tests.portal.customers import a_customer, freshen
from tests.system.walk import HEIGHT, Walker, expect_no_axe_violations, expect_no_sideways_scroll, show_whole_height
from tests.system.world import LOGIN, TESTS, carry, looked_at_by_staff

pytestmark = pytest.mark.django_db(transaction=True)
WHOLE = CustomerScope.whole(acting="tests")


def expect_good_with_scripts(walker: Walker, page: Page) -> None:
    """The page as it stands, given to a browser with scripts, without which axe cannot look."""
    with walker.one_page(theme="light") as other:
        other.set_viewport_size({"width": 320, "height": HEIGHT})
        other.goto(page.url, wait_until="load")
        other.set_content(page.content(), wait_until="load")
        expect_no_sideways_scroll(other, where=page.url)
        show_whole_height(other, width=320)
        expect_no_axe_violations(other, where=page.url)


def test_given_a_customer_when_letters_are_sent_elsewhere_then_they_go_there_at_once(walker: Walker) -> None:
    carry(walker, a_customer(LOGIN, "100001"))
    page = walker.open("/ja/", width=320, scripts=False).page
    page.get_by_role("link", name="Adres do korespondencji").click()
    page.get_by_label("Na inny adres w Polsce").check()
    page.get_by_label("Ulica").fill("ul. Kwiatowa")
    page.get_by_label("Kod pocztowy").fill("0540")
    page.get_by_role("button", name="Zapisz adres").click()
    assert page.title().startswith("Błąd: ")
    expect_good_with_scripts(walker, page)
    postal_code = "Kod pocztowy ma 5 cyfr. Wpisz go na przykład tak: 05-400."
    for sentence in ("Wpisz numer domu.", postal_code, "Wpisz miejscowość."):
        assert page.get_by_role("link", name=sentence).count() == 1
    assert page.get_by_label("Ulica").input_value() == "ul. Kwiatowa"
    page.get_by_label("Numer domu").fill("7")
    page.get_by_label("Kod pocztowy").fill("05402")
    page.get_by_label("Miejscowość").fill("Otwock")
    page.get_by_role("button", name="Zapisz adres").click()
    page.wait_for_url("**/ja/")
    assert page.get_by_text("Listy wyślemy na adres: ul. Kwiatowa 7, 05-402 Otwock.").is_visible()
    expect_good_with_scripts(walker, page)
    assert [one.correspondence.words for one in accounts(scope=WHOLE)] == ["ul. Kwiatowa 7, 05-402 Otwock"]


def test_given_other_data_when_they_are_asked_for_then_the_decision_is_shown_and_the_data_stand(walker: Walker) -> None:
    carry(walker, a_customer(LOGIN, "100001"))
    page = walker.open("/ja/dane/", width=320, scripts=False).page
    page.get_by_role("link", name="Poproś o zmianę danych").click()
    page.get_by_label("Imię i nazwisko albo nazwa").check()
    page.get_by_label("Jak ma być?").fill("Anna Kowalska, PESEL 44051401359")
    page.get_by_label("Dlaczego?").fill("Ślub")
    page.get_by_role("button", name="Wyślij prośbę").click()
    page.get_by_role("link", name="Usuń numer PESEL.").wait_for()
    assert page.title().startswith("Błąd: ")
    page.get_by_label("Jak ma być?").fill("Anna Kowalska")
    page.get_by_role("button", name="Wyślij prośbę").click()
    page.wait_for_url("**/ja/dane/")
    assert page.get_by_text("Czeka na decyzję").is_visible()
    [waiting] = waiting_data_changes(scope=WHOLE)
    decide_data_change(scope=WHOLE, request_id=waiting.id, approve=True, reason="", acting=TESTS, now=clock.now())
    page.reload()
    assert page.get_by_text("Przyjęta", exact=True).is_visible()
    assert page.get_by_text("Anna Nowak").first.is_visible()
    expect_good_with_scripts(walker, page)


def test_given_a_clerk_who_looked_when_the_customer_asks_then_role_time_and_reason_are_told(walker: Walker) -> None:
    carry(walker, a_customer(LOGIN, "100001", "100002"))
    page = walker.open("/kto-ogladal/", width=320, scripts=False).page
    assert page.get_by_text("Nikt z pracowników nie oglądał Twoich danych").is_visible()
    expect_good_with_scripts(walker, page)
    looked_at_by_staff("100002")
    page.reload()
    assert page.get_by_text("Nikt z pracowników nie oglądał Twoich danych").is_visible()
    page.get_by_role("link", name="Pokaż wszystkie lokale (2)").click()
    assert page.get_by_text("Telefon w sprawie faktury").is_visible()
    assert page.get_by_role("rowheader", name="BOK, pracownik nr").count() == 1
    assert "Zenon" not in page.content()
    expect_good_with_scripts(walker, page)


def test_given_a_login_when_it_is_closed_then_its_owner_is_out_everywhere(walker: Walker) -> None:
    client = a_customer(LOGIN, "100001")
    freshen(client)
    carry(walker, client)
    page = walker.open("/ja/", width=320, scripts=False).page
    page.get_by_role("link", name="Zamknij dostęp").click()
    assert page.get_by_role("heading", name="Co zostanie").is_visible()
    expect_good_with_scripts(walker, page)
    page.get_by_role("button", name="Zamknij login na stałe").click()
    page.wait_for_url(walker.address + "/")
    assert page.get_by_text("Twój login jest zamknięty.").is_visible()
    expect_good_with_scripts(walker, page)
    page.goto(walker.address + "/panel/")
    assert page.title().startswith("Zaloguj się")
    assert User.objects.filter(username=LOGIN).count() == 0
