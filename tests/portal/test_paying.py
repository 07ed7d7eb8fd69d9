"""What to write in a transfer. Sums come from the ledger, never from the address."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.models import BalanceComparison
from ebok.billing.operations import post_entries
from ebok.customers.models import CustomerAccount
from tests.billing import ACTING, NOW, TODAY
from tests.portal.customers import NRB, a_customer, an_invoice, in_days
from tests.portal.test_invoices import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Client:
    return a_customer("anna", "100001")


def pay(account: str, amount: str) -> None:
    account_id = CustomerAccount.objects.get(number=account).pk
    posting = Posting(
        account_id=account_id, kind=EntryKind.PAYMENT, source=EntrySource.BILLING, external_id=f"p{amount}",
        amount=-Decimal(amount), booked_on=TODAY,
    )  # fmt: skip
    post_entries(postings=[posting], acting=ACTING, now=NOW)


def copied(answer) -> list[str]:
    return re.findall(r'data-copy="([^"]*)"', answer.content.decode())


def test_the_balance_is_one_transfer_to_the_accounts_own_bank_account(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(5))
    an_invoice("FV/2", due=in_days(9))
    pay("100001", "8.00")
    answer = anna.get("/zaplac/")
    assert copied(answer)[1:] == [NRB, "208,00", "Klient 100001"]
    assert "208,00 zł" in text_of(answer)
    assert 'class="qr" role="img"' in answer.content.decode()


def test_one_invoice_asks_for_what_is_left_of_it_and_names_it(anna: Client) -> None:
    invoice = an_invoice("FV/1")
    an_invoice("FV/2")
    pay("100001", "8.00")
    assert copied(anna.get(f"/zaplac/?faktura={invoice}"))[1:] == [NRB, "100,00", "FV/1 100001"]


def test_several_invoices_of_one_account_are_one_transfer(anna: Client) -> None:
    ids = [an_invoice("FV/1"), an_invoice("FV/2")]
    answer = anna.get(f"/zaplac/?faktura={ids[0]}&faktura={ids[1]}&faktura={ids[0]}&kwota=1")
    assert copied(answer)[1:] == [NRB, "216,00", "FV/1 FV/2 100001"]


def test_each_premises_has_its_own_transfer() -> None:
    manager = a_customer("zarzad", "100001", "100002")
    an_invoice("FV/1", account="100001")
    an_invoice("FV/2", account="100002")
    assert copied(manager.get("/zaplac/")).count("108,00") == 2
    account = CustomerAccount.objects.get(number="100002").pk
    assert copied(manager.get(f"/zaplac/?konto={account}"))[-1] == "Klient 100002"


def test_many_premises_get_links_to_their_codes_instead_of_codes() -> None:
    numbers = [f"1001{n:02d}" for n in range(12)]
    manager = a_customer("zarzad", *numbers)
    for number in numbers:
        an_invoice(f"FV/{number}", account=number)
    page = manager.get("/zaplac/").content.decode()
    assert 'class="qr"' not in page
    assert page.count("Pokaż kod przelewu") == 12
    first = re.search(r'href="(/zaplac/\?konto=\d+)"', page)
    assert first is not None
    assert 'class="qr"' in manager.get(first[1]).content.decode()


def test_what_the_balance_holds_besides_invoices_is_said_apart_and_a_passed_due_date_too(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(-5))
    note = Posting(
        account_id=CustomerAccount.objects.get(number="100001").pk, kind=EntryKind.INTEREST_NOTE,
        source=EntrySource.BILLING, external_id="n", amount=Decimal("3.50"), booked_on=TODAY, due_on=TODAY,
    )  # fmt: skip
    post_entries(postings=[note], acting=ACTING, now=NOW)
    text = text_of(anna.get("/zaplac/"))
    assert "111,50 zł" in text
    assert "Pozostałe pozycje konta: 3,50 zł" in text
    assert "Termin minął" in text


@pytest.mark.parametrize("invoices", [0, 1])
def test_nothing_to_pay_says_so(anna: Client, invoices: int) -> None:
    for n in range(invoices):
        an_invoice(f"FV/{n}", paid=in_days(-1))
    assert "Nie masz nic do zapłaty" in text_of(anna.get("/zaplac/"))


def test_a_paid_invoice_asks_for_nothing(anna: Client) -> None:
    invoice = an_invoice("FV/1", paid=in_days(-1))
    answer = anna.get(f"/zaplac/?faktura={invoice}")
    assert "Wybrane faktury są już zapłacone" in text_of(answer)
    assert copied(answer) == []


def test_while_the_balance_is_checked_no_sum_is_shown_but_the_account_is(anna: Client) -> None:
    an_invoice("FV/1")
    account = CustomerAccount.objects.get(number="100001").pk
    BalanceComparison.objects.create(
        account_id=account, as_of=TODAY, theirs=Decimal("1.00"), ours=Decimal("108.00"), compared_at=NOW
    )
    answer = anna.get("/zaplac/")
    assert "Saldo sprawdzamy" in text_of(answer)
    assert copied(answer)[1:] == [NRB, "Klient 100001"]
    assert "108,00 zł" not in text_of(answer).split("Za co płacisz")[0]


def test_without_any_bank_account_the_phone_is_given(anna: Client) -> None:
    CustomerAccount.objects.update(payment_nrb="")
    an_invoice("FV/1")
    assert "Nie mamy numeru rachunku do wpłat" in text_of(anna.get("/zaplac/"))


def test_the_invoices_bank_account_serves_when_the_registry_has_none(anna: Client) -> None:
    CustomerAccount.objects.update(payment_nrb="")
    an_invoice("FV/1", nrb=NRB)
    assert NRB in copied(anna.get("/zaplac/"))


@pytest.mark.parametrize("asked", ["faktura=x", "faktura=0", "konto=x", "konto=99999999", "faktura=-1"])
def test_what_is_not_yours_or_no_number_does_not_exist(anna: Client, asked: str) -> None:
    assert anna.get(f"/zaplac/?{asked}").status_code == 404


def test_paying_takes_as_many_queries_for_one_premises_as_for_many() -> None:
    def queries(client: Client) -> int:
        client.get("/zaplac/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/zaplac/").status_code == 200
        return len(asked)

    numbers = [f"3001{n:02d}" for n in range(15)]
    few, many = a_customer("jeden", "200001"), a_customer("zarzad", *numbers)
    for number in ["200001", *numbers]:
        an_invoice(f"FV/{number}", account=number)
    assert queries(many) == queries(few) <= 12


def test_paying_takes_a_sign_in_and_only_reads(client: Client, anna: Client) -> None:
    assert client.get("/zaplac/").status_code == 302
    assert anna.post("/zaplac/").status_code == 405
