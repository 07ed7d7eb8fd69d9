"""Which way an invoice goes, and where it is on its way."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ebok.einvoicing.domain import (
    TOKEN_LENGTH,
    Carrier,
    Channel,
    DeliveryFacts,
    DeliveryPolicy,
    DeliveryState,
    MailStage,
    SendingStage,
    Way,
    WayReason,
    decide_way,
    delivery_state,
    new_token,
)
from ebok.einvoicing.domain.wording import CHANNEL, REASON, STATE
from ebok.terms.domain import ConsentDecision, ConsentStanding, StandingState
from tests.billing import NOW

DAY = date(2026, 11, 23)
HERE = DeliveryPolicy(since=DAY, prints=True)
NOTHING_YET = DeliveryPolicy(since=None, prints=True)
PRINTED_ELSEWHERE = DeliveryPolicy(since=DAY, prints=False)


def standing(state: StandingState) -> ConsentStanding:
    entry = None if state is StandingState.NEVER else 7
    return ConsentStanding(decision=ConsentDecision.E_INVOICE, state=state, entry_id=entry, address="a@b.example")


STANDINGS = st.sampled_from(StandingState).map(standing)
POLICIES = st.builds(DeliveryPolicy, since=st.none() | st.dates(), prints=st.booleans())


def way(
    *, nip: bool = False, state: StandingState = StandingState.IN_FORCE, fails: bool = False,
    policy: DeliveryPolicy = HERE, day: date = DAY,
) -> Way:  # fmt: skip
    return decide_way(buyer_has_nip=nip, issue_date=day, acceptance=standing(state), address_fails=fails, policy=policy)


@pytest.mark.parametrize(
    ("chosen", "channel", "reason", "carrier", "copy"),
    [
        (way(), Channel.EMAIL, WayReason.ACCEPTED, Carrier.EBOK, False),
        (way(state=StandingState.NEVER), Channel.PAPER, WayReason.NOT_ACCEPTED, Carrier.EBOK, False),
        (way(state=StandingState.WITHDRAWN), Channel.PAPER, WayReason.WITHDRAWN, Carrier.EBOK, False),
        (way(state=StandingState.LATER), Channel.PAPER, WayReason.ACCEPTED_LATER, Carrier.EBOK, False),
        (way(fails=True), Channel.PAPER, WayReason.ADDRESS_FAILS, Carrier.EBOK, False),
        (way(nip=True), Channel.KSEF, WayReason.BUYER_WITH_NIP, Carrier.BILLING, True),
        (way(nip=True, fails=True), Channel.KSEF, WayReason.BUYER_WITH_NIP, Carrier.BILLING, False),
        (way(nip=True, state=StandingState.NEVER), Channel.KSEF, WayReason.BUYER_WITH_NIP, Carrier.BILLING, False),
        (way(nip=True, policy=NOTHING_YET), Channel.KSEF, WayReason.BUYER_WITH_NIP, Carrier.BILLING, False),
        (way(policy=NOTHING_YET), Channel.EMAIL, WayReason.ACCEPTED, Carrier.BILLING, False),
        (way(day=DAY - timedelta(days=1)), Channel.EMAIL, WayReason.ACCEPTED, Carrier.BILLING, False),
        (way(fails=True, policy=PRINTED_ELSEWHERE), Channel.PAPER, WayReason.ADDRESS_FAILS, Carrier.BILLING, False),
        (way(policy=PRINTED_ELSEWHERE), Channel.EMAIL, WayReason.ACCEPTED, Carrier.EBOK, False),
    ],
)
def test_each_case_has_its_way_its_reason_and_its_carrier(
    chosen: Way, channel: Channel, reason: WayReason, carrier: Carrier, copy: bool
) -> None:
    assert (chosen.channel, chosen.reason, chosen.carried_by, chosen.copy_by_email) == (channel, reason, carrier, copy)


@given(st.booleans(), st.dates(), STANDINGS, st.booleans(), POLICIES)
def test_the_law_holds_whatever_comes(
    nip: bool, day: date, acceptance: ConsentStanding, fails: bool, policy: DeliveryPolicy
) -> None:
    chosen = decide_way(buyer_has_nip=nip, issue_date=day, acceptance=acceptance, address_fails=fails, policy=policy)
    assert (chosen.channel is Channel.KSEF) is nip
    assert chosen.consent_id == acceptance.entry_id
    if chosen.channel is Channel.EMAIL or chosen.copy_by_email:
        assert acceptance.in_force
        assert not fails
        assert chosen.consent_id is not None
    if chosen.mailed_here or chosen.carried_by is Carrier.EBOK:
        assert policy.since is not None
        assert day >= policy.since
    if chosen.channel is Channel.PAPER and chosen.carried_by is Carrier.EBOK:
        assert policy.prints


def test_a_token_is_random_and_has_no_letter_that_is_read_as_a_digit() -> None:
    tokens = {new_token() for _ in range(500)}
    assert len(tokens) == 500
    assert {len(token) for token in tokens} == {TOKEN_LENGTH}
    assert set("".join(tokens)) == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def facts(channel: Channel = Channel.EMAIL, carried_by: Carrier = Carrier.EBOK, **more: Any) -> DeliveryFacts:
    values: dict[str, Any] = {
        "ksef_number_here": False, "sending": None, "mail": None, "fallback": None, "in_batch": False,
        "printed_at": None,
    } | more  # fmt: skip
    return DeliveryFacts(channel=channel, carried_by=carried_by, **values)


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (facts(carried_by=Carrier.BILLING), DeliveryState.BY_BILLING),
        (facts(Channel.PAPER, Carrier.BILLING), DeliveryState.BY_BILLING),
        (facts(sending=SendingStage.WAITING), DeliveryState.WAITING),
        (facts(sending=SendingStage.QUEUED), DeliveryState.QUEUED),
        (facts(sending=SendingStage.STUCK), DeliveryState.STUCK),
        (facts(sending=SendingStage.HANDED), DeliveryState.QUEUED),
        *((facts(sending=SendingStage.HANDED, mail=mail), DeliveryState(mail.value)) for mail in MailStage),
        (
            facts(sending=SendingStage.PAPER, mail=MailStage.PERMANENT, fallback=Carrier.EBOK),
            DeliveryState.PAPER_WAITING,
        ),
        (facts(sending=SendingStage.PAPER, fallback=Carrier.EBOK, in_batch=True), DeliveryState.PRINTING),
        (facts(sending=SendingStage.PAPER, fallback=Carrier.BILLING), DeliveryState.BILLING_PRINTS),
        (facts(fallback=Carrier.BILLING, in_batch=True), DeliveryState.PRINTING),
        (facts(Channel.PAPER), DeliveryState.PAPER_WAITING),
        (facts(Channel.PAPER, in_batch=True), DeliveryState.PRINTING),
        (facts(Channel.PAPER, in_batch=True, printed_at=NOW), DeliveryState.PRINTED),
        (facts(Channel.KSEF, Carrier.BILLING), DeliveryState.WAITS_FOR_KSEF),
        (facts(Channel.KSEF, Carrier.BILLING, sending=SendingStage.WAITING), DeliveryState.WAITS_FOR_KSEF),
        (facts(Channel.KSEF, Carrier.BILLING, ksef_number_here=True), DeliveryState.IN_KSEF),
        (
            facts(Channel.KSEF, Carrier.BILLING, ksef_number_here=True, sending=SendingStage.WAITING),
            DeliveryState.WAITING,
        ),
    ],
)
def test_where_an_invoice_is_follows_from_what_is_known(known: DeliveryFacts, state: DeliveryState) -> None:
    assert delivery_state(known) is state


def test_every_channel_reason_and_state_has_words() -> None:
    assert CHANNEL.keys() == set(Channel)
    assert REASON.keys() == set(WayReason)
    assert STATE.keys() == set(DeliveryState)
