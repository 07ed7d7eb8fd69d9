"""What a holder signed before the registry named another counts for nothing, however late it is found or told."""

from datetime import date

import pytest

from ebok.customers.domain import RegistryRow
from ebok.interchange.operations.registry.holders import change_accounts
from ebok.terms.domain import ConsentBasis, ConsentChannel, OfferedConsent, StandingState
from ebok.terms.operations import ConsentRefusal, take_consents
from tests.billing import an_account
from tests.rooms.test_consents import ANNA, DAY, E_INVOICE, NOW, TODAY, change, give, on_paper, refused, state, wording

pytestmark = pytest.mark.django_db
PAPER = {"channel": ConsentChannel.PAPER, "basis": ConsentBasis.SIGNED_FORM}


def handed_over() -> int:
    """Anna Nowak's account, which the registry says today to be Ewa Lis's."""
    account = an_account(pesel_hmac=b"p" * 32)
    row = RegistryRow(line=1, key="100001", values={"name": "Ewa Lis", "pesel_hmac": b"e" * 32})
    change_accounts(rows=[row], acting=ANNA, now=NOW)
    return account


def told(account: int, given_on: date, withdrawn_on: date | None = None) -> int | ConsentRefusal:
    offered = OfferedConsent(
        reference="Z-1", account_id=account, decision=E_INVOICE, given_on=given_on, withdrawn_on=withdrawn_on,
        address="anna@example.com", wording="1", evidence="",
    )  # fmt: skip
    [outcome] = take_consents(offered=[offered], today=TODAY, acting=ANNA, now=NOW)
    return outcome


def test_a_form_found_later_is_refused_and_leaves_no_trace() -> None:
    account, text = handed_over(), wording()
    refused(ConsentRefusal.FORMER_HOLDER, on_paper, account, text, TODAY - DAY)
    assert state(account)[0] is StandingState.NEVER


def test_a_form_the_new_holder_signed_before_the_registry_knew_them_is_taken() -> None:
    account, text = handed_over(), wording()
    assert on_paper(account, text, TODAY - DAY, person="LIS ewa").effective_from == TODAY
    refused(ConsentRefusal.FORMER_HOLDER, change, account, "anna2@example.com", given_on=TODAY - DAY, **PAPER)


def test_the_billing_system_tells_of_the_holder_before_in_vain() -> None:
    account = handed_over()
    assert told(account, TODAY - DAY) is ConsentRefusal.FORMER_HOLDER
    assert told(account, TODAY - 3 * DAY, TODAY - DAY) is ConsentRefusal.FORMER_HOLDER
    assert state(account)[0] is StandingState.NEVER
    assert told(account, TODAY) == 1


def test_what_is_in_force_already_stays_when_an_older_form_says_the_same() -> None:
    account, text = handed_over(), wording()
    give(account, text)
    assert told(account, TODAY - DAY) == 0
    assert state(account) == (StandingState.IN_FORCE, "anna@example.com")


def test_where_nobody_else_was_ever_named_a_form_of_any_day_counts() -> None:
    account, text = an_account(), wording()
    assert on_paper(account, text, TODAY - 900 * DAY, person="Ktoś Inny").given_on == TODAY - 900 * DAY
