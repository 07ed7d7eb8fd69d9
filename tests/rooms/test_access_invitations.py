"""Somebody is invited to an account: by a code that travels, works once, and ends with the owner."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from ebok.access.domain import AccountAction, GrantRole, StaffRole, grouped
from ebok.access.models import Grant, Invitation, User
from ebok.access.operations import (
    InvitationRefusal,
    UnableToInvite,
    accept_invitation,
    end_ownership,
    make_staff,
    withdraw_invitation,
)
from ebok.access.operations.newcomers import join_by_invitation
from ebok.access.queries import invitation_by_code, open_invitations
from ebok.customers.domain import CustomerScope
from ebok.notifications.models import OutgoingMessage
from ebok.terms.queries import accepted
from tests.access import (
    NOW,
    PASSWORD,
    STAFF,
    TODAY,
    WHOLE,
    by,
    deeds,
    given,
    invited,
    managed,
    messages,
    owns,
    person,
    reach,
)
from tests.billing import an_account
from tests.concurrency import beside, until_it_waits
from tests.enrolment import the_terms

NOBODY = CustomerScope.for_accounts(frozenset(), reason="tests")
MONTH = timedelta(days=30)


@pytest.fixture
def account(db: None) -> int:
    return an_account()


@pytest.fixture
def anna(account: int) -> int:
    anna = person("anna")
    owns(anna, account)
    return anna


def accept(user_id: int, code: str, **more: Any) -> Any:
    return accept_invitation(user_id=user_id, code=code, **({"today": TODAY, "acting": by(user_id), "now": NOW} | more))


def refusal_of(call: Any) -> InvitationRefusal:
    with pytest.raises(UnableToInvite) as refusal:
        call()
    return refusal.value.reason


def test_an_invitation_by_email_carries_its_code_and_opens_the_role(account: int, anna: int) -> None:
    sent = invited(anna, account, channel="email", recipient="piotr@example.com")
    message = OutgoingMessage.objects.get(kind="invitation")
    assert (message.recipient, message.context["code"]) == ("piotr@example.com", sent.code)
    assert bytes(Invitation.objects.get().code_hmac) != sent.code.encode()
    piotr = person("piotr")
    accept(piotr, grouped(sent.code).lower())
    assert reach(piotr, AccountAction.PAY).account_ids == {account}
    assert messages()[-1] == ("invitation_accepted", "anna@example.com")
    assert [row.result for row in deeds("invitation.accept")] == ["ok"]


def test_an_invitation_on_paper_is_sent_to_nobody(account: int, anna: int) -> None:
    sent = invited(anna, account)
    assert messages() == []
    (standing,) = open_invitations(scope=managed(anna), now=NOW)
    assert (standing.invitee, standing.channel, standing.recipient) == ("Piotr Zięba", "paper", "")
    assert open_invitations(scope=NOBODY, now=NOW) == []
    offer = invitation_by_code(code=grouped(sent.code), now=NOW)
    assert offer == standing
    assert invitation_by_code(code="", now=NOW) is None


def test_an_sms_is_refused_without_a_carrier(account: int, anna: int, settings: Settings) -> None:
    def by_sms() -> Any:
        return invited(anna, account, channel="sms", recipient="+48600700800")

    settings.EBOK_SMS_URL = ""
    assert refusal_of(by_sms) is InvitationRefusal.BAD_RECIPIENT
    settings.EBOK_SMS_URL = "file:"
    by_sms()
    assert messages() == [("invitation", "+48600700800")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"role": GrantRole.OWNER}, InvitationRefusal.OWNER_ROLE),
        ({"invitee": "BOK bok.pl"}, InvitationRefusal.BAD_NAME),
        ({"until": TODAY}, InvitationRefusal.ENDS_BEFORE_IT_STARTS),
        ({"channel": "email", "recipient": "piotr"}, InvitationRefusal.BAD_RECIPIENT),
    ],
)
def test_an_invitation_that_cannot_be_is_refused(account: int, anna: int, changes: dict[str, Any], reason: str) -> None:
    assert refusal_of(lambda: invited(anna, account, **changes)) == reason
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [role for role in GrantRole if role is not GrantRole.OWNER])
def test_only_an_owner_invites(account: int, anna: int, role: GrantRole) -> None:
    jan = person("jan")
    given("jan", "100001", role)
    assert refusal_of(lambda: invited(jan, account)) is InvitationRefusal.NOT_THE_OWNER


def test_an_invitation_works_once_and_not_for_ever(account: int, anna: int) -> None:
    piotr, ewa = person("piotr"), person("ewa")
    sent = invited(anna, account)
    accept(piotr, sent.code)
    assert refusal_of(lambda: accept(ewa, sent.code)) is InvitationRefusal.NOT_FOUND
    late = invited(anna, account)
    assert refusal_of(lambda: accept(ewa, late.code, now=NOW + timedelta(days=14))) is InvitationRefusal.NOT_FOUND
    gone = invited(anna, account)
    withdraw_invitation(scope=managed(anna), invitation_id=gone.invitation_id, acting=by(anna), now=NOW)
    assert refusal_of(lambda: accept(ewa, gone.code)) is InvitationRefusal.NOT_FOUND
    assert reach(ewa).account_ids == set()


def test_only_an_open_invitation_in_reach_is_withdrawn(account: int, anna: int) -> None:
    sent = invited(anna, account)

    def withdraw(scope: CustomerScope) -> None:
        withdraw_invitation(scope=scope, invitation_id=sent.invitation_id, acting=by(anna), now=NOW)

    assert refusal_of(lambda: withdraw(NOBODY)) is InvitationRefusal.NOT_FOUND
    withdraw(managed(anna))
    assert refusal_of(lambda: withdraw(managed(anna))) is InvitationRefusal.NOT_FOUND


def test_five_tries_by_people_it_cannot_serve_use_it_up(account: int, anna: int) -> None:
    sent = invited(anna, account)
    for _ in range(5):
        assert refusal_of(lambda: accept(anna, sent.code)) is InvitationRefusal.ALREADY_GRANTED
    assert refusal_of(lambda: accept(person("piotr"), sent.code)) is InvitationRefusal.NOT_FOUND
    assert len(deeds("invitation.accept")) == 5


def test_staff_and_former_owners_do_not_accept(account: int, anna: int) -> None:
    ewa, piotr = person("ewa"), person("piotr")
    make_staff(username="piotr", role=StaffRole.CLERK, acting=STAFF, now=NOW)
    Grant.objects.create(
        user_id=ewa, account_id=account, role="owner", starts_on=TODAY - 2 * MONTH, ends_on=TODAY - MONTH,
        ground="umowa", given_by="tests", given_at=NOW,
    )  # fmt: skip
    sent = invited(anna, account)
    assert refusal_of(lambda: accept(piotr, sent.code)) is InvitationRefusal.STAFF_LOGIN
    assert refusal_of(lambda: accept(ewa, sent.code)) is InvitationRefusal.FORMER_OWNER


def test_an_invitation_dies_with_the_ownership_and_gives_no_more_than_it(account: int, anna: int) -> None:
    piotr, ewa = person("piotr"), person("ewa")
    first, second = invited(anna, account, until=TODAY + 12 * MONTH), invited(anna, account)
    Grant.objects.filter(user_id=anna).update(ends_on=TODAY + MONTH)
    accept(piotr, first.code)
    assert Grant.objects.get(user_id=piotr).ends_on == TODAY + MONTH
    later = {"today": TODAY + MONTH}
    assert refusal_of(lambda: accept(ewa, second.code, **later)) is InvitationRefusal.NOT_THE_OWNER
    mine = Grant.objects.get(user_id=anna)
    end_ownership(scope=WHOLE, grant_id=mine.id, ends_on=TODAY, reason="", today=TODAY, acting=STAFF, now=NOW)
    assert open_invitations(scope=WHOLE, now=NOW) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_wins() -> None:
    account, anna, ewa, piotr = an_account(), person("anna"), person("ewa"), person("piotr")
    owns(anna, account)
    sent = invited(anna, account)
    with beside() as start:
        with transaction.atomic():
            accept(piotr, sent.code)
            running = start(lambda: refusal_of(lambda: accept(ewa, sent.code)))
            until_it_waits(running)
        assert running.result() is InvitationRefusal.NOT_FOUND
    assert Grant.objects.filter(role="payer").count() == 1


def join(code: str, terms_id: int | None = None) -> int:
    return join_by_invitation(
        code=code, username="nowa", password=PASSWORD, full_name="Nowa", email="", terms_id=terms_id, today=TODAY,
        acting=STAFF, now=NOW,
    )  # fmt: skip


def test_a_try_that_made_no_login_still_costs_one(account: int, anna: int) -> None:
    sent = invited(anna, account)
    Grant.objects.filter(user_id=anna).update(starts_on=TODAY - MONTH, ends_on=TODAY)
    assert refusal_of(lambda: join(sent.code)) is InvitationRefusal.NOT_THE_OWNER
    assert Invitation.objects.get().tries == 1
    assert [row.result for row in deeds("invitation.accept")] == ["not_the_owner"]
    assert not User.objects.filter(username="nowa").exists()


def test_a_new_login_accepts_the_regulations_in_force_and_no_other(account: int, anna: int) -> None:
    sent, terms = invited(anna, account), the_terms()
    for other in (None, terms.id + 1):
        assert refusal_of(lambda wrong=other: join(sent.code, wrong)) is InvitationRefusal.TERMS
    assert (Invitation.objects.get().tries, User.objects.filter(username="nowa").count()) == (0, 0)
    made = join(sent.code, terms.id)
    assert [one.version_id for one in accepted(who=f"user:{made}")] == [terms.id]
