"""Who becomes the owner of an account, who asks for it, how an ownership ends, and who is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from ebok.access.domain import AccountAction, GrantRole, StaffRole
from ebok.access.models import Grant
from ebok.access.operations import (
    GrantRefusal,
    UnableToGrant,
    contacts_of,
    decide_request,
    end_ownership,
    make_staff,
    revoke,
    take_back,
)
from ebok.access.queries import has_owner, people_with_access, waiting_requests
from ebok.customers.domain import CustomerScope, DocumentWindow
from tests.access import NOW, STAFF, TODAY, WHOLE, by, deeds, given, invited, managed, messages, owns, person, reach
from tests.billing import an_account
from tests.concurrency import beside, until_it_waits

YEAR = timedelta(days=365)
NOBODY = CustomerScope.for_accounts(frozenset(), reason="tests")


def end(grant_id: int, **more: Any) -> None:
    values = {"ends_on": TODAY, "reason": "umowa rozwiązana", "today": TODAY, "acting": STAFF, "now": NOW} | more
    end_ownership(scope=values.pop("scope", WHOLE), grant_id=grant_id, **values)


def decide(request_id: int, role: GrantRole | None, **more: Any) -> Any:
    values = {"scope": WHOLE, "until": None, "reason": "", "today": TODAY, "acting": STAFF, "now": NOW} | more
    return decide_request(request_id=request_id, grant_as=role, **values)


def back(grant_id: int, owner: int, scope: CustomerScope | None = None) -> None:
    take_back(scope=scope or managed(owner), grant_id=grant_id, acting=by(owner), now=NOW)


def refusal_of(call: Any) -> GrantRefusal:
    with pytest.raises(UnableToGrant) as refusal:
        call()
    return refusal.value.reason


@pytest.mark.django_db
def test_the_first_who_proves_it_becomes_the_owner_and_everybody_on_file_is_told(settings: Settings) -> None:
    settings.EBOK_SMS_URL = ""
    account, anna = an_account(email="Dom@Example.com", phone="+48600700800"), person("anna")
    taken = owns(anna, account)
    assert (taken.request_id, has_owner(account_id=account, today=TODAY)) == (None, True)
    assert reach(anna).account_ids == {account}
    assert messages() == [("access_added", "dom@example.com")]
    assert [(row.account_id, row.details["role"]) for row in deeds("grant.give")] == [(account, "owner")]
    assert owns(anna, account) == taken
    assert len(messages()) == 1


@pytest.mark.django_db
def test_an_sms_goes_to_the_number_on_file_where_there_is_a_carrier(settings: Settings) -> None:
    settings.EBOK_SMS_URL = "file:"
    owns(person("anna"), an_account(email="", phone="+48600700800"))
    assert messages() == [("access_added", "+48600700800")]


@pytest.mark.django_db
def test_the_second_one_asks_once_and_the_owner_is_told() -> None:
    account, anna, ewa = an_account(), person("anna"), person("ewa")
    owns(anna, account)
    taken = owns(ewa, account)
    assert taken.grant_id is None
    assert owns(ewa, account) == taken
    assert reach(ewa).account_ids == set()
    (waiting,) = waiting_requests(scope=managed(anna))
    assert (waiting.request_id, waiting.who, waiting.method) == (taken.request_id, "Ewa", "invoice")
    assert messages() == [("access_requested", "anna@example.com")]
    assert waiting_requests(scope=NOBODY) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_owns_the_account_and_the_other_asks() -> None:
    account, anna, ewa = an_account(), person("anna"), person("ewa")
    with beside() as start:
        with transaction.atomic():
            first = owns(anna, account)
            running = start(lambda: owns(ewa, account))
            until_it_waits(running)
        second = running.result()
    assert (first.request_id, second.grant_id) == (None, None)
    assert Grant.objects.count() == 1


@pytest.mark.django_db
def test_staff_never_owns_an_account() -> None:
    account, anna = an_account(), person("anna")
    make_staff(username="anna", role=StaffRole.CLERK, acting=STAFF, now=NOW)
    assert refusal_of(lambda: owns(anna, account)) is GrantRefusal.STAFF_LOGIN
    assert refusal_of(lambda: given("anna", "100001", GrantRole.PAYER)) is GrantRefusal.STAFF_LOGIN


@pytest.mark.django_db
def test_the_owner_grants_a_request_in_a_lesser_role_and_everybody_is_told() -> None:
    account, anna, ewa = an_account(email="dom@example.com"), person("anna"), person("ewa")
    owns(anna, account)
    asked = owns(ewa, account).request_id
    decide(asked, GrantRole.INVOICES, scope=managed(anna), acting=by(anna))
    assert reach(ewa, AccountAction.SEE_INVOICES).account_ids == {account}
    assert reach(ewa, AccountAction.SEE_BALANCE).account_ids == set()
    assert messages()[-3:] == [
        ("access_decided", "ewa@example.com"),
        ("access_added", "dom@example.com"),
        ("access_added", "anna@example.com"),
    ]
    assert [row.result for row in deeds("access.decide")] == ["granted"]
    assert waiting_requests(scope=WHOLE) == []


@pytest.mark.django_db
def test_a_refused_request_opens_nothing_and_says_why() -> None:
    account, anna, ewa = an_account(), person("anna"), person("ewa")
    owns(anna, account)
    asked = owns(ewa, account).request_id
    assert decide(asked, None, reason="nie znam") is None
    assert reach(ewa).account_ids == set()
    assert deeds("access.decide")[0].reason == "nie znam"
    assert refusal_of(lambda: decide(asked, GrantRole.FULL)) is GrantRefusal.NOT_WAITING


@pytest.mark.django_db
def test_a_request_is_decided_only_within_reach_and_never_makes_a_second_owner() -> None:
    account, anna, ewa = an_account(), person("anna"), person("ewa")
    mine = owns(anna, account).grant_id
    asked = owns(ewa, account).request_id
    assert refusal_of(lambda: decide(asked, GrantRole.FULL, scope=NOBODY)) is GrantRefusal.NOT_WAITING
    assert refusal_of(lambda: decide(asked, GrantRole.OWNER)) is GrantRefusal.HAS_OWNER
    assert refusal_of(lambda: decide(asked, GrantRole.FULL, until=TODAY)) is GrantRefusal.ENDS_BEFORE_IT_STARTS
    end(mine)
    decide(asked, GrantRole.OWNER)
    assert reach(ewa, AccountAction.MANAGE_ACCESS).account_ids == {account}


@pytest.mark.django_db
def test_a_former_owner_keeps_the_papers_of_their_time_and_the_next_sees_later_ones_only() -> None:
    account, anna, ewa = an_account(), person("anna"), person("ewa")
    mine = owns(anna, account, today=TODAY - YEAR).grant_id
    end(mine)
    kept = reach(anna, AccountAction.SEE_INVOICES)
    assert kept.windows == {account: DocumentWindow(until=TODAY)}
    assert all(reach(anna, other).account_ids == set() for other in AccountAction if other != "see_invoices")
    owns(ewa, account)
    assert reach(ewa, AccountAction.SEE_INVOICES).windows == {account: DocumentWindow(since=TODAY)}
    assert reach(ewa, AccountAction.SEE_LEDGER).windows == {account: DocumentWindow(since=TODAY)}


@pytest.mark.django_db
def test_whoever_the_new_owner_lets_in_sees_no_more_than_the_owner() -> None:
    account, anna, ewa, jan = an_account(), person("anna"), person("ewa"), person("jan")
    end(owns(anna, account, today=TODAY - YEAR).grant_id)
    owns(ewa, account)
    given("jan", "100001", GrantRole.PAYER)
    assert reach(jan, AccountAction.SEE_INVOICES).windows == {account: DocumentWindow(since=TODAY)}


@pytest.mark.django_db
def test_what_an_owner_gave_ends_with_the_ownership() -> None:
    account, anna, jan = an_account(), person("anna"), person("jan")
    mine = owns(anna, account, today=TODAY - YEAR).grant_id
    asked = owns(jan, account, today=TODAY - YEAR).request_id
    decide(asked, GrantRole.FULL, scope=managed(anna), acting=by(anna), today=TODAY - YEAR)
    sent = invited(anna, account)
    end(mine)
    assert reach(jan).account_ids == set()
    assert ("grant_ended", "jan@example.com") in messages()
    assert ("grant_ended", "anna@example.com") in messages()
    assert [row.reason for row in deeds("grant.end")] == ["umowa rozwiązana", ""]
    assert sent.code
    assert managed(anna).account_ids == set()


@pytest.mark.django_db
def test_an_ownership_may_end_later_and_nobody_outlasts_it() -> None:
    account, anna, jan, ewa = an_account(), person("anna"), person("jan"), person("ewa")
    mine = owns(anna, account).grant_id
    decide(owns(jan, account).request_id, GrantRole.FULL, scope=managed(anna), acting=by(anna))
    last = TODAY + timedelta(days=30)
    end(mine, ends_on=last)
    assert reach(jan, today=last - timedelta(days=1)).account_ids == {account}
    assert reach(jan, today=last).account_ids == set()
    late = decide(owns(ewa, account).request_id, GrantRole.FULL, until=last + YEAR, scope=WHOLE, acting=by(anna))
    assert Grant.objects.get(id=late.grant_id).ends_on == last
    assert ("grant_ended", "anna@example.com") not in messages()


@pytest.mark.django_db
def test_an_ownership_without_a_day_of_its_own_is_taken_back() -> None:
    account, anna = an_account(), person("anna")
    end(owns(anna, account).grant_id)
    assert reach(anna, AccountAction.SEE_INVOICES).account_ids == set()
    assert refusal_of(lambda: end(Grant.objects.get().id)) is GrantRefusal.NOT_GRANTED


@pytest.mark.django_db
def test_only_an_ownership_in_reach_is_ended() -> None:
    account, anna = an_account(), person("anna")
    mine = owns(anna, account, today=TODAY - YEAR).grant_id
    person("jan")
    other = given("jan", "100001", GrantRole.PAYER)
    assert refusal_of(lambda: end(mine, scope=NOBODY)) is GrantRefusal.NOT_GRANTED
    assert refusal_of(lambda: end(other)) is GrantRefusal.NOT_GRANTED


@pytest.mark.django_db
def test_the_owner_takes_a_grant_back_and_its_holder_is_told() -> None:
    account, anna, jan = an_account(), person("anna"), person("jan")
    mine = owns(anna, account).grant_id
    theirs = given("jan", "100001", GrantRole.PAYER)
    assert refusal_of(lambda: back(theirs, anna, scope=NOBODY)) is GrantRefusal.NOT_GRANTED
    back(theirs, anna)
    assert reach(jan).account_ids == set()
    assert messages() == [("grant_ended", "jan@example.com")]
    assert refusal_of(lambda: back(theirs, anna)) is GrantRefusal.NOT_GRANTED
    assert refusal_of(lambda: back(mine, anna)) is GrantRefusal.OWNERSHIP


@pytest.mark.django_db
def test_revoking_an_owner_revokes_what_they_gave() -> None:
    account, anna, jan = an_account(), person("anna"), person("jan")
    owns(anna, account)
    decide(owns(jan, account).request_id, GrantRole.FULL, scope=managed(anna), acting=by(anna))
    revoke(scope=WHOLE, username="anna", account_number="100001", acting=STAFF, now=NOW)
    assert (reach(anna).account_ids, reach(jan).account_ids) == (set(), set())


@pytest.mark.django_db
def test_a_former_owner_is_not_given_a_lesser_role_that_would_take_their_papers() -> None:
    account, anna, ewa = an_account(), person("anna"), person("ewa")
    end(owns(anna, account, today=TODAY - YEAR).grant_id)
    owns(ewa, account)
    assert refusal_of(lambda: given("anna", "100001", GrantRole.PAYER)) is GrantRefusal.FORMER_OWNER
    assert reach(anna, AccountAction.SEE_INVOICES).account_ids == {account}


@pytest.mark.django_db
def test_the_owner_sees_who_has_access_since_when_and_by_whom() -> None:
    account, anna, jan = an_account(), person("anna"), person("jan")
    owns(anna, account)
    decide(owns(jan, account).request_id, GrantRole.FULL, scope=managed(anna), acting=by(anna))
    mine, his = people_with_access(scope=managed(anna), today=TODAY)
    assert (mine.name, mine.role, mine.given_by, mine.ground) == ("Anna", GrantRole.OWNER, "", "aktywacja")
    assert (his.name, his.role, his.given_by, his.starts_on) == ("Jan", GrantRole.FULL, "Anna", TODAY)
    assert (mine.last_used, his.last_used) == (NOW, NOW)
    assert people_with_access(scope=NOBODY, today=TODAY) == []


@pytest.mark.django_db
def test_contacts_are_each_told_once_and_what_is_no_address_is_left_out() -> None:
    account = an_account(email="ANNA@example.com", phone="600700800")
    owns(person("anna", phone="+48600700800"), account)
    contacts = contacts_of(account_id=account, now=NOW)
    assert (contacts.emails, contacts.phones) == (("anna@example.com",), ("+48600700800",))
