"""A PESEL is kept nowhere in clear: not in an application, its steps, an invitation, or a decision."""

from dataclasses import replace

import pytest

from ebok.access.models import Invitation
from ebok.access.operations import InvitationRefusal, UnableToInvite
from ebok.customers.domain import CustomerScope, DataField
from ebok.customers.models import DataChangeDecision
from ebok.customers.operations import DataRefusal, UnableToDecideData, ask_for_data_change, decide_data_change
from ebok.enrolment.models import Application, ApplicationStep
from ebok.enrolment.operations import (
    ApplicationRefusal,
    UnableToApply,
    answer_question,
    ask_applicant,
    refuse_application,
)
from ebok.kernel.identifiers import holds_pesel
from tests.access import NOW, STAFF, by, invited, owns, person
from tests.billing import an_account
from tests.enrolment import ANYBODY, PERSON, PESEL, a_draft, decide, sent

pytestmark = pytest.mark.django_db
WRITTEN = pytest.mark.parametrize("words", [f"PESEL {PESEL}", "440514 01359", "440514-01359, proszę"])


@WRITTEN
def test_an_application_gives_no_pesel_as_its_ground(words: str) -> None:
    with pytest.raises(UnableToApply) as refused:
        a_draft(replace(PERSON, ground=words))
    assert refused.value.reason is ApplicationRefusal.WORDS
    assert Application.objects.get().ground == ""


@WRITTEN
def test_no_step_of_an_application_says_one(words: str) -> None:
    asked_of = sent().application_id
    for step, said in ((ask_applicant, {"question": words}), (refuse_application, {"reason": words})):
        with pytest.raises(UnableToApply):
            decide(step, asked_of, **said)
    with pytest.raises(UnableToApply):
        decide(ask_applicant, asked_of, question="Kim są Państwo?", note=words)
    decide(ask_applicant, asked_of, question="Kim są Państwo?")
    with pytest.raises(UnableToApply):
        answer_question(application_id=asked_of, answer=words, acting=ANYBODY, now=NOW)
    assert not any(holds_pesel(f"{step.words} {step.note}") for step in ApplicationStep.objects.all())


@WRITTEN
@pytest.mark.parametrize("field", ["invitee", "ground"])
def test_no_invitation_has_one(words: str, field: str) -> None:
    account_id, anna = an_account(), person("anna")
    owns(anna, account_id)
    with pytest.raises(UnableToInvite) as refused:
        invited(anna, account_id, **{field: words})
    assert refused.value.reason is InvitationRefusal.PESEL
    assert not Invitation.objects.exists()


@WRITTEN
def test_no_decision_gives_one_as_its_reason(words: str) -> None:
    account_id, scope = an_account(), CustomerScope.whole(acting="tests")
    request_id = ask_for_data_change(
        scope=scope, account_id=account_id, what=DataField.NAME, wanted="Anna Kowalska", why="ślub", asked_by=1,
        acting=by(1), now=NOW,
    )  # fmt: skip
    with pytest.raises(UnableToDecideData) as refused:
        decide_data_change(scope=scope, request_id=request_id, approve=False, reason=words, acting=STAFF, now=NOW)
    assert refused.value.reason is DataRefusal.PESEL
    assert not DataChangeDecision.objects.exists()


def test_a_number_of_eleven_digits_that_is_none_may_be_written() -> None:
    assert not holds_pesel("faktura 12345678901, tel. 600 100 200")
