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
from ebok.customers.domain import RegistryRow
from ebok.customers.operations import pesel_digest, register_accounts
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
from tests.activation import (
    ANYBODY,
    CLERK,
    NEWEST,
    NUMBER,
    PASSWORD,
    PESEL,
    POSTAL_CODE,
    a_holder,
    account_id,
    her_invoices,
)
from tests.billing import fa3
from tests.portal.customers import an_invoice, book, in_days

pytestmark = pytest.mark.django_db
EWAS, JANS = "90090515836", "02070803628"


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


# A handover that the registry alone tells


def renamed(name: str = "Ewa Lis", *, pesel: str = EWAS, days_ago: int = 0) -> None:
    """The registry names this holder of the account."""
    values = {"name": name, "pesel_hmac": pesel_digest(pesel=pesel)}
    now = clock.now() - timedelta(days=days_ago)
    register_accounts(rows=[RegistryRow(line=1, key=NUMBER, values=values)], acting=CLERK, now=now)


def papers_of(user_id: int) -> list[date | None]:
    return [held.window.since for held in grants_of(user_id=user_id, today=clock.today()).grants]


def test_an_invoice_of_the_holder_before_proves_nothing_once_the_registry_names_another() -> None:
    a_holder()
    her_invoices()
    assert by_invoice() is not None
    renamed()
    assert by_invoice() is None


def test_a_new_name_of_the_same_holder_takes_nothing_from_anybody() -> None:
    a_holder()
    her_invoices()
    code, waiting = a_code(), by_invoice()
    renamed("Anna Kos", pesel=PESEL)
    assert by_invoice() is not None
    assert by_code(code) is not None
    assert papers_of(opened(waiting, "anna").user_id) == [None]


def test_the_last_bill_of_whoever_went_proves_nothing_though_it_is_issued_later() -> None:
    a_holder()
    renamed(days_ago=5)
    left = in_days(-5)
    book(
        ("a.xml", fa3("FV/LAST", net="10.00", issued=in_days(-1), period=(in_days(-60), left - timedelta(days=1)))),
        ("b.xml", fa3("FV/NEXT", net="20.00", issued=in_days(-1), period=(left, in_days(-1)))),
    )
    assert by_invoice("FV/LAST", "10.80") is None
    assert by_invoice("FV/NEXT", "21.60") is not None


def test_codes_and_proofs_of_the_time_of_the_holder_before_open_nothing() -> None:
    a_holder()
    her_invoices()
    code, by_number, by_letter = a_code(), by_invoice(), by_code(a_code())
    renamed()
    assert by_code(code) is None
    assert letters_waiting(now=clock.now()) == []
    for ticket in (by_number, by_letter):
        with pytest.raises(UnableToActivate) as refused:
            opened(ticket, "bartek")
        assert refused.value.reason is ActivationRefusal.PROOF_GONE


def test_the_new_holder_is_opened_the_papers_from_the_day_on_which_the_registry_named_them() -> None:
    a_holder()
    renamed(days_ago=10)
    ewa = opened(by_code(a_code()), "ewa").user_id
    assert papers_of(ewa) == [in_days(-10)]


def test_of_the_day_an_owner_left_and_the_day_the_registry_named_another_the_later_counts() -> None:
    owner = an_owner()
    leaves(owner, in_days(-3))
    renamed(days_ago=10)
    assert papers_of(opened(by_code(a_code()), "ewa").user_id) == [in_days(-3)]
    leaves(Grant.objects.get(user__username="ewa").user_id)
    renamed("Jan Bury", pesel=JANS, days_ago=-1)
    jan = person("jan")
    owns(jan, account_id(), today=in_days(1), now=clock.now() + timedelta(days=1))
    assert [held.documents_from for held in Grant.objects.filter(user_id=jan)] == [in_days(1)]


def test_an_owner_who_is_there_keeps_what_they_see_and_shows_it_to_whom_they_let_in() -> None:
    anna, zoe, jan, ola = an_owner(), person("zoe"), person("jan"), person("ola")
    given("zoe", NUMBER, GrantRole.FULL, today=in_days(-20), now=clock.now())
    asked = owns(jan, account_id(), today=clock.today(), now=clock.now()).request_id
    renamed("Anna Nowakk", pesel=EWAS, days_ago=1)
    decide_request(
        scope=managed(anna, clock.today()), request_id=asked, grant_as=GrantRole.INVOICES, until=None, reason="",
        today=clock.today(), acting=by(anna), now=clock.now(),
    )  # fmt: skip
    given("ola", NUMBER, GrantRole.INVOICES, today=clock.today(), now=clock.now())
    assert [papers_of(one) for one in (anna, zoe, jan)] == [[None], [None], [None]]
    assert papers_of(ola) == [in_days(-1)]
    owns(anna, account_id(), today=clock.today(), now=clock.now())
    assert papers_of(anna) == [None]


def test_a_lesser_role_that_the_office_gives_opens_nothing_of_the_holder_before_either() -> None:
    a_holder()
    renamed(days_ago=7)
    zoe = person("zoe")
    decided(zoe, GrantRole.INVOICES)
    assert papers_of(zoe) == [in_days(-7)]


def test_whoever_was_the_holder_before_last_comes_back_as_a_new_one() -> None:
    a_holder()
    renamed(days_ago=9)
    renamed("Anna Nowak", pesel=PESEL, days_ago=4)
    assert papers_of(opened(by_code(a_code()), "anna").user_id) == [in_days(-4)]
