"""The panel: one number in words, what to do, how fresh it is; the same number of queries however much there is."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from ebok.access.models import Grant
from ebok.billing.operations.comparison import ClaimedBalance, compare_balances
from ebok.customers.models import CustomerAccount
from ebok.foundation import clock
from ebok.interchange.operations.registry import import_registry
from ebok.interchange.operations.statements import import_statements
from tests.billing import ACTING, NOW, files
from tests.portal.customers import a_customer, an_invoice, in_days, many_invoices
from tests.statements import OWN, Line, mt940, nrb_of

pytestmark = pytest.mark.django_db
OTHER_OWN = nrb_of(99)
QUERIES_AT_MOST = 14 + 5
"""The page's own budget, and what every signed-in page asks: session, user, scope and their like."""


@pytest.fixture
def anna() -> Client:
    return a_customer("anna", "100001")


METER = (
    "serial_number;point_number;role;dials;installed_on;initial_value;verification_valid_until\n"
    "10000011;P1;main;5;2025-01-01;0;2030-01-01"
)


def registry(**tables: str) -> None:
    points = "point_number;account_number\nP1;100001"
    named = [(f"{name}.csv", text.encode()) for name, text in {"service_points": points, **tables}.items()]
    assert import_registry(files=files(named), now=NOW, acting=ACTING).refused == []


def panel(client: Client) -> str:
    answer = client.get("/panel/")
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"[\s\u00a0]+", " ", text)


def test_a_new_customer_is_told_when_the_first_invoice_will_appear(anna: Client) -> None:
    assert "Pierwszą fakturę zobaczysz tu" in panel(anna)


def test_what_is_due_is_said_with_its_day(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(4))
    text = panel(anna)
    assert "Do zapłaty 108,00 zł" in text
    assert "(za 4 dni)" in text


def test_what_is_late_is_said_apart_and_stands_among_things_to_do(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(-3))
    an_invoice("FV/2", due=in_days(4), net="200.00")
    text = panel(anna)
    assert "Do zapłaty 324,00 zł" in text
    assert "W tym po terminie 108,00 zł" in text
    assert "Zapłać zaległość 108,00 zł" in text


def test_an_overpayment_is_said_in_words_and_never_with_a_sign(anna: Client) -> None:
    an_invoice("FK/1", corrects="FV/elsewhere", net="-50.00")
    text = panel(anna)
    assert "Nadpłata 54,00 zł" in text
    assert "Nadpłata −" not in text


def test_a_paid_account_has_nothing_to_pay_and_no_button_for_it(anna: Client) -> None:
    an_invoice("FV/1", paid=in_days(-1))
    assert "Wszystko zapłacone" in panel(anna)
    assert "/zaplac/" not in anna.get("/panel/").content.decode()


def test_while_a_comparison_differs_no_sum_is_shown(anna: Client) -> None:
    an_invoice("FV/1", due=in_days(4))
    account = CustomerAccount.objects.get()
    claimed = ClaimedBalance(account_id=account.pk, balance=Decimal("99.00"), as_of=clock.today())
    compare_balances(claimed=[claimed], now=NOW)
    text = panel(anna)
    assert "Saldo sprawdzamy" in text
    assert "Do zapłaty 108,00 zł" not in text


def statements_of(*own: str, ending: date) -> None:
    contents = [(f"{nrb}.sta", mt940([Line(day=ending)], own=nrb, day=ending)) for nrb in own]
    assert import_statements(files=files(contents), acting=ACTING, now=NOW).refused == []


@pytest.mark.parametrize(("age", "announced"), [(3, False), (4, True)])
def test_a_late_bank_statement_is_announced_with_its_day(
    anna: Client, settings: Settings, age: int, announced: bool
) -> None:
    settings.EBOK_UTILITY = replace(settings.EBOK_UTILITY, ibans=(OWN, OTHER_OWN))
    assert "opóźnione" not in panel(anna)
    statements_of(OWN, OTHER_OWN, ending=in_days(-age))
    assert ("Późniejszej wpłaty jeszcze tu nie widać" in panel(anna)) is announced


def test_an_own_account_without_any_statement_is_announced(anna: Client, settings: Settings) -> None:
    settings.EBOK_UTILITY = replace(settings.EBOK_UTILITY, ibans=(OWN, OTHER_OWN))
    statements_of(OWN, ending=clock.today())
    text = panel(anna)
    assert "Z jednego z naszych rachunków nie mamy jeszcze wyciągu" in text
    assert "wpłaty z banku niepełne" in text
    statements_of(OTHER_OWN, ending=clock.today())
    assert "nie mamy jeszcze wyciągu" not in panel(anna)


def test_the_meter_is_asked_for_until_it_was_read_and_an_estimate_is_no_reading(anna: Client) -> None:
    registry(meters=METER)
    assert "Podaj odczyt wodomierza" in panel(anna)
    registry(readings=f"serial_number;read_on;value_m3;source\n10000011;{in_days(-2)};12;estimate")
    assert "Podaj odczyt wodomierza" in panel(anna)
    registry(readings=f"serial_number;read_on;value_m3;source\n10000011;{in_days(-1)};13;reader")
    assert "Podaj odczyt wodomierza" not in panel(anna)


def test_a_garden_meter_whose_verification_ends_is_announced(anna: Client) -> None:
    registry(meters=METER.replace(";main;", ";subtractive;").replace("2030-01-01", str(in_days(30))))
    assert "Wymień wodomierz ogrodowy 10000011" in panel(anna)


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/panel/").headers["Location"] == "/logowanie/?next=%2Fpanel%2F"


def test_a_login_without_premises_is_told_whom_to_call() -> None:
    said = panel(a_customer("nowa"))
    assert "Nie masz dostępu do żadnego konta" in said
    assert "Dodaj konto" in said
    assert "Mam zaproszenie" in said


def test_whose_access_ended_is_told_that_it_did(anna: Client) -> None:
    Grant.objects.update(revoked_at=clock.now())
    said = panel(anna)
    assert "Nie masz już dostępu do żadnego konta" in said
    assert "Dodaj konto" in said


def test_many_invoices_take_no_more_queries_than_two(anna: Client) -> None:
    many_invoices(range(2))
    anna.get("/panel/")
    with CaptureQueriesContext(connection) as two:
        anna.get("/panel/")
    many_invoices(range(2, 120))
    with CaptureQueriesContext(connection) as many:
        anna.get("/panel/")
    assert len(many) == len(two)
    assert len(two) <= QUERIES_AT_MOST
