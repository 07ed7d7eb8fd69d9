"""Whatever is decided in whatever order, the ledger says what a small model says, and its chain holds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.terms.domain import (
    ConsentBasis,
    ConsentChannel,
    ConsentDecision,
    ConsentDeed,
    OfferedConsent,
    StandingState,
    TermsKind,
)
from ebok.terms.models import ConsentEntry as Row
from ebok.terms.operations import (
    ConsentRefusal,
    UnableToRecordConsent,
    change_consent_address,
    give_consent,
    publish_terms,
    take_consents,
    withdraw_consent,
)
from ebok.terms.queries import broken_consents, consent_history, standings_on
from tests.billing import an_account

START = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLERK = Actor(kind=ActorKind.STAFF, name="5")
WHOLE = CustomerScope.whole(acting="tests")
DECISION = ConsentDecision.E_INVOICE
MAILS = st.sampled_from(["a@example.com", "b@example.com", "c@example.com"])
DAYS_AGO = st.integers(0, 6)
IDS = st.sampled_from(["Z1", "Z2", "Z3", "Z4"])
WAYS = st.sampled_from([(ConsentChannel.ONLINE, ConsentBasis.CODE), (ConsentChannel.PAPER, ConsentBasis.SIGNED_FORM)])

Said = tuple[date, str, str]
"""One event of the model: the day it counts from, what was done, the address."""


class Consents(RuleBasedStateMachine):
    """One account's acceptance, beside a model that is three words and a list."""

    @initialize()
    def begin(self) -> None:
        self.moves = transaction.atomic()
        self.moves.__enter__()
        self.account = an_account(f"S{Row.objects.count()}")
        self.today, self.now = START, NOW
        self.address = ""
        self.decided: date | None = None
        self.told: date | None = None
        self.events: list[Said] = []
        self.taken: dict[str, tuple[date, str]] = {}
        self.ended: dict[str, date] = {}
        self.over: set[str] = set()
        self.version = publish_terms(
            text="Akceptuję.", title="Zgoda", version="1", valid_from=START, today=START, acting=CLERK, now=NOW,
            kind=TermsKind.E_INVOICE,
        ).id  # fmt: skip

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.moves.__exit__(None, None, None)

    def asked(self, **more: Any) -> dict[str, Any]:
        return {
            "scope": WHOLE, "account_id": self.account, "decision": DECISION, "person": "Anna", "evidence": "",
            "today": self.today, "acting": CLERK, "now": self.now,
        } | more  # fmt: skip

    def note(self, deed: str, address: str, said_on: date) -> None:
        self.events.append((self.today, deed, address))
        self.over |= self.taken.keys() if deed == "withdrawn" else set()
        self.address, self.told = address, said_on
        self.decided = self.decided if deed == "changed" else said_on

    def expect(self, reason: ConsentRefusal | None, call: Any, **more: Any) -> None:
        before = Row.objects.count()
        if reason is None:
            call(**self.asked(**more))
            assert Row.objects.count() == before + 1
            return
        with pytest.raises(UnableToRecordConsent) as refused:
            call(**self.asked(**more))
        assert refused.value.reason is reason
        assert Row.objects.count() == before

    def clash(self, said_on: date) -> ConsentRefusal | None:
        late = self.decided is not None and said_on < self.decided
        return ConsentRefusal.LATER_DECISION if late else None

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.now += timedelta(days=days)

    @rule(mail=MAILS, ago=DAYS_AGO, way=WAYS)
    def give(self, mail: str, ago: int, way: tuple[ConsentChannel, ConsentBasis]) -> None:
        said_on = self.today - timedelta(days=ago)
        reason = ConsentRefusal.ALREADY_GIVEN if self.address else self.clash(said_on)
        self.expect(
            reason, give_consent, version_id=self.version, channel=way[0], basis=way[1], address=mail, given_on=said_on
        )
        if reason is None:
            self.note("given", mail, said_on)

    @rule(mail=MAILS, ago=DAYS_AGO, way=WAYS)
    def change(self, mail: str, ago: int, way: tuple[ConsentChannel, ConsentBasis]) -> None:
        said_on = self.today - timedelta(days=ago)
        reason = None if self.address else ConsentRefusal.NOT_GIVEN
        if self.address == mail:
            reason = ConsentRefusal.SAME_ADDRESS
        elif self.address and (self.clash(said_on) or (self.told is not None and said_on < self.told)):
            reason = ConsentRefusal.LATER_DECISION
        self.expect(reason, change_consent_address, channel=way[0], basis=way[1], address=mail, given_on=said_on)
        if reason is None:
            self.note("changed", mail, said_on)

    @rule(ago=DAYS_AGO, channel=st.sampled_from([ConsentChannel.LINK, ConsentChannel.PAPER]))
    def withdraw(self, ago: int, channel: ConsentChannel) -> None:
        said_on = self.today - timedelta(days=ago)
        reason = self.clash(said_on) if self.address else ConsentRefusal.NOT_GIVEN
        self.expect(reason, withdraw_consent, channel=channel, given_on=said_on)
        if reason is None:
            self.note("withdrawn", "", said_on)

    @rule(reference=IDS, mail=MAILS, ago=DAYS_AGO, lasted=st.one_of(st.none(), st.integers(-1, 4)))
    def import_one(self, reference: str, mail: str, ago: int, lasted: int | None) -> None:
        given_on = self.today - timedelta(days=ago)
        ended_on = None if lasted is None else given_on + timedelta(days=lasted)
        offered = OfferedConsent(
            reference=reference, account_id=self.account, decision=DECISION, given_on=given_on, withdrawn_on=ended_on,
            address=mail, wording="1", evidence="",
        )  # fmt: skip
        expected = self.import_by_the_model(reference, mail, given_on, ended_on)
        for times in range(2):
            [outcome] = take_consents(offered=[offered], today=self.today, acting=CLERK, now=self.now)
            assert outcome == (0 if times and isinstance(expected, int) else expected)

    def import_by_the_model(
        self, reference: str, mail: str, given_on: date, ended_on: date | None
    ) -> int | ConsentRefusal:
        entries = len(self.events)
        refusal = self.unfit(reference, mail, given_on, ended_on)
        if not refusal and not ({reference} & (self.taken.keys() | self.ended.keys())) and self.address != mail:
            refusal = self.import_giving(reference, mail, given_on)
        done = self.ended.keys() | self.over
        if not refusal and ended_on is not None and reference not in done and self.address:
            refusal = self.import_withdrawal(reference, ended_on)
        return refusal or len(self.events) - entries

    def unfit(self, reference: str, mail: str, given_on: date, ended_on: date | None) -> ConsentRefusal | None:
        if ended_on is not None and ended_on < given_on:
            return ConsentRefusal.WITHDRAWN_FIRST
        if ended_on is not None and ended_on > self.today:
            return ConsentRefusal.IN_THE_FUTURE
        other = self.taken.get(reference, (given_on, mail)) != (given_on, mail)
        other_end = reference in self.ended and ended_on not in {None, self.ended[reference]}
        return ConsentRefusal.OTHER_CONTENT if other or other_end else None

    def import_giving(self, reference: str, mail: str, given_on: date) -> ConsentRefusal | None:
        last = self.told if self.address else self.decided
        if last is not None and given_on < last:
            return ConsentRefusal.LATER_DECISION
        self.over |= self.taken.keys() if self.address else set()
        self.note("changed" if self.address else "given", mail, given_on)
        self.taken[reference] = (given_on, mail)
        return None

    def import_withdrawal(self, reference: str, ended_on: date) -> ConsentRefusal | None:
        refusal = self.clash(ended_on)
        if refusal is None:
            self.note("withdrawn", "", ended_on)
            self.ended[reference] = ended_on
        return refusal

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        entries = consent_history(scope=WHOLE, account_id=self.account)
        assert [(one.effective_from, one.deed.value, one.address) for one in entries] == self.events
        assert all(one.given_on <= one.recorded_at.date() <= one.effective_from for one in entries)
        days = [self.today - timedelta(days=n) for n in range(12)]
        found = standings_on(wanted=[(self.account, day) for day in days])
        for day in days:
            assert found[self.account, day].in_force == self.in_force_on(day)
        today = found[self.account, self.today]
        assert (today.state is StandingState.IN_FORCE, today.address) == (bool(self.address), self.address)

    def in_force_on(self, day: date) -> bool:
        decided = [deed for since, deed, _ in self.events if since <= day and deed != ConsentDeed.CHANGED.value]
        return bool(decided) and decided[-1] == ConsentDeed.GIVEN.value

    @invariant()
    def the_chain_holds(self) -> None:
        assert broken_consents() == []


@pytest.mark.django_db
def test_any_sequence_of_decisions_leaves_the_ledger_as_the_model_says() -> None:
    run_state_machine_as_test(
        Consents,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
