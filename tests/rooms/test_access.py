"""Logins are made, and accounts opened to them and closed again."""

import io
import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from ebok.access.domain import AccountAction, PasswordFault, password_faults
from ebok.access.models import Grant, User
from ebok.access.operations import (
    GrantRefusal,
    LoginRefusal,
    UnableToCreateUser,
    UnableToGrant,
    create_user,
    grant,
    revoke,
)
from ebok.access.queries import grants_of, login_of
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.customers.models import CustomerAccount

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ADMIN = Actor(kind=ActorKind.COMMAND, name="tests")
WHOLE = CustomerScope.whole(acting="tests")
PASSWORD = "zielony traktor liczy gwiazdy"


def make_user(username: str = "anna", **changes: Any) -> int:
    values: dict[str, Any] = {"password": PASSWORD, "email": "anna@example.com", "acting": ADMIN, "now": NOW}
    return create_user(username=username, **(values | changes)).user_id


def make_account(number: str = "K-1") -> int:
    return CustomerAccount.objects.create(
        number=number, kind="person", name="A", postal_code="05-400", city="Otwock", registered_at=NOW, changed_at=NOW
    ).id


def give(*, today: date = TODAY, until: date | None = None, username: str = "anna", number: str = "K-1") -> int:
    return grant(
        scope=WHOLE,
        username=username,
        account_number=number,
        until=until,
        ground="umowa",
        today=today,
        acting=ADMIN,
        now=NOW,
    ).grant_id


def refused(**values: Any) -> GrantRefusal:
    with pytest.raises(UnableToGrant) as refusal:
        give(**values)
    return refusal.value.reason


@pytest.mark.django_db
def test_a_login_is_kept_in_lower_case_with_a_hashed_password() -> None:
    make_user(" Anna ", email="Anna@Example.com")
    user = User.objects.get()
    assert (user.username, user.email) == ("anna", "anna@example.com")
    assert user.password.startswith("argon2$argon2id$")
    assert login_of(username="ANNA") is not None
    assert AuditRow.objects.get().action == "user.create"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"username": "anna"}, LoginRefusal.TAKEN),
        ({"username": "ANNA", "email": ""}, LoginRefusal.TAKEN),
        ({"username": "ewa", "email": "ANNA@example.com"}, LoginRefusal.TAKEN),
        ({"username": "ewa nowak"}, LoginRefusal.BAD_USERNAME),
        ({"username": ""}, LoginRefusal.BAD_USERNAME),
        ({"username": "ewa", "email": "ewa"}, LoginRefusal.BAD_EMAIL),
        ({"username": "ewa", "email": "", "full_name": "BOK bok.pl"}, LoginRefusal.BAD_NAME),
        ({"username": "ewa", "email": "", "password": "short"}, LoginRefusal.WEAK_PASSWORD),
    ],
)
def test_a_login_that_cannot_be_is_refused_with_its_reason(changes: dict[str, Any], reason: LoginRefusal) -> None:
    make_user()
    with pytest.raises(UnableToCreateUser) as refusal:
        make_user(**changes)
    assert refusal.value.reason is reason
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_demo_logins_exist_only_in_a_demo(settings: Settings) -> None:
    settings.EBOK_DEMO = False
    with pytest.raises(UnableToCreateUser) as refusal:
        make_user(is_demo=True)
    assert refusal.value.reason is LoginRefusal.DEMO_OUTSIDE_DEMO


@pytest.mark.django_db
def test_a_grant_opens_its_account_from_its_first_day_up_to_its_end() -> None:
    user_id, account_id = make_user(), make_account()
    make_account("K-2")
    give(until=TODAY + timedelta(days=10))
    for day, ids in ((-1, set()), (0, {account_id}), (9, {account_id}), (10, set())):
        scope = grants_of(user_id=user_id, today=TODAY + timedelta(days=day)).scope(AccountAction.SEE_ACCOUNT)
        assert scope.account_ids == ids
    assert AuditRow.objects.get(action="grant.give").account_id == account_id


@pytest.mark.django_db
def test_a_revoked_grant_opens_nothing_and_can_be_given_again() -> None:
    user_id, account_id = make_user(), make_account()
    give()
    revoke(scope=WHOLE, username="anna", account_number="K-1", acting=ADMIN, now=NOW)
    assert grants_of(user_id=user_id, today=TODAY).scope(AccountAction.SEE_ACCOUNT).account_ids == set()
    give()
    assert grants_of(user_id=user_id, today=TODAY).scope(AccountAction.SEE_ACCOUNT).account_ids == {account_id}
    assert Grant.objects.count() == 2


@pytest.mark.django_db
def test_the_same_grant_a_second_time_changes_nothing() -> None:
    make_user()
    make_account()
    assert give() == give()
    assert Grant.objects.count() == AuditRow.objects.filter(action="grant.give").count() == 1


@pytest.mark.django_db
def test_a_grant_that_has_run_out_is_replaced() -> None:
    user_id, account_id = make_user(), make_account()
    give(until=TODAY + timedelta(days=10))
    later = TODAY + timedelta(days=30)
    give(today=later)
    assert grants_of(user_id=user_id, today=later).scope(AccountAction.SEE_ACCOUNT).account_ids == {account_id}


@pytest.mark.django_db
def test_a_grant_that_cannot_be_is_refused_with_its_reason() -> None:
    make_user()
    make_account()
    assert refused(username="ewa") is GrantRefusal.UNKNOWN_USER
    assert refused(number="K-9") is GrantRefusal.UNKNOWN_ACCOUNT
    assert refused(until=TODAY) is GrantRefusal.ENDS_BEFORE_IT_STARTS
    give()
    assert refused(until=TODAY + timedelta(days=10)) is GrantRefusal.ALREADY_GRANTED
    revoke(scope=WHOLE, username="anna", account_number="K-1", acting=ADMIN, now=NOW)
    with pytest.raises(UnableToGrant) as refusal:
        revoke(scope=WHOLE, username="anna", account_number="K-1", acting=ADMIN, now=NOW)
    assert refusal.value.reason is GrantRefusal.NOT_GRANTED


def run(*args: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    try:
        call_command(*args, stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue()


@pytest.mark.django_db
def test_the_commands_make_a_login_give_it_an_account_and_take_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account()
    (tmp_path / "password").write_text(PASSWORD + "\n")
    code, said = run("create_user", "anna", "--password-file", str(tmp_path / "password"), "--json")
    assert (code, json.loads(said)["login"]) == (0, "anna")
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))
    assert run("create_user", "anna", "--password-stdin", "--json") == (1, '{"error": "taken", "faults": []}\n')
    first = run("grant", "anna", "K-1", "--json")
    assert first[0] == 0
    assert run("grant", "anna", "K-1", "--json") == first
    assert run("grant", "anna", "K-1", "--ground", "umowa", "--json") == (1, '{"error": "already_granted"}\n')
    assert run("grant", "anna", "K-9", "--json") == (1, '{"error": "unknown_account"}\n')
    assert run("revoke", "anna", "K-1", "--json") == (0, '{"revoked": true}\n')
    assert run("create_user", "ewa", "--password-file", str(tmp_path / "absent"))[0] == 2


@given(st.text(min_size=12, max_size=128))
def test_a_long_password_is_refused_only_for_being_easy_to_guess(password: str) -> None:
    faults = password_faults(password=password, common=False, personal=())
    assert set(faults) <= {PasswordFault.COMMON, PasswordFault.PERSONAL}


@given(st.text(max_size=200))
def test_the_length_rule_counts_characters(password: str) -> None:
    faults = password_faults(password=password, common=False, personal=())
    assert (PasswordFault.TOO_SHORT in faults) == (len(password) < 12)
    assert (PasswordFault.TOO_LONG in faults) == (len(password) > 128)


@pytest.mark.parametrize("password", ["Zieliński-2026", "zielinski.zielinski", "ANNA.zielinski!"])
def test_own_data_does_not_make_a_password(password: str) -> None:
    faults = password_faults(password=password, common=False, personal=("Anna Zieliński",))
    assert PasswordFault.PERSONAL in faults
