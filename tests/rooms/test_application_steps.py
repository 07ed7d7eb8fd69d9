"""Any steps in any order: the application stands where a small model says, and its history tells the same."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ebok.customers.models import CustomerAccount
from ebok.enrolment.domain.applications import ApplicantKind, ApplicationState, StepKind, after
from ebok.enrolment.models import ActivationCode, Application
from ebok.enrolment.operations import (
    UnableToApply,
    accept_application,
    answer_question,
    ask_applicant,
    confirm_application,
    refuse_application,
    withdraw_application,
)
from tests.billing import an_account
from tests.enrolment import ANYBODY, NOW, ORGANIZATION, PERSON, clerk, decide, seen, sent, the_terms

CLERKS = st.sampled_from(["basia", "celina"])


class Steps(RuleBasedStateMachine):
    """Two clerks and an applicant do whatever they like to one application."""

    @initialize(kind=st.sampled_from(ApplicantKind))
    def begin(self, kind: ApplicantKind) -> None:
        self.kind = kind
        self.application = sent(PERSON if kind is ApplicantKind.PERSON else ORGANIZATION).application_id
        self.state, self.steps, self.first = ApplicationState.RECEIVED, [StepKind.SUBMITTED], ""

    def tries(self, step: StepKind, *, possible: bool, does) -> bool:
        """Try a step; it is taken exactly when the model says so."""
        expected = after(state=self.state, step=step, needs_two=self.kind is ApplicantKind.ORGANIZATION)
        if expected is None or not possible:
            with pytest.raises(UnableToApply):
                does()
            return False
        does()
        self.state = expected
        self.steps.append(step)
        return True

    @rule(by=CLERKS)
    def ask(self, by: str) -> None:
        if self.tries(
            StepKind.ASKED, possible=True, does=lambda: decide(ask_applicant, self.application, by=by, question="?")
        ):
            self.first = ""

    @rule(by=CLERKS)
    def accept(self, by: str) -> None:
        def does() -> None:
            decide(accept_application, self.application, by=by, account_ids=[CustomerAccount.objects.get().pk])

        if self.tries(StepKind.ACCEPTED, possible=True, does=does):
            self.first = by

    @rule(by=CLERKS)
    def confirm(self, by: str) -> None:
        self.tries(
            StepKind.CONFIRMED,
            possible=by != self.first,
            does=lambda: decide(confirm_application, self.application, by=by),
        )

    @rule(by=CLERKS)
    def refuse(self, by: str) -> None:
        self.tries(
            StepKind.REFUSED,
            possible=True,
            does=lambda: decide(refuse_application, self.application, by=by, reason="x"),
        )

    @rule()
    def answer(self) -> None:
        self.tries(
            StepKind.ANSWERED,
            possible=True,
            does=lambda: answer_question(application_id=self.application, answer="x", acting=ANYBODY, now=NOW),
        )

    @rule()
    def withdraw(self) -> None:
        self.tries(
            StepKind.WITHDRAWN,
            possible=True,
            does=lambda: withdraw_application(application_id=self.application, acting=ANYBODY, now=NOW),
        )

    @invariant()
    def stands_where_the_model_says(self) -> None:
        if not hasattr(self, "state"):
            return
        view = seen(self.application)
        assert (view.state, [step.kind for step in view.steps]) == (self.state, self.steps)
        codes = ActivationCode.objects.filter(application_id=self.application).count()
        assert codes == (self.state is ApplicationState.ACCEPTED)
        row = Application.objects.get(id=self.application)
        if self.state is ApplicationState.ACCEPTED and self.kind is ApplicantKind.ORGANIZATION:
            assert {row.accepted_by_id, row.confirmed_by_id} == {clerk("basia"), clerk("celina")}


@pytest.mark.django_db
def test_any_steps_in_any_order() -> None:
    an_account()
    the_terms()
    quick = settings(max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Steps, settings=quick)
