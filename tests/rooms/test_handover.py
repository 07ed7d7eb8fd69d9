"""What a holder changed about an account ends with them: the next one's letters and codes never go to the last."""

from datetime import datetime, timedelta

import pytest

from ebok.access.models import Grant
from ebok.access.operations import contacts_of, end_ownership
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import Address, ContactField, Identity, RegistryRow
from ebok.customers.models import ContactChange, CustomerAccount
from ebok.customers.operations import (
    change_contact,
    change_correspondence,
    pesel_digest,
    register_accounts,
)
from ebok.customers.queries import account
from ebok.foundation import clock
from ebok.jobs.tasks import hand_over_contacts
from tests.access import NOW, STAFF, TODAY, WHOLE, by, messages, owns, person
from tests.billing import an_account

pytestmark = pytest.mark.django_db
JOB = Actor(kind=ActorKind.COMMAND, name="import_registry")
AWAY = Address(street="ul. Nowa", house="9", flat="", postal_code="00-001", city="Warszawa")
YEAR = timedelta(days=365)
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


def delivered(**values: object) -> int:
    """The registry says this of account 100001."""
    row = RegistryRow(line=1, key="100001", values=HERS | {"pesel_hmac": None} | values)
    register_accounts(rows=[row], acting=JOB, now=NOW)
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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"name": "Bartek Nowy"}),
        ({"pesel_hmac": ANNAS}, {"name": "Bartek Nowy", "pesel_hmac": None}),
        ({"pesel_hmac": ANNAS}, {"pesel_hmac": BARTEKS}),
        ({"nip": "5265877635"}, {"nip": "7251801126"}),
    ],
)
def test_contacts_end_when_the_registry_names_another_holder(
    before: dict[str, object], after: dict[str, object]
) -> None:
    account_id = delivered(**before)
    moved(account_id)
    delivered(**(before | after))
    assert on_file(account_id) == ("", "")
    delivered(**before)
    assert on_file(account_id) == ("", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"name": "ANNA  nowak"}),
        ({}, {"pesel_hmac": ANNAS}),
        ({"pesel_hmac": ANNAS}, {"pesel_hmac": ANNAS, "name": "Anna Kowalska"}),
        ({"nip": "5265877635"}, {"nip": "5265877635", "name": "Spółka Nowa"}),
    ],
)
def test_contacts_stay_with_the_same_holder(before: dict[str, object], after: dict[str, object]) -> None:
    account_id = delivered(**before)
    moved(account_id)
    delivered(**(before | after))
    assert on_file(account_id) == ("anna.prywatny@example.com", "ul. Nowa")


def test_a_holder_is_told_by_the_strongest_number_both_have() -> None:
    anna = Identity(name="Anna Nowak", nip="", pesel_hmac=ANNAS)
    assert anna.is_same_holder(Identity(name="Anna Kowalska", nip="5265877635", pesel_hmac=ANNAS))
    assert not anna.is_same_holder(Identity(name="Anna Nowak", nip="", pesel_hmac=BARTEKS))
    assert not anna.is_same_holder(Identity(name="Bartek Nowy", nip="5265877635", pesel_hmac=b""))
