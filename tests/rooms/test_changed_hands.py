"""An account that changes hands: nothing of the former owner's time opens it, and nobody they left stays in."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ebok.access.domain import GrantRole
from ebok.access.models import AccessRequest, Grant
from ebok.access.operations import (
    GrantRefusal,
    UnableToGrant,
    close_login,
    decide_request,
    end_ownership,
    open_as_decided,
)
from ebok.access.queries import grants_of, has_owner, open_invitations, waiting_requests
from ebok.enrolment.domain import Delivery, ProofTicket
from ebok.enrolment.operations import (
    ActivationRefusal,
    NewLogin,
    UnableToActivate,
    activate,
    make_activation_code,
    order_letter_unseen,
    prove_by_invoice,
    prove_by_letter,
)
from ebok.enrolment.operations.activation import Activated
from ebok.enrolment.queries import letters_waiting
from ebok.foundation import clock
from tests.access import WHOLE, by, deeds, given, invited, managed, messages, owns, person
from tests.activation import ANYBODY, CLERK, NEWEST, NUMBER, PASSWORD, POSTAL_CODE, a_holder, account_id, her_invoices
from tests.portal.customers import an_invoice, in_days

pytestmark = pytest.mark.django_db


def by_invoice(number: str = NEWEST.number, gross: str = "108.00") -> ProofTicket | None:
    return prove_by_invoice(
        account_number=NUMBER, invoice_number=number, gross_total=Decimal(gross), acting=ANYBODY, now=clock.now()
    )


def by_code(code: str) -> ProofTicket | None:
    return prove_by_letter(account_number=NUMBER, code=code, acting=ANYBODY, now=clock.now())


def a_code() -> str:
    return make_activation_code(
        account_ids=[account_id()], delivery=Delivery.LETTER, acting=CLERK, now=clock.now()
    ).code


def opened(ticket: ProofTicket | None, login: str | int) -> Activated:
    assert ticket is not None
    made = NewLogin(username=login, password=PASSWORD, full_name="Anna Nowak") if isinstance(login, str) else login
    return activate(
        ticket=ticket, login=made, terms_version_id=None, today=clock.today(), acting=ANYBODY, now=clock.now()
    )


def an_owner() -> int:
    """Anna has owned the account for a year."""
    a_holder()
    anna = person("anna")
    owns(anna, account_id(), today=in_days(-365), now=clock.now() - timedelta(days=365))
    return anna


def leaves(owner: int, ends_on: date | None = None) -> None:
    held = Grant.objects.get(user_id=owner, revoked_at__isnull=True)
    end_ownership(
        scope=WHOLE, grant_id=held.id, ends_on=ends_on or clock.today(), reason="sprzedaż", today=clock.today(),
        acting=CLERK, now=clock.now(),
    )  # fmt: skip


# Invoices


def test_an_invoice_of_the_former_owner_proves_nothing_any_more() -> None:
    anna = an_owner()
    her_invoices()
    assert by_invoice() is not None
    leaves(anna)
    assert by_invoice() is None


def test_an_invoice_issued_since_proves_it_to_the_next() -> None:
    anna = an_owner()
    her_invoices()
    leaves(anna)
    an_invoice("FV/2026/12/000001", net="10.00", issued=clock.today())
    assert opened(by_invoice("FV/2026/12/000001", "10.80"), "bartek").owned == (NUMBER,)


def test_a_former_owner_never_gets_it_back_by_a_proof_but_asks_the_office() -> None:
    anna = an_owner()
    leaves(anna)
    again = opened(by_code(a_code()), anna)
    assert (again.owned, again.asked_for, again.asked_office) == ((), (), (NUMBER,))
    assert not has_owner(account_id=account_id(), today=clock.today())
    assert [asked.user_id for asked in waiting_requests(scope=WHOLE)] == [anna]
    assert waiting_requests(scope=managed(anna, clock.today())) == []


def test_a_former_owner_asks_the_next_one_where_there_is_one() -> None:
    anna = an_owner()
    leaves(anna)
    bartek = opened(by_code(a_code()), "bartek").user_id
    assert opened(by_code(a_code()), anna).asked_for == (NUMBER,)
    assert [asked.user_id for asked in waiting_requests(scope=managed(bartek, clock.today()))] == [anna]


def test_an_ownership_taken_back_ends_what_it_saw_and_closing_ones_login_does_not() -> None:
    a_holder()
    her_invoices()
    anna, jan = person("anna"), person("jan")
    owns(anna, account_id(), today=clock.today(), now=clock.now())
    close_login(user_id=anna, acting=by(anna), now=clock.now())
    ticket = by_invoice()
    assert opened(ticket, jan).owned == (NUMBER,)
    leaves(jan)
    assert by_invoice() is None


# Codes and proofs


def test_a_code_made_in_the_former_owners_time_opens_nothing() -> None:
    anna = an_owner()
    code = a_code()
    leaves(anna)
    assert by_code(code) is None


def test_a_proof_from_the_former_owners_time_opens_nothing() -> None:
    anna = an_owner()
    her_invoices()
    for ticket in (by_invoice(), by_code(a_code())):
        assert ticket is not None
    leaves(anna)
    with pytest.raises(UnableToActivate) as refused:
        opened(ticket, "bartek")
    assert refused.value.reason is ActivationRefusal.PROOF_GONE


def test_the_next_one_need_not_wait_for_a_letter_because_the_former_owner_had_one() -> None:
    anna = an_owner()
    order_letter_unseen(account_number=NUMBER, postal_code=POSTAL_CODE, acting=ANYBODY, now=clock.now())
    leaves(anna)
    order_letter_unseen(account_number=NUMBER, postal_code=POSTAL_CODE, acting=ANYBODY, now=clock.now())
    assert len(letters_waiting(now=clock.now())) == 1


def test_an_end_that_is_still_to_come_takes_nothing_from_anybody() -> None:
    anna = an_owner()
    code = a_code()
    leaves(anna, in_days(5))
    assert by_code(code) is not None


# Those who were let in


def test_whoever_the_office_let_in_leaves_with_the_owner() -> None:
    anna, zoe = an_owner(), person("zoe")
    given("zoe", NUMBER, GrantRole.FULL, today=in_days(-20), now=clock.now())
    invited(anna, account_id(), today=clock.today(), now=clock.now())
    leaves(anna)
    opened(by_code(a_code()), "bartek")
    assert grants_of(user_id=zoe, today=clock.today()).grants == ()
    assert open_invitations(scope=WHOLE, now=clock.now()) == []
    assert ("grant_ended", "zoe@example.com") in messages()


def test_while_another_owner_stays_only_what_the_one_gave_ends() -> None:
    anna, zoe, piotr = an_owner(), person("zoe"), person("piotr")
    given("piotr", NUMBER, GrantRole.OWNER, today=in_days(-20), now=clock.now())
    given("zoe", NUMBER, GrantRole.FULL, today=in_days(-20), now=clock.now())
    leaves(anna)
    assert [held.role for held in grants_of(user_id=zoe, today=clock.today()).grants] == [GrantRole.FULL]
    assert managed(piotr, clock.today()).account_ids == {account_id()}


def test_a_request_of_the_former_time_is_refused_when_somebody_else_takes_the_account() -> None:
    anna, ewa = an_owner(), person("ewa")
    owns(ewa, account_id(), today=clock.today(), now=clock.now())
    leaves(anna)
    assert len(waiting_requests(scope=WHOLE)) == 1
    opened(by_code(a_code()), "bartek")
    assert waiting_requests(scope=WHOLE) == []
    assert ("access_decided", "ewa@example.com") in messages()


def test_a_request_left_behind_never_makes_an_owner_less() -> None:
    anna, bartek = an_owner(), person("bartek")
    asked = owns(bartek, account_id(), today=clock.today(), now=clock.now()).request_id
    leaves(anna)
    owns(bartek, account_id(), today=clock.today(), now=clock.now())
    assert waiting_requests(scope=WHOLE) == []
    assert AccessRequest.objects.get().given == Grant.objects.get(user_id=bartek)
    AccessRequest.objects.update(decision="", decided_at=None)
    with pytest.raises(UnableToGrant) as refused:
        decide_request(
            scope=managed(bartek, clock.today()), request_id=asked, grant_as=GrantRole.READINGS, until=None, reason="",
            today=clock.today(), acting=by(bartek), now=clock.now(),
        )  # fmt: skip
    assert refused.value.reason is GrantRefusal.OWNERSHIP
    assert has_owner(account_id=account_id(), today=clock.today())


# Logins


def test_a_closed_login_is_given_nothing() -> None:
    a_holder()
    anna = person("anna")
    ticket = by_code(a_code())
    close_login(user_id=anna, acting=by(anna), now=clock.now())
    with pytest.raises(UnableToActivate) as refused:
        opened(ticket, anna)
    assert refused.value.reason is ActivationRefusal.CLOSED_LOGIN
    with pytest.raises(UnableToGrant) as no:
        given(f"closed-{anna}", NUMBER, GrantRole.FULL, today=clock.today())
    assert no.value.reason is GrantRefusal.CLOSED_LOGIN
    assert Grant.objects.count() == 0


# Applications


def decided(user_id: int, role: GrantRole) -> None:
    open_as_decided(
        account_id=account_id(), user_id=user_id, role=role, ground="wniosek", today=clock.today(), acting=CLERK,
        now=clock.now(),
    )  # fmt: skip


def test_an_accepted_application_never_takes_what_one_has() -> None:
    an_owner()
    zoe = person("zoe")
    given("zoe", NUMBER, GrantRole.FULL, today=clock.today(), now=clock.now())
    decided(zoe, GrantRole.READINGS)
    assert grants_of(user_id=zoe, today=clock.today()).role_on(account_id()) is GrantRole.FULL
    assert deeds("grant.revoke") == []


def test_what_an_accepted_application_replaces_is_on_record() -> None:
    an_owner()
    zoe = person("zoe")
    given("zoe", NUMBER, GrantRole.READINGS, today=clock.today(), now=clock.now())
    decided(zoe, GrantRole.FULL)
    assert grants_of(user_id=zoe, today=clock.today()).role_on(account_id()) is GrantRole.FULL
    assert [(row.subject, row.details["role"]) for row in deeds("grant.revoke")] == [(f"user:{zoe}", "readings")]
