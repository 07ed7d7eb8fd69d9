"""The table of roles and actions: what nobody but an owner may do, and that every action guards some page."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from ebok.access.domain import (
    ALLOWED,
    FORMER_OWNER_MAY,
    STAFF_ALLOWED,
    AccountAction,
    GrantRole,
    HeldGrant,
    HeldGrants,
    StaffAction,
    StaffRole,
)
from ebok.customers.domain import DocumentWindow
from ebok.web.rules import AccessRule, action_of, rule_of

OWNERS_ALONE = {AccountAction.MANAGE_ACCESS, AccountAction.SEE_VIEWERS}
MONEY = {AccountAction.SEE_BALANCE, AccountAction.SEE_LEDGER, AccountAction.PAY}
NOT_ON_A_PAGE_OF_ITS_OWN = {AccountAction.SEE_BALANCE}
"""The balance stands on the panel and in the list of premises, which are everybody's."""
DAY = date(2026, 11, 22)


def views(resolver: URLResolver) -> Iterator[object]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        elif isinstance(entry, URLPattern):
            yield entry.callback


def actions_asked(rule: AccessRule) -> set[str]:
    return {action_of(view) for view in views(get_resolver()) if rule_of(view) is rule}


def held(role: GrantRole, *, account: int = 1, former: bool = False) -> HeldGrant:
    window = DocumentWindow(until=DAY if former else None)
    return HeldGrant(account_id=account, role=role, former=former, window=window)


def test_every_role_has_its_row_and_sees_its_account() -> None:
    assert set(ALLOWED) == set(GrantRole)
    assert set(STAFF_ALLOWED) == set(StaffRole)
    assert all(AccountAction.SEE_ACCOUNT in allowed for allowed in ALLOWED.values())
    assert all(StaffAction.ENTER in allowed for allowed in STAFF_ALLOWED.values())


def test_an_owner_may_everything_and_nobody_may_more() -> None:
    assert ALLOWED[GrantRole.OWNER] == set(AccountAction)
    assert all(allowed < ALLOWED[GrantRole.OWNER] for role, allowed in ALLOWED.items() if role is not GrantRole.OWNER)


@pytest.mark.parametrize("role", set(GrantRole) - {GrantRole.OWNER})
def test_only_an_owner_manages_access_and_sees_who_looked(role: GrantRole) -> None:
    assert ALLOWED[role] & OWNERS_ALONE == set()


def test_the_lesser_roles_are_what_their_names_say() -> None:
    assert ALLOWED[GrantRole.PAYER] - {AccountAction.SEE_ACCOUNT} == MONEY | {AccountAction.SEE_INVOICES}
    assert ALLOWED[GrantRole.INVOICES] - {AccountAction.SEE_ACCOUNT} == {AccountAction.SEE_INVOICES}
    reading = {AccountAction.SEE_READINGS, AccountAction.SEND_READINGS}
    assert ALLOWED[GrantRole.READINGS] - {AccountAction.SEE_ACCOUNT} == reading


def test_a_former_owner_keeps_papers_and_nothing_else() -> None:
    assert {AccountAction.SEE_INVOICES} == FORMER_OWNER_MAY


def test_every_action_guards_a_page_and_every_page_names_an_action_of_the_table() -> None:
    assert set(AccountAction) - NOT_ON_A_PAGE_OF_ITS_OWN == actions_asked(AccessRule.CUSTOMER)
    assert set(StaffAction) == actions_asked(AccessRule.STAFF)


@given(
    grants=st.dictionaries(st.integers(1, 9), st.tuples(st.sampled_from(GrantRole), st.booleans()), max_size=6),
    action=st.sampled_from(AccountAction),
)
def test_a_scope_holds_exactly_the_accounts_whose_role_allows_the_action(
    grants: dict[int, tuple[GrantRole, bool]], action: AccountAction
) -> None:
    former = {account for account, (role, past) in grants.items() if past and role is GrantRole.OWNER}
    rows = tuple(held(role, account=account, former=account in former) for account, (role, _) in grants.items())
    holds = HeldGrants(user_id=7, grants=rows)
    able = {
        account
        for account, (role, _) in grants.items()
        if action in (FORMER_OWNER_MAY if account in former else ALLOWED[role])
    }
    scope = holds.scope(action)
    assert scope.account_ids == able
    assert scope.past_accounts == able & former
    assert {account for account in range(1, 10) if holds.may(action, account)} == able
    assert holds.may_anywhere(action) == bool(able)


@given(since=st.none() | st.integers(-9, 9), until=st.none() | st.integers(-9, 9), day=st.integers(-9, 9))
def test_a_window_covers_its_first_day_and_not_its_last(since: int | None, until: int | None, day: int) -> None:
    def on(days: int | None) -> date | None:
        return None if days is None else DAY + timedelta(days=days)

    window = DocumentWindow(since=on(since), until=on(until))
    inside = (since is None or since <= day) and (until is None or day < until)
    assert window.covers(DAY + timedelta(days=day)) == inside
