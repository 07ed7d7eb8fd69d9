"""Giving, changing and withdrawing a consent: an entry of the ledger each, or a reason why not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from ebok.audit.domain import Actor
from ebok.customers.domain import CustomerScope
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.kernel.identifiers import holds_pesel
from ebok.terms.domain import (
    ConsentBasis,
    ConsentChannel,
    ConsentDecision,
    ConsentDeed,
    ConsentEntry,
    ConsentStanding,
    TermsKind,
    basis_fits,
    consent_address,
    standing_on,
)
from ebok.terms.models import ConsentEntry as Row
from ebok.terms.operations.holders import check_holder
from ebok.terms.operations.ledger import Said, Wording, append
from ebok.terms.operations.refusals import ConsentRefusal, UnableToRecordConsent
from ebok.terms.queries.consents import entry_of
from ebok.terms.queries.texts import terms_version

PERSON_MAX_LENGTH: Final = 200
EVIDENCE_MAX_LENGTH: Final = 500
_TYPED_BY_PEOPLE: Final = frozenset({ConsentChannel.PAPER, ConsentChannel.BILLING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """An account's last entry, of one decision the last one and the last giving or withdrawing, and how it stands."""

    last: ConsentEntry | None
    last_said: ConsentEntry | None
    last_decided: ConsentEntry | None
    standing: ConsentStanding


@transaction.atomic
def give_consent(
    *,
    scope: CustomerScope,
    account_id: int,
    decision: ConsentDecision,
    person: str,
    version_id: int,
    channel: ConsentChannel,
    basis: ConsentBasis,
    address: str,
    given_on: date,
    evidence: str,
    evidence_sha256: bytes | None = None,
    today: date,
    acting: Actor,
    now: datetime,
) -> ConsentEntry:
    """Record that somebody decided for something, on exactly this text; it counts from today.

    The caller has confirmed the address, in the way `basis` says. Told to the audit trail in the same transaction.

    :raises UnableToRecordConsent: when it is given already, a later decision is known, or something does not fit.
    """
    said = Said(
        account_id=account_id, decision=decision, deed=ConsentDeed.GIVEN, person=person, channel=channel, basis=basis,
        address=fit_address(decision, channel, basis, address),
        wording=_published(decision, version_id, channel, today),
        evidence=evidence, evidence_sha256=evidence_sha256, reference="", given_on=given_on,
    )  # fmt: skip
    check_words(said, today)
    ledger = locked_ledger(scope, account_id, decision)
    check_holder(said, scope=scope)
    if ledger.standing.in_force:
        raise UnableToRecordConsent(ConsentRefusal.ALREADY_GIVEN)
    check_order(ledger, given_on)
    return append(said=said, last=ledger.last, today=today, acting=acting, now=now)


@transaction.atomic
def change_consent_address(
    *,
    scope: CustomerScope,
    account_id: int,
    decision: ConsentDecision,
    person: str,
    channel: ConsentChannel,
    basis: ConsentBasis,
    address: str,
    evidence: str,
    evidence_sha256: bytes | None = None,
    given_on: date | None = None,
    anew: bool = False,
    today: date,
    acting: Actor,
    now: datetime,
) -> ConsentEntry:
    """Record that things go to another address from now on, confirmed in the way `basis` says.

    `given_on` is the day it was signed on paper, else today. `anew`: the same address, confirmed once more, is fine.

    :raises UnableToRecordConsent: when nothing is given, it is the address already, a later one is known, or
        something does not fit.
    """
    fit = fit_address(decision, channel, basis, address)
    ledger = locked_ledger(scope, account_id, decision)
    said = following(
        ledger, deed=ConsentDeed.CHANGED, person=person, channel=channel, basis=basis, address=fit,
        evidence=evidence, evidence_sha256=evidence_sha256, given_on=given_on or today,
    )  # fmt: skip
    if ledger.standing.address == fit and not anew:
        raise UnableToRecordConsent(ConsentRefusal.SAME_ADDRESS)
    check_words(said, today)
    check_holder(said, scope=scope)
    check_order(ledger, said.given_on)
    check_address_order(ledger, said.given_on)
    return append(said=said, last=ledger.last, today=today, acting=acting, now=now)


@transaction.atomic
def withdraw_consent(
    *,
    scope: CustomerScope,
    account_id: int,
    decision: ConsentDecision,
    person: str,
    channel: ConsentChannel,
    evidence: str,
    evidence_sha256: bytes | None = None,
    given_on: date,
    today: date,
    acting: Actor,
    now: datetime,
) -> ConsentEntry:
    """Record that somebody no longer wants it; it counts from today, for invoices dated today as well.

    :raises UnableToRecordConsent: when nothing is given, a later decision is known, or something does not fit.
    """
    ledger = locked_ledger(scope, account_id, decision)
    said = following(
        ledger, deed=ConsentDeed.WITHDRAWN, person=person, channel=channel, basis=ConsentBasis.NONE, address="",
        evidence=evidence, evidence_sha256=evidence_sha256, given_on=given_on,
    )  # fmt: skip
    check_words(said, today)
    check_order(ledger, given_on)
    return append(said=said, last=ledger.last, today=today, acting=acting, now=now)


def locked_ledger(scope: CustomerScope, account_id: int, decision: ConsentDecision) -> Ledger:
    """What an account's ledger says, and nobody else adds to it until the transaction ends."""
    if not scope.allows(account_id) or account_id in scope.past_accounts:
        raise UnableToRecordConsent(ConsentRefusal.NOT_IN_SCOPE)
    lock_key(Lock.CONSENTS)
    return ledger_of([entry_of(row) for row in rows_of([account_id])], decision)


def rows_of(account_ids: Collection[int]) -> QuerySet[Row]:
    """The entries of accounts, each ledger in its order."""
    return Row.objects.filter(account_id__in=account_ids).order_by("account_id", "number")


def ledger_of(entries: Sequence[ConsentEntry], decision: ConsentDecision) -> Ledger:
    """The same from entries in their order."""
    ours = [entry for entry in entries if entry.decision is decision]
    decided = [entry for entry in ours if entry.deed is not ConsentDeed.CHANGED]
    return Ledger(
        last=entries[-1] if entries else None,
        last_said=ours[-1] if ours else None,
        last_decided=decided[-1] if decided else None,
        standing=standing_on(decision=decision, entries=ours, day=date.max),
    )


def following(
    ledger: Ledger,
    *,
    deed: ConsentDeed,
    person: str,
    channel: ConsentChannel,
    basis: ConsentBasis,
    address: str,
    evidence: str,
    given_on: date,
    evidence_sha256: bytes | None = None,
    reference: str = "",
) -> Said:
    """What changes or ends the consent in force: on the same text.

    :raises UnableToRecordConsent: when none is in force.
    """
    given = ledger.last_decided
    if given is None or not ledger.standing.in_force:
        raise UnableToRecordConsent(ConsentRefusal.NOT_GIVEN)
    wording = Wording(version_id=given.wording_id, sha256=given.wording_sha256, price_effect=given.price_effect)
    return Said(
        account_id=given.account_id,
        decision=given.decision,
        deed=deed,
        person=person,
        channel=channel,
        basis=basis,
        address=address,
        wording=wording,
        evidence=evidence,
        evidence_sha256=evidence_sha256,
        reference=reference,
        given_on=given_on,
    )


def fit_address(decision: ConsentDecision, channel: ConsentChannel, basis: ConsentBasis, typed: str) -> str:
    """The address as it is kept.

    :raises UnableToRecordConsent: when it is none, or cannot be confirmed in this way.
    """
    if not basis_fits(channel=channel, basis=basis):
        raise UnableToRecordConsent(ConsentRefusal.WRONG_BASIS)
    address = consent_address(decision=decision, typed=typed)
    if address is None:
        raise UnableToRecordConsent(ConsentRefusal.BAD_ADDRESS)
    return address


def check_words(said: Said, today: date) -> None:
    """Refuse what cannot have been said, or must not be kept."""
    typed = said.channel in _TYPED_BY_PEOPLE
    faults = (
        (not said.person.strip() or not _is_line(said.person, PERSON_MAX_LENGTH), ConsentRefusal.BAD_PERSON),
        (not _is_line(said.evidence, EVIDENCE_MAX_LENGTH), ConsentRefusal.BAD_EVIDENCE),
        (typed and (holds_pesel(said.person) or holds_pesel(said.evidence)), ConsentRefusal.PESEL),
        (said.given_on > today, ConsentRefusal.IN_THE_FUTURE),
    )
    for found, reason in faults:
        if found:
            raise UnableToRecordConsent(reason)


def check_order(ledger: Ledger, given_on: date) -> None:
    """Refuse what was said before the last decision that is known: a form found later does not undo it."""
    if ledger.last_decided is not None and given_on < ledger.last_decided.given_on:
        raise UnableToRecordConsent(ConsentRefusal.LATER_DECISION)


def check_address_order(ledger: Ledger, given_on: date) -> None:
    """Refuse an address named before the one in force was: nobody's invoices go back to a mailbox they have left."""
    if ledger.last_said is not None and given_on < ledger.last_said.given_on:
        raise UnableToRecordConsent(ConsentRefusal.LATER_DECISION)


def _published(decision: ConsentDecision, version_id: int, channel: ConsentChannel, today: date) -> Wording:
    """The text by its version; online it is the one in force, on paper any that was printed."""
    text = terms_version(version_id=version_id)
    if text is None or text.kind is not TermsKind(decision.value):
        raise UnableToRecordConsent(ConsentRefusal.NO_WORDING)
    if channel is ConsentChannel.ONLINE and not text.in_force(today):
        raise UnableToRecordConsent(ConsentRefusal.NO_WORDING)
    return Wording(version_id=text.id, sha256=text.sha256, price_effect=text.price_effect)


def _is_line(text: str, longest: int) -> bool:
    return len(text) <= longest and text.isprintable()
