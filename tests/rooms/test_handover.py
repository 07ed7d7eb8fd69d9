"""What a holder changed about an account ends with them: the next one's letters and codes never go to the last."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from ebok.access.models import Grant
from ebok.access.operations import contacts_of, end_ownership
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import Address, ContactField, Identity, RegistryRow
from ebok.customers.models import ContactChange, CustomerAccount, HolderChange
from ebok.customers.operations import (
    change_contact,
    change_correspondence,
    pesel_digest,
    register_accounts,
)
from ebok.customers.queries import account, holder_changes
from ebok.foundation import clock
from ebok.jobs.tasks import hand_over_contacts
from tests.access import NOW, STAFF, TODAY, WHOLE, by, messages, owns, person
from tests.billing import an_account

pytestmark = pytest.mark.django_db
JOB = Actor(kind=ActorKind.COMMAND, name="import_registry")
AWAY = Address(street="ul. Nowa", house="9", flat="", postal_code="00-001", city="Warszawa")
YEAR = timedelta(days=365)
CHANGING_QUERIES = 16
HERS = {"kind": "person", "name": "Anna Nowak", "postal_code": "05-400", "city": "Otwock", "nip": "", "email": ""}
ANNAS, BARTEKS = pesel_digest(pesel="44051401359"), pesel_digest(pesel="90090515836")


def moved(account_id: int, at: datetime = NOW) -> None:
    """Anna has her letters and messages sent elsewhere."""
    anna = by(1)
    change_correspondence(scope=WHOLE, account_id=account_id, address=AWAY, acting=anna, now=at)
    change_contact(
        scope=WHOLE, account_id=account_id, field=ContactField.EMAIL, value="anna.prywatny@example.com",
        acting=anna, now=at,
    )  # fmt: skip


def on_file(account_id: int) -> tuple[str, str]:
    found = account(scope=WHOLE, account_id=account_id)
    assert found is not None
    return found.email, found.correspondence.street


def delivered(at: datetime = NOW, **values: object) -> int:
    """The registry says this of account 100001."""
    row = RegistryRow(line=1, key="100001", values=HERS | {"pesel_hmac": None} | values)
    register_accounts(rows=[row], acting=JOB, now=at)
    return CustomerAccount.objects.get(number="100001").id


def test_contacts_are_the_registrys_again_when_an_ownership_ends() -> None:
    account_id = an_account("100001", email="dom@example.com")
    anna = person("anna")
    owns(anna, account_id, today=TODAY - YEAR)
    moved(account_id)
    end_ownership(
        scope=WHOLE, grant_id=Grant.objects.get().id, ends_on=TODAY, reason="sprzedaż", today=TODAY, acting=STAFF,
        now=NOW,
    )  # fmt: skip
    assert on_file(account_id) == ("dom@example.com", "")
    assert contacts_of(account_id=account_id, now=NOW).emails == ("dom@example.com",)
    before = len(messages())
    owns(person("bartek"), account_id)
    assert ("access_added", "anna.prywatny@example.com") not in messages()[before:]


def test_contacts_stay_until_the_day_on_which_an_ownership_will_end() -> None:
    account_id, today = an_account("100001", email="dom@example.com"), clock.today()
    owns(person("anna"), account_id, today=today - YEAR)
    moved(account_id)
    last = Grant.objects.get()
    end_ownership(
        scope=WHOLE, grant_id=last.id, ends_on=today + timedelta(days=5), reason="sprzedaż", today=today,
        acting=STAFF, now=NOW,
    )  # fmt: skip
    hand_over_contacts(0)
    assert on_file(account_id)[0] == "anna.prywatny@example.com"


def test_contacts_end_with_an_ownership_that_ran_out_by_itself_and_those_of_the_next_owner_stay() -> None:
    account_id, today = an_account("100001", email="dom@example.com"), clock.today()
    owns(person("anna"), account_id, today=today - YEAR)
    moved(account_id, at=clock.day_start(today) - timedelta(hours=1))
    Grant.objects.update(ends_on=today)
    that_day = clock.day_start(today) + timedelta(hours=1)
    change_contact(
        scope=WHOLE, account_id=account_id, field=ContactField.PHONE, value="+48600100200", acting=by(2), now=that_day
    )
    hand_over_contacts(0)
    hand_over_contacts(0)
    found = account(scope=WHOLE, account_id=account_id)
    assert found is not None
    assert (found.email, found.phone) == ("dom@example.com", "+48600100200")
    assert ContactChange.objects.filter(by="access.hand_over").count() == 2


ANOTHER = pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"name": "Bartek Nowy"}),
        ({"pesel_hmac": ANNAS}, {"name": "Bartek Nowy", "pesel_hmac": None}),
        ({"pesel_hmac": ANNAS}, {"pesel_hmac": BARTEKS}),
        ({"nip": "5265877635"}, {"nip": "7251801126"}),
    ],
)
THE_SAME = pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {}),
        ({}, {"name": "ANNA  nowak"}),
        ({}, {"city": "Warszawa"}),
        ({}, {"pesel_hmac": ANNAS}),
        ({"pesel_hmac": ANNAS}, {"pesel_hmac": ANNAS, "name": "Anna Kowalska"}),
        ({"nip": "5265877635"}, {"nip": "5265877635", "name": "Spółka Nowa"}),
    ],
)


@ANOTHER
def test_contacts_end_when_the_registry_names_another_holder(
    before: dict[str, object], after: dict[str, object]
) -> None:
    account_id = delivered(**before)
    moved(account_id)
    delivered(**(before | after))
    assert on_file(account_id) == ("", "")
    delivered(**before)
    assert on_file(account_id) == ("", "")


@THE_SAME
def test_contacts_stay_with_the_same_holder(before: dict[str, object], after: dict[str, object]) -> None:
    account_id = delivered(**before)
    moved(account_id)
    delivered(**(before | after))
    assert on_file(account_id) == ("anna.prywatny@example.com", "ul. Nowa")


@ANOTHER
def test_another_holder_is_noted_though_nothing_was_ever_changed_there(
    before: dict[str, object], after: dict[str, object]
) -> None:
    account_id = delivered(**before)
    assert holder_changes(account_ids=[account_id]) == {}
    delivered(**(before | after))
    assert holder_changes(account_ids=[account_id]) == {account_id: NOW}
    delivered(at=NOW + YEAR, **(before | after))
    assert HolderChange.objects.count() == 1


@THE_SAME
def test_the_same_holder_is_not_noted_as_another(before: dict[str, object], after: dict[str, object]) -> None:
    delivered(**before)
    delivered(**(before | after))
    assert not HolderChange.objects.exists()


def test_a_holder_who_comes_back_is_another_one_each_time_and_the_last_day_counts() -> None:
    account_id = delivered()
    delivered(name="Bartek Nowy")
    delivered(at=NOW + YEAR)
    assert HolderChange.objects.count() == 2
    assert holder_changes(account_ids=[account_id, account_id + 1]) == {account_id: NOW + YEAR}


def test_of_two_rows_in_one_file_that_change_it_and_change_it_back_nothing_is_noted() -> None:
    delivered()
    rows = [
        RegistryRow(line=n, key="100001", values=HERS | {"name": name}) for n, name in enumerate(("Ewa", "Anna Nowak"))
    ]
    register_accounts(rows=rows, acting=JOB, now=NOW)
    assert not HolderChange.objects.exists()


@pytest.mark.parametrize("count", [1, 300])
def test_many_are_noted_by_as_many_queries_as_one(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [RegistryRow(line=n, key=f"K{n}", values=HERS) for n in range(count)]
    assert register_accounts(rows=rows, acting=JOB, now=NOW).handed_over == []
    others = [RegistryRow(line=n, key=f"K{n}", values=HERS | {"name": f"Ewa {n}"}) for n in range(count)]
    with django_assert_num_queries(CHANGING_QUERIES):
        report = register_accounts(rows=others, acting=JOB, now=NOW)
    assert len(report.handed_over) == report.changed == HolderChange.objects.count() == count


def test_a_holder_is_told_by_the_strongest_number_both_have() -> None:
    anna = Identity(name="Anna Nowak", nip="", pesel_hmac=ANNAS)
    assert anna.is_same_holder(Identity(name="Anna Kowalska", nip="5265877635", pesel_hmac=ANNAS))
    assert not anna.is_same_holder(Identity(name="Anna Nowak", nip="", pesel_hmac=BARTEKS))
    assert not anna.is_same_holder(Identity(name="Bartek Nowy", nip="5265877635", pesel_hmac=b""))
