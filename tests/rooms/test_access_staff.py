"""Staff: who is posted, what they open, with what reason; and a customer closes their login."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction

from ebok.access.domain import StaffMember, StaffRole
from ebok.access.models import CustomerVisit, Grant, Invitation, User
from ebok.access.operations import (
    LoginRefusal,
    StaffRefusal,
    UnableToClose,
    UnableToCreateUser,
    UnableToOpenCustomer,
    UnableToPost,
    VisitRefusal,
    accept_invitation,
    close_login,
    end_staff,
    leave_customer,
    make_staff,
    open_customer,
)
from ebok.access.queries import has_owner, may_sign_in, staff_member, visit_of, waiting_requests
from tests.access import NOW, STAFF, TODAY, WHOLE, by, deeds, invited, messages, owns, person, reach
from tests.billing import an_account
from tests.concurrency import beside, until_it_waits


def post(username: str, role: StaffRole = StaffRole.CLERK) -> StaffMember:
    return make_staff(username=username, role=role, acting=STAFF, now=NOW)


def unposted(call: Any) -> StaffRefusal:
    with pytest.raises(UnableToPost) as refusal:
        call()
    return refusal.value.reason


def visit(staff: StaffMember, account: int, **more: Any) -> int:
    values = {"reason": "telefon w sprawie faktury", "session_key": "s1", "acting": STAFF, "now": NOW} | more
    return open_customer(staff=staff, account_id=account, **values)


@pytest.mark.django_db
def test_a_login_is_posted_once_and_its_post_ends() -> None:
    jan = person("jan")
    assert post("Jan") == post("jan") == staff_member(user_id=jan)
    assert unposted(lambda: post("jan", StaffRole.BILLING)) is StaffRefusal.OTHER_ROLE
    end_staff(username="jan", acting=STAFF, now=NOW)
    assert staff_member(user_id=jan) is None
    assert unposted(lambda: end_staff(username="jan", acting=STAFF, now=NOW)) is StaffRefusal.NOT_STAFF
    assert unposted(lambda: post("ewa")) is StaffRefusal.UNKNOWN_USER
    assert [len(deeds(action)) for action in ("staff.start", "staff.end")] == [1, 1]


@pytest.mark.django_db
def test_a_customer_does_not_become_staff_while_they_hold_or_ask_for_anything() -> None:
    account, anna, ewa = an_account(), person("anna"), person("ewa")
    mine = owns(anna, account, today=TODAY - timedelta(days=9)).grant_id
    owns(ewa, account)
    assert unposted(lambda: post("anna")) is StaffRefusal.HAS_GRANTS
    assert unposted(lambda: post("ewa")) is StaffRefusal.HAS_GRANTS
    Grant.objects.filter(id=mine).update(ends_on=TODAY)
    assert unposted(lambda: post("anna")) is StaffRefusal.HAS_GRANTS
    Grant.objects.filter(id=mine).update(revoked_at=NOW)
    assert post("anna").role is StaffRole.CLERK


@pytest.mark.django_db
def test_a_customer_is_opened_once_a_visit_and_one_row_says_why() -> None:
    person("jan")
    staff, account = post("jan"), an_account()
    first = visit(staff, account)
    assert visit(staff, account, reason="drugi powód") == first
    (row,) = deeds("customer.open")
    assert (row.account_id, row.reason) == (account, "telefon w sprawie faktury")
    opened = visit_of(session_key="s1", account_id=account)
    assert opened is not None
    assert (opened.visit_id, opened.staff_id) == (first, staff.user_id)
    assert visit_of(session_key="s2", account_id=account) is None
    leave_customer(session_key="s1", account_id=account, now=NOW)
    assert visit_of(session_key="s1", account_id=account) is None
    assert visit(staff, account) != first
    leave_customer(session_key="s1", account_id=None, now=NOW)
    assert len(deeds("customer.open")) == 2
    assert not CustomerVisit.objects.filter(closed_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_customer_opened_twice_at_once_is_one_visit() -> None:
    person("jan")
    staff, account = post("jan"), an_account()
    with beside() as start:
        with transaction.atomic():
            first = visit(staff, account)
            running = start(lambda: visit(staff, account))
            until_it_waits(running)
        assert running.result() == first
    assert len(deeds("customer.open")) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "changes", "reason"),
    [
        (StaffRole.DISPATCH, {}, VisitRefusal.NOT_ALLOWED),
        (StaffRole.CLERK, {"reason": "  "}, VisitRefusal.NO_REASON),
        (StaffRole.CLERK, {"reason": "x" * 513}, VisitRefusal.REASON_TOO_LONG),
        (StaffRole.CLERK, {"account": 0}, VisitRefusal.UNKNOWN_ACCOUNT),
    ],
)
def test_a_customer_is_not_opened_without_right_or_reason(
    role: StaffRole, changes: dict[str, Any], reason: VisitRefusal
) -> None:
    person("jan")
    staff, account = post("jan", role), an_account()
    with pytest.raises(UnableToOpenCustomer) as refusal:
        visit(staff, **({"account": account} | changes))
    assert refusal.value.reason is reason
    assert deeds("customer.open") == []


@pytest.mark.django_db
def test_a_post_that_ends_closes_what_was_open() -> None:
    person("jan")
    staff, account = post("jan"), an_account()
    visit(staff, account)
    end_staff(username="jan", acting=STAFF, now=NOW)
    assert visit_of(session_key="s1", account_id=account) is None


@pytest.mark.django_db
def test_a_closed_login_reaches_nothing_and_nobody_through_it() -> None:
    account, anna, piotr = an_account(), person("anna", phone="+48600700800"), person("piotr")
    owns(anna, account)
    accept_invitation(user_id=piotr, code=invited(anna, account).code, today=TODAY, acting=by(piotr), now=NOW)
    invited(anna, account)
    Authenticator.objects.create(user_id=anna, type="totp", data={})
    close_login(user_id=anna, acting=by(anna), now=NOW)
    user = User.objects.get(id=anna)
    assert (user.username, user.email, user.phone, user.full_name) == (f"closed-{anna}", "", "", "")
    assert (user.is_active, user.closed_at, user.has_usable_password()) == (False, NOW, False)
    assert (reach(anna).account_ids, reach(piotr).account_ids) == (set(), set())
    assert not may_sign_in(user_id=anna)
    assert authenticate(username="anna", password="zielony traktor liczy gwiazdy") is None
    assert not has_owner(account_id=account, today=TODAY)
    assert not Invitation.objects.open(NOW).exists()
    assert not Authenticator.objects.exists()
    assert messages()[-2:] == [("login_closed", "anna@example.com"), ("grant_ended", "piotr@example.com")]
    assert len(deeds("user.close")) == 1
    with pytest.raises(UnableToClose):
        close_login(user_id=anna, acting=by(anna), now=NOW)


@pytest.mark.django_db
def test_a_closed_login_asks_for_nothing_any_more_and_its_name_is_free() -> None:
    account, anna, ewa = an_account(), person("anna"), person("ewa")
    owns(anna, account)
    owns(ewa, account)
    close_login(user_id=ewa, acting=by(ewa), now=NOW)
    assert waiting_requests(scope=WHOLE) == []
    assert person("ewa") != ewa
    with pytest.raises(UnableToCreateUser) as refusal:
        person("closed-7")
    assert refusal.value.reason is LoginRefusal.BAD_USERNAME


@pytest.mark.django_db
def test_staff_do_not_close_their_login_themselves() -> None:
    jan = person("jan")
    post("jan")
    with pytest.raises(UnableToClose):
        close_login(user_id=jan, acting=by(jan), now=NOW)


def run(*args: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    try:
        call_command(*args, stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue().strip()


@pytest.mark.django_db
def test_the_commands_give_a_login_a_post_and_end_it(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("zielony traktor liczy gwiazdy\n")
    make = ("create_staff", "ola", "--role", "clerk", "--password-file", str(tmp_path / "password"), "--json")
    code, said = run(*make)
    assert (code, json.loads(said)["role"]) == (0, "clerk")
    assert run(*make) == (0, said)
    assert run("create_staff", "ola", "--role", "billing", "--json") == (1, '{"error": "other_role"}')
    an_account()
    assert run("grant", "ola", "100001", "--json") == (1, '{"error": "staff_login"}')
    assert run("end_staff", "ola", "--json") == (0, '{"ended": true}')
    assert run("end_staff", "ola", "--json") == (1, '{"error": "not_staff"}')
    assert run("grant", "ola", "100001", "--role", "payer", "--json")[0] == 0
    assert Grant.objects.get().role == "payer"
    assert run("create_staff", "ola", "--role", "clerk", "--json") == (1, '{"error": "has_grants"}')


@pytest.mark.django_db
def test_a_post_that_cannot_be_leaves_no_login_behind(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("short\n")
    made = run("create_staff", "ola", "--role", "clerk", "--password-file", str(tmp_path / "password"), "--json")
    assert made[0] == 1
    assert not User.objects.exists()
