"""Sending a reading from the portal: allowed, wrong verb, wrong person, wrong state."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from ebok.access.models import Grant
from ebok.billing.models import Invoice
from ebok.metering.models import MeterReading, ReadingAcceptance
from ebok.notifications.models import OutgoingMessage
from tests.households import Household

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Household:
    return Household("anna")


@pytest.fixture
def piotr() -> Household:
    return Household("piotr")


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_list_shows_the_meter_its_last_value_and_where_to_read_it(anna) -> None:
    page = text(anna.client.get("/odczyty/"))
    assert "Wodomierz WM-anna (główny)" in page
    assert "100 m³" in page
    assert anna.url in page
    assert "Nie ma jeszcze odczytów" in page


def test_the_form_carries_a_client_id_and_the_previous_value(anna) -> None:
    page = text(anna.client.get(anna.url))
    assert re.search(r'name="client_id" value="[0-9a-f-]{36}"', page)
    assert "Poprzednio: 100 m³" in page


def test_a_reading_is_confirmed_and_shown_as_accepted(anna) -> None:
    answer = anna.post("00108")
    reading = MeterReading.objects.get()
    assert answer["Location"] == f"/odczyty/{anna.installation.id}/podany/{reading.id}/"
    page = text(anna.client.get(answer["Location"]))
    assert "Mamy Twój odczyt" in page
    assert "To o 8 m³ więcej" in page
    assert "Przyjęty" in text(anna.client.get("/odczyty/"))
    assert OutgoingMessage.objects.get().recipient == "anna@example.com"


def test_a_double_press_makes_one_reading(anna) -> None:
    client_id = str(uuid4())
    first, second = (anna.post("108", client_id=client_id) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert MeterReading.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": ""}, "Wpisz stan wodomierza"),
        ({"value": "1e5"}, "Wpisz same cyfry"),
        ({"value": "-1"}, "Wpisz same cyfry"),
        ({"value": "123456"}, "5 czarnych cyfr"),
        ({"read_on": "2999-01-01"}, "w przyszłości"),
        ({"read_on": "wczoraj"}, "Wpisz dzień odczytu jako"),
        ({"read_on": "2020-01-01"}, "nie było tu jeszcze tego wodomierza"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_what_was_typed_stays(anna, changes, said) -> None:
    answer = anna.post(changes.pop("value", "108"), **changes)
    page = text(answer)
    assert said in page
    assert "<title>Błąd: Podaj odczyt" in page
    assert MeterReading.objects.count() == 0


@pytest.mark.parametrize(
    ("value", "said"),
    [("99", "Poprzednio było 100 m³. Wpisano 99 m³."), ("900", "To bardzo dużo od ostatniego odczytu: 800 m³.")],
)
def test_what_stands_out_is_asked_about_in_words_then_held(anna, value, said) -> None:
    client_id = str(uuid4())
    page = text(anna.post(value, client_id=client_id))
    assert said in page
    assert client_id in page
    assert 'name="reason" value="garden"' in page
    assert MeterReading.objects.count() == 0
    answer = anna.post(value, client_id=client_id, reason="garden")
    assert "Sprawdzamy" in text(anna.client.get(answer["Location"]))
    assert "Sprawdzamy" in text(anna.client.get("/odczyty/"))


def test_a_reading_that_a_newer_one_replaced_is_still_found_and_shown(anna) -> None:
    held = anna.post("40000", reason="pool")["Location"]
    accepted = anna.post("00108")["Location"]
    anna.post("00109")
    for page in (held, accepted):
        answer = anna.client.get(page)
        assert answer.status_code == 200
        assert "Zastąpiony nowszym odczytem" in text(answer)
    assert text(anna.client.get("/odczyty/")).count("Zastąpiony nowszym odczytem") == 2
    assert "40000" not in text(anna.client.get("/panel/")).replace("\u00a0", "").replace("&nbsp;", "")


def test_the_last_value_is_the_last_one_accepted_also_when_another_source_told_of_the_same_day(anna) -> None:
    earlier = timezone.now() - timedelta(hours=2)
    told = MeterReading.objects.create(
        meter_id=anna.installation.meter_id, read_on=anna.today, value_m3=105, source="reader", submitted_at=earlier
    )
    ReadingAcceptance.objects.create(reading=told, accepted_at=earlier, accepted_by="test")
    anna.post("00108")
    assert "108 m³" in text(anna.client.get(anna.url))


@pytest.mark.parametrize("client_id", ["", "forged"])
def test_a_forged_page_is_asked_to_be_opened_anew(anna, client_id) -> None:
    page = text(anna.post("00108", client_id=client_id))
    assert "Odśwież stronę i spróbuj ponownie." in page
    assert "UUID" not in page


def test_a_strangers_meter_and_reading_are_not_found(anna, piotr) -> None:
    answer = anna.post("108")
    assert piotr.client.get(anna.url).status_code == 404
    assert piotr.client.get(answer["Location"]).status_code == 404
    piotr.url = anna.url
    assert piotr.post("109").status_code == 404
    assert MeterReading.objects.count() == 1
    assert "WM-anna" not in text(piotr.client.get("/odczyty/"))


def test_a_receipt_is_found_only_under_its_own_meter(anna, piotr) -> None:
    anna.post("108")
    theirs = f"/odczyty/{piotr.installation.id}/podany/{MeterReading.objects.get().id}/"
    assert piotr.client.get(theirs).status_code == 404


def test_who_is_not_signed_in_is_asked_to(anna) -> None:
    assert Client().get(anna.url)["Location"].startswith("/logowanie/")
    assert Client().post(anna.url, {"value": "108"})["Location"].startswith("/logowanie/")


def test_a_reading_is_not_deleted_or_put(anna) -> None:
    assert anna.client.delete(anna.url).status_code == 405
    assert anna.client.put(anna.url).status_code == 405
    assert anna.client.post("/odczyty/").status_code == 405


def test_a_revoked_grant_closes_the_meter_at_once(anna) -> None:
    Grant.objects.update(revoked_at=timezone.now())
    assert anna.client.get(anna.url).status_code == 404
    assert anna.post("108").status_code == 404


def test_the_list_takes_the_same_number_of_queries_for_few_and_many_readings(
    anna, django_assert_max_num_queries
) -> None:
    now = timezone.now()
    for days in range(1, 25):
        MeterReading.objects.create(
            meter=anna.installation.meter,
            read_on=anna.today - timedelta(days=days),
            value_m3=130 - days,
            source="reader",
            submitted_at=now,
        )
    with django_assert_max_num_queries(14):
        anna.client.get("/odczyty/")


@pytest.mark.parametrize(("billed", "shown"), [("108", True), ("109", False)])
def test_a_reading_is_used_on_an_invoice_only_when_the_invoice_names_it(anna, billed, shown) -> None:
    anna.post("108")
    words = f"wodomierz WM-anna: 000100 (2026-01-01) - 000{billed} ({anna.today}), zuzycie 8 m3"
    Invoice.objects.create(
        number="FV/77",
        kind="VAT",
        account=anna.account,
        issue_date=anna.today,
        due_date=anna.today,
        net_total=100,
        vat_total=8,
        gross_total=108,
        xml_sha256=b"x" * 32,
        content={"descriptions": [{"key": "Odczyt", "value": words, "line_number": 1}]},
        imported_at=timezone.now(),
    )
    page = text(anna.client.get("/odczyty/"))
    assert ("Użyty na fakturze" in page) is shown
    assert ("FV/77" in page) is shown
    assert ("Przyjęty" in page) is not shown


def test_of_several_premises_the_chosen_one_is_shown_and_all_when_asked(anna, piotr) -> None:
    Grant.objects.filter(user=piotr.user).update(user=anna.user)
    anna.client.post("/lokal/", {"account": piotr.account.id})
    one, all_of_them = text(anna.client.get("/odczyty/")), text(anna.client.get("/odczyty/?lokale=wszystkie"))
    assert ("WM-piotr" in one, "WM-anna" in one) == (True, False)
    assert ("WM-piotr" in all_of_them, "WM-anna" in all_of_them) == (True, True)
