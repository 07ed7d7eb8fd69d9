"""Somebody who looks after many premises: finds one by what they type, switches in one press, and nothing grows."""

import gzip
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ebok.access.domain import GrantRole
from ebok.access.models import Grant, User
from ebok.customers.domain import Address, Premises
from ebok.customers.models import CustomerAccount
from ebok.foundation import clock
from ebok.portal.premises.search import folded, found, in_order
from tests.portal.customers import NRB, a_customer, an_invoice, in_days

MANY = 500
QUERIES_AT_MOST = 14
BYTES_AT_MOST = 70 * 1024


def manages(username: str, count: int, *, role: GrantRole = GrantRole.FULL) -> list[CustomerAccount]:
    """Open this many accounts of a street, one a house, to the login."""
    now, user = clock.now(), User.objects.get(username=username)
    accounts = CustomerAccount.objects.bulk_create(
        CustomerAccount(
            number=f"9{n:05d}", kind="person", name=f"Lokator {n}", street="ul. Żółtej Łąki", house=str(n),
            postal_code="05-400", city="Otwock", payment_nrb=NRB, registered_at=now, changed_at=now,
        )
        for n in range(1, count + 1)
    )  # fmt: skip
    Grant.objects.bulk_create(
        Grant(
            user=user, account=account, role=role.value, starts_on=clock.today(), ground="zarządca", given_by="tests",
            given_at=now,
        )
        for account in accounts
    )  # fmt: skip
    return accounts


def numbers(client: Client, query: str = "") -> list[str]:
    """The account numbers of the list, in its order."""
    text = client.get(f"/lokale/{query}").content.decode()
    return re.findall(r'<td data-label="Konto">(\w+)', text)


def premises(number: str, street: str, house: str, *, name: str = "Anna Nowak", city: str = "Otwock") -> Premises:
    address = Address(street=street, house=house, flat="", postal_code="05-400", city=city)
    return Premises(account_id=int(number), number=number, name=name, address=address, closed_on=None)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("polna", ["1", "2", "10"]),
        ("POLNA 1", ["1", "10"]),
        ("1 polna", ["1", "10"]),
        ("swietego", ["3"]),
        ("Świętego łukasza", ["3"]),
        ("lukasza", ["3"]),
        ("nowak", ["1", "2", "10", "3"]),
        ("zazolc", []),
        ("", ["1", "2", "10", "3"]),
        ("!!!", ["1", "2", "10", "3"]),
    ],
)
def test_premises_are_found_by_what_people_type(typed: str, expected: list[str]) -> None:
    among = [
        premises("10", "ul. Polna", "10"),
        premises("1", "ul. Polna", "1"),
        premises("3", "ul. Świętego Łukasza", "7"),
        premises("2", "ul. Polna", "2"),
    ]
    everybody = frozenset(one.account_id for one in among)
    assert [one.number for one in in_order(found(among=among, typed=typed, names=everybody))] == expected


def test_a_name_is_searched_only_where_it_may_be_seen() -> None:
    among = [premises("1", "ul. Polna", "1"), premises("2", "ul. Polna", "2")]
    assert [one.number for one in found(among=among, typed="nowak", names=frozenset({2}))] == ["2"]


def test_every_polish_letter_folds_to_one_that_can_be_typed_without_marks() -> None:
    assert folded("ZAŻÓŁĆ GĘŚLĄ JAŹŃ") == "zazolc gesla jazn"


@pytest.mark.django_db
def test_five_hundred_premises_cost_no_more_than_a_few() -> None:
    client = a_customer("zarzadca")
    manages("zarzadca", MANY)
    client.get("/panel/")  # the first look of a session is written down
    for path in ("/lokale/", "/lokale/?szukaj=zoltej+laki+4", "/lokale/?stan=po-terminie", "/panel/", "/dostep/"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        assert answer.status_code == 200
        assert len(queries) <= QUERIES_AT_MOST, path
        assert len(gzip.compress(answer.content)) <= BYTES_AT_MOST, path


@pytest.mark.django_db
def test_who_has_access_to_five_hundred_accounts_costs_no_more_than_to_a_few() -> None:
    client = a_customer("zarzadca")
    accounts = manages("zarzadca", MANY, role=GrantRole.OWNER)
    a_customer("ewa")
    for account in accounts[:30]:
        Grant.objects.create(
            user=User.objects.get(username="ewa"), account=account, role="payer", starts_on=clock.today(), ground="x",
            given_by="tests", given_at=clock.now(),
        )  # fmt: skip
    held = Grant.objects.filter(role="payer").latest("id").pk
    pages = ("/dostep/", "/dostep/?lokale=wszystkie", "/dostep/?lokale=wszystkie&strona=2", f"/dostep/{held}/")
    for path in (*pages, "/dostep/zapros/"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        assert answer.status_code == 200
        assert len(queries) <= QUERIES_AT_MOST, path
        assert len(gzip.compress(answer.content)) <= BYTES_AT_MOST, path


@pytest.mark.django_db
def test_a_page_shows_fifty_and_the_next_ones_follow() -> None:
    client = a_customer("zarzadca")
    manages("zarzadca", 120)
    pages = [numbers(client, f"?strona={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [number for page in pages for number in page] == [f"9{n:05d}" for n in range(1, 121)]
    assert "Strona 2 z 3" in client.get("/lokale/?strona=2").content.decode()


@pytest.mark.django_db
def test_one_press_switches_and_opens_the_panel() -> None:
    client = a_customer("zarzadca")
    account = manages("zarzadca", 20)[16]
    assert f'name="account" value="{account.pk}"' in client.get("/lokale/?szukaj=laki+17").content.decode()
    answer = client.post("/lokal/", {"account": str(account.pk), "next": "/panel/"})
    assert (answer.status_code, answer["Location"]) == (302, "/panel/")
    assert f"konto {account.number}" in client.get("/panel/").content.decode()


@pytest.mark.django_db
def test_with_many_premises_the_frame_leads_to_the_list_and_with_few_it_lists_them() -> None:
    few, many = a_customer("anna", "100001", "100002"), a_customer("zarzadca")
    manages("zarzadca", 9)
    assert '<select id="lokal"' in few.get("/panel/").content.decode()
    text = many.get("/panel/").content.decode()
    assert '<select id="lokal"' not in text
    assert 'href="/lokale/"' in text


@pytest.mark.django_db
def test_the_money_narrows_the_list_and_is_said_in_words() -> None:
    client = a_customer("anna", "100001", "100002")
    an_invoice("FV/1", due=in_days(-3), nrb=NRB)
    assert numbers(client, "?stan=po-terminie") == numbers(client, "?stan=do-zaplaty") == ["100001"]
    assert numbers(client, "?stan=nadplata") == numbers(client, "?stan=zamkniete") == []
    text = client.get("/lokale/").content.decode()
    assert "po terminie 108,00" in text
    assert "Nic do zapłaty" in text


@pytest.mark.django_db
def test_who_may_only_send_readings_sees_neither_money_nor_names() -> None:
    client = a_customer("ala")
    manages("ala", 3, role=GrantRole.READINGS)
    text = client.get("/lokale/").content.decode()
    assert "Lokator" not in text
    assert "Nic do zapłaty" not in text
    assert "po-terminie" not in text
    assert numbers(client, "?szukaj=lokator") == []
    assert len(numbers(client, "?stan=po-terminie")) == 3


@pytest.mark.django_db
def test_closed_premises_stand_last_and_can_be_picked_out() -> None:
    client = a_customer("zarzadca")
    first = manages("zarzadca", 3)[0]
    CustomerAccount.objects.filter(pk=first.pk).update(closed_on=clock.today() - timedelta(days=1))
    assert numbers(client) == ["900002", "900003", "900001"]
    assert numbers(client, "?stan=zamkniete") == ["900001"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["?szukaj=" + "a" * 3_000, "?szukaj=%00%07", "?szukaj=%F0%9F%92%A7", "?szukaj=Polna&szukaj=x", "?stan=inne",
     "?strona=-1", "?strona=0", "?strona=abc", "?strona=9" + "9" * 40, "?strona=%D9%A1", "?szukaj=%FF%FE",
     "?szukaj=<script>"],
)  # fmt: skip
def test_whatever_the_address_says_a_page_is_shown(query: str) -> None:
    client = a_customer("anna", "100001")
    answer = client.get(f"/lokale/{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split("<main", 1)[1].split("</main", 1)[0]


@pytest.mark.django_db
def test_another_way_of_asking_and_other_people_are_refused(client: Client) -> None:
    anna, other = a_customer("anna", "100001"), a_customer("ewa", "200002")
    assert anna.post("/lokale/").status_code == 405
    assert numbers(other) == ["200002"]
    assert client.get("/lokale/")["Location"].startswith("/logowanie/")
