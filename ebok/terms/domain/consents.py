"""Decisions on how invoices and notices reach a customer: given, changed, withdrawn, and what proves it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from ebok.kernel.emails import email_address
from ebok.kernel.phones import mobile_number


class ConsentDecision(StrEnum):
    """What is decided, each apart and for each account."""

    E_INVOICE = "e_invoice"
    """Acceptance of electronic invoices (art. 106n ustawy o VAT); not a consent of the RODO."""
    NOTICES_EMAIL = "notices_email"
    NOTICES_SMS = "notices_sms"


class ConsentDeed(StrEnum):
    """What was done."""

    GIVEN = "given"
    CHANGED = "changed"
    """The address or number is another one."""
    WITHDRAWN = "withdrawn"


class ConsentChannel(StrEnum):
    """How it was said."""

    ONLINE = "online"
    PAPER = "paper"
    BILLING = "billing"
    LINK = "link"
    """By the link of an invoice mail, without a login: withdrawals only."""
    HANDOVER = "handover"
    """Said by nobody: the account is another's now, so what its former holder decided ends. Withdrawals only."""


class ConsentBasis(StrEnum):
    """What confirms the address: that it is the customer's."""

    CODE = "code"
    """A code sent to it came back."""
    LOGIN_ADDRESS = "login_address"
    """It is the login's own, confirmed by a code before."""
    SIGNED_FORM = "signed_form"
    BILLING = "billing"
    NONE = "none"
    """Nothing had to be confirmed: a withdrawal."""


class StandingState(StrEnum):
    """Whether something is decided on a day."""

    NEVER = "never"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    LATER = "later"
    """Given, but it counts from a later day than the one asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """One entry of an account's ledger, word for word as it is kept; `number` is its place there, from 1.

    `person` decided: a login (`user:7`) or the name on a form. `wording_sha256` is the hash of the exact text
    shown, `wording_id` the published version of it if there is one here. `given_on` is the day it was said,
    `effective_from` the first day of issue of the invoices it counts for. `reference` is the billing system's id.
    `sha256` covers everything else here, `previous_sha256` among it.
    """

    id: int
    account_id: int
    number: int
    decision: ConsentDecision
    deed: ConsentDeed
    person: str
    channel: ConsentChannel
    basis: ConsentBasis
    address: str
    wording_id: int | None
    wording_sha256: bytes
    price_effect: str
    evidence: str
    evidence_sha256: bytes | None
    reference: str
    given_on: date
    effective_from: date
    recorded_at: datetime
    actor_kind: str
    actor_name: str
    previous_sha256: bytes
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStanding:
    """How one decision of an account stands on a day, folded from its entries.

    `entry_id` names the entry it rests on: the giving or the last change of its address, or the withdrawal.
    `address` is where things go, empty unless it is in force or will be. `given_on` and `effective_from` are
    those of the giving (of the withdrawal, once withdrawn), never of a change of address.
    """

    decision: ConsentDecision
    state: StandingState
    entry_id: int | None = None
    address: str = ""
    effective_from: date | None = None
    given_on: date | None = None
    basis: ConsentBasis | None = None

    @property
    def in_force(self) -> bool:
        """Whether it is decided and counts."""
        return self.state is StandingState.IN_FORCE


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentCourse:
    """What became of a giving: the last entry that named its address, and the withdrawal that ended it, if any."""

    named_by: ConsentEntry
    ended_by: ConsentEntry | None = None

    @property
    def handed_over(self) -> bool:
        """Whether it ended because the account is another's now."""
        return self.ended_by is not None and self.ended_by.channel is ConsentChannel.HANDOVER


_BASES: Final = {
    ConsentChannel.ONLINE: frozenset({ConsentBasis.CODE, ConsentBasis.LOGIN_ADDRESS}),
    ConsentChannel.PAPER: frozenset({ConsentBasis.SIGNED_FORM}),
    ConsentChannel.BILLING: frozenset({ConsentBasis.BILLING}),
    ConsentChannel.LINK: frozenset[ConsentBasis](),
    ConsentChannel.HANDOVER: frozenset[ConsentBasis](),
}


def standing_on(*, decision: ConsentDecision, entries: Iterable[ConsentEntry], day: date) -> ConsentStanding:
    """Fold the entries of one account and one decision, in their order, into how it stands on a day.

    Giving and withdrawing count from their `effective_from`. Another address counts at once, for whatever is
    sent next: also for an invoice dated before it, because the day of an invoice decides whether it may be
    electronic (art. 106n ustawy o VAT) and not to which mailbox it goes. A handover counts for every day before it,
    too: nobody knows since when the account is another's, so from now on nothing rests on the former holder's word.
    """
    ordered = tuple(entries)
    then = _folded(decision, ordered, day)
    if then.in_force:
        return then
    last = _folded(decision, ordered, date.max)
    return replace(last, state=StandingState.LATER) if last.in_force else then


def course_of(*, entry: ConsentEntry, entries: Iterable[ConsentEntry]) -> ConsentCourse:
    """Follow the giving an entry belongs to through its account's later entries, in their order.

    A consent given after a withdrawal is another one, mostly another person's: it is not followed.
    """
    named_by = entry
    for one in entries:
        if one.decision is not entry.decision or one.number <= entry.number:
            continue
        if one.deed is not ConsentDeed.CHANGED:
            return ConsentCourse(named_by=named_by, ended_by=one)
        named_by = one
    return ConsentCourse(named_by=named_by)


def _folded(decision: ConsentDecision, entries: Iterable[ConsentEntry], day: date) -> ConsentStanding:
    standing, counts = ConsentStanding(decision=decision, state=StandingState.NEVER), True
    for entry in entries:
        if entry.deed is not ConsentDeed.CHANGED:
            counts = entry.effective_from <= day or entry.channel is ConsentChannel.HANDOVER
            standing = _decided(entry) if counts else standing
        elif counts and standing.in_force:
            standing = replace(standing, entry_id=entry.id, address=entry.address, basis=entry.basis)
    return standing


def _decided(entry: ConsentEntry) -> ConsentStanding:
    given = entry.deed is ConsentDeed.GIVEN
    return ConsentStanding(
        decision=entry.decision,
        state=StandingState.IN_FORCE if given else StandingState.WITHDRAWN,
        entry_id=entry.id,
        address=entry.address if given else "",
        effective_from=entry.effective_from,
        given_on=entry.given_on,
        basis=entry.basis,
    )


def basis_fits(*, channel: ConsentChannel, basis: ConsentBasis) -> bool:
    """Whether an address or number named by this channel can be confirmed in this way."""
    return basis in _BASES[channel]


def consent_address(*, decision: ConsentDecision, typed: str) -> str | None:
    """Where things go: an e-mail address in small letters, for SMS a number as E.164. None when it is no such."""
    return mobile_number(typed) if decision is ConsentDecision.NOTICES_SMS else email_address(typed)
