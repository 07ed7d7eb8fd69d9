"""The account as a simple sum, line by line, as CSV, and one entry. Foreign ones do not exist."""

import csv
import re
from dataclasses import replace
from io import StringIO

import pytest
from django.test import Client

from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.models import LedgerEntry
from ebok.billing.operations import post_entries
from ebok.billing.operations.comparison import ClaimedBalance, compare_balances
from ebok.customers.models import CustomerAccount
from ebok.foundation import clock
from ebok.foundation.spreadsheets import cell_text
from ebok.kernel.money import money
from ebok.portal import downloads
from tests.billing import ACTING, NOW
from tests.portal.customers import PASSWORD, a_customer, an_invoice, freshen, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Client:
    return a_customer("anna", "100001")


def pay(amount: str, *, title: str = "za wodę", number: str = "100001") -> int:
    posting = Posting(
        account_id=CustomerAccount.objects.get(number=number).pk, kind=EntryKind.PAYMENT, source=EntrySource.STATEMENT,
        external_id=f"{title}:{amount}", amount=-money(amount), booked_on=clock.today(), title=title,
    )  # fmt: skip
    return post_entries(postings=[posting], acting=ACTING, now=NOW).entry_ids[0]


def text_of(client: Client, address: str = "/rozliczenia/", *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return re.sub(r"[\s\u00a0]+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def csv_rows(client: Client) -> list[list[str]]:
    answer = client.get("/rozliczenia/csv/")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(body), delimiter=";"))


def test_the_csv_asks_again_who_is_there_and_a_page_offers_it_afterwards(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(4))
    freshen(anna, at=1.0)
    asked = anna.get("/rozliczenia/csv/?rok=2026", HTTP_REFERER="http://testserver/rozliczenia/?rok=2026")
    assert asked["Location"] == "/potwierdz/?next=%2Fpotwierdz%2Fformularz%2F"
    assert anna.get("/rozliczenia/").status_code == 200
    assert anna.post(asked["Location"], {"password": PASSWORD})["Location"] == "/potwierdz/formularz/"
    page = anna.get("/potwierdz/formularz/").content.decode()
    assert '<form method="get" action="/rozliczenia/csv/"' in page
    assert '<input type="hidden" name="rok" value="2026">' in page
    assert 'href="/rozliczenia/?rok=2026"' in page
    assert "csrfmiddlewaretoken" not in page
    assert anna.get("/rozliczenia/csv/", {"rok": "2026"})["Content-Type"].startswith("text/csv")


def test_opening_plus_charges_less_payments_is_the_balance(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(4))
    pay("100.00")
    text = text_of(anna)
    assert "Plus faktury i inne obciążenia 108,00 zł" in text
    assert "Minus wpłaty i korekty 100,00 zł" in text
    assert "Razem do zapłaty 8,00 zł" in text


def test_while_a_comparison_differs_the_sum_is_being_checked(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(4))
    account = CustomerAccount.objects.get().pk
    claimed = ClaimedBalance(account_id=account, balance=money("99.00"), as_of=clock.today())
    compare_balances(claimed=[claimed], now=NOW)
    text = text_of(anna)
    assert "Saldo sprawdzamy" in text
    assert "Razem sprawdzamy" in text
    assert "Razem do zapłaty" not in text


def test_each_line_opens_its_document(anna: Client) -> None:
    invoice, entry = an_invoice("FV/1", due=in_days(4)), pay("108.00")
    page = anna.get("/rozliczenia/").content.decode()
    assert f'href="/faktury/{invoice}/"' in page
    assert f'href="/rozliczenia/{entry}/"' in page


def test_a_payment_shows_what_it_settled_and_what_is_left_of_it(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(4))
    text = text_of(anna, f"/rozliczenia/{pay('120.00')}/")
    assert "Na co ją zaliczyliśmy Faktura FV/1" in text
    assert "Jeszcze niewykorzystane 12,00 zł" in text


def test_a_foreign_entry_does_not_exist(anna: Client) -> None:
    a_customer("obca", "200002")
    foreign = pay("5.00", number="200002")
    assert anna.get(f"/rozliczenia/{foreign}/").status_code == 404
    assert anna.get("/rozliczenia/99999999999999999999999/").status_code == 404


def test_the_csv_has_numbers_as_numbers_and_no_title_can_run_as_a_formula(anna: Client) -> None:
    pay("12.50", title='=HYPERLINK("http://zly.example";"kliknij")')
    header, row = csv_rows(anna)
    assert header[0] == "Data"
    assert row[3].startswith("'=")
    assert row[5:] == ["12,50", "-12,50"]


def test_more_statements_in_an_hour_than_anybody_reads_wait_for_the_next(
    anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "STATEMENTS", replace(downloads.STATEMENTS, times=2))
    assert [anna.get("/rozliczenia/csv/").status_code for _ in range(3)] == [200, 200, 429]
    assert "Odczekaj godzinę" in text_of(anna, "/rozliczenia/csv/", status=429)
    assert anna.get("/rozliczenia/").status_code == 200


@pytest.mark.parametrize("risky", ["=1+1", "+48", "-1", "@x", "\tx", "\rx"])
def test_risky_text_gets_an_apostrophe(risky: str) -> None:
    assert cell_text(risky) == f"'{risky}"


def test_the_year_narrows_the_lines_and_an_unknown_year_does_not(anna: Client) -> None:
    pay("5.00")
    year = LedgerEntry.objects.get().booked_on.year
    assert "Rok" in text_of(anna, f"/rozliczenia/?rok={year}")
    assert "Wpłata" in text_of(anna, "/rozliczenia/?rok=1&po=zmyślony")


def test_a_new_customer_sees_what_will_appear_here(anna: Client) -> None:
    assert "Nie ma jeszcze żadnych pozycji" in text_of(anna)
