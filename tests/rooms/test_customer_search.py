"""Finding a customer by whatever they say of themselves."""

import pytest

from ebok.customers.domain import CustomerScope, search_terms
from ebok.customers.models import ServicePoint
from ebok.customers.queries import search
from tests.billing import NOW, an_account

pytestmark = pytest.mark.django_db
EVERYBODY = CustomerScope.for_staff(None, reason="search")


@pytest.fixture
def town() -> dict[str, int]:
    zegota = an_account(
        "100001", name="Żegota Wójcik", street="ul. Łąkowa", house="7", flat="2", phone="+48600100200",
        email="Zegota@example.com",
    )  # fmt: skip
    works = an_account("OT-100017", name="Zakład „Źródło” sp. z o.o.", nip="5265877635", street="ul. Polna", house="17")
    ServicePoint.objects.create(
        number="P1", account_id=works, street="ul. Karczewska", house="70", city="Józefów", registered_at=NOW,
        changed_at=NOW,
    )  # fmt: skip
    return {"zegota": zegota, "works": works}


def found(typed: str, *, scope: CustomerScope = EVERYBODY) -> list[int]:
    return [one.account_id for one in search(scope=scope, terms=search_terms(typed), limit=20)]


@pytest.mark.parametrize(
    "typed",
    ["100001", " 100 001 ", "zegota", "WÓJCIK", "wojcik zegota", "wojc", "Łąkowa 7", "lakowa 7/2", "600 100 200",
     "+48600100200", "zegota@EXAMPLE.com", "wójcki", "Wujcik", "zegta wojcik", "lakova 7"],
)  # fmt: skip
def test_a_person_is_found_by(typed: str, town: dict[str, int]) -> None:
    assert found(typed) == [town["zegota"]]


@pytest.mark.parametrize("typed", ["526-587-76-35", "ot-100017", "zrodlo", "Karczewska 70", "Józefów", "0017", "polna"])
def test_an_organization_is_found_by(typed: str, town: dict[str, int]) -> None:
    assert found(typed) == [town["works"]]


@pytest.mark.parametrize(
    "typed", ["", "%", "_", "a", "7", "nikt@example.com", "łąkowa 17", "\0", "x" * 5000, "(((", "..*"]
)
def test_nobody_is_found_by(typed: str, town: dict[str, int]) -> None:
    assert found(typed) == []


def test_only_accounts_in_scope_are_found(town: dict[str, int]) -> None:
    assert found("zegota", scope=CustomerScope.for_accounts(frozenset({town["works"]}), reason="tests")) == []


def test_no_more_are_returned_than_asked_for() -> None:
    for number in range(5):
        an_account(f"20000{number}")
    assert len(search(scope=EVERYBODY, terms=search_terms("nowak"), limit=3)) == 3
