"""Accepting electronic invoices and notices, changing the address, withdrawing: by a login, or by the link of a mail.

Nothing is recorded before the address is known to be the customer's: a code sent to it came back, or it is the
login's own. Whoever is concerned is told in the same transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Final

from django.db import transaction

from ebok.access.domain import CodePurpose, CodeRefusal, CodeTicket
from ebok.access.operations import RightCode, check_code, issue_code, send_code, spend_code
from ebok.access.queries import login_by_id
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.einvoicing.operations.told import tell_of_consent
from ebok.einvoicing.queries.withdrawal_links import link_scope, linked_consent, withdraw_path
from ebok.foundation.bulk import lock_key
from ebok.foundation.formats import moment
from ebok.foundation.locks import Lock
from ebok.notifications.domain import MessageKind
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, ConsentEntry
from ebok.terms.operations import (
    ConsentRefusal,
    UnableToRecordConsent,
    change_consent_address,
    give_consent,
    withdraw_consent,
)
from ebok.terms.queries import standings

__all__ = [
    "AcceptanceRefusal",
    "ChosenAddress",
    "Deciding",
    "UnableToAccept",
    "accept",
    "ask_for_address_code",
    "change_address",
    "withdraw",
    "withdraw_by_link",
    "withdraw_path",
]


class AcceptanceRefusal(StrEnum):
    """Why nothing was recorded."""

    WRONG_CODE = "wrong_code"
    EXPIRED = "expired"
    """The code is used, too old, tried too often, or was sent elsewhere."""
    NOT_YOURS = "not_yours"
    """No code was typed, and the address is not the login's own any more."""
    ALREADY_GIVEN = "already_given"
    NOT_GIVEN = "not_given"
    SAME_ADDRESS = "same_address"
    OTHER_WORDING = "other_wording"
    """The text shown is not the one in force any more."""
    OTHER = "other"
    """Not in scope, or something no page lets through."""


class UnableToAccept(ValueError):
    """Nothing was recorded; `reason` says why."""

    def __init__(self, reason: AcceptanceRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Which login decides what for which account, and the day it is today."""

    scope: CustomerScope
    account_id: int
    decision: ConsentDecision
    user_id: int
    today: date

    @property
    def person(self) -> str:
        """Who decides, as the ledger names them."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenAddress:
    """Where things shall go: the e-mail address, for SMS the number as E.164.

    `ticket` and `code` are of the code that was sent there; without a ticket it is the login's own.
    """

    address: str
    ticket: CodeTicket | None = None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proof:
    """What confirms an address: in what way, in words for the ledger, and the code to be spent."""

    basis: ConsentBasis
    words: str
    right: RightCode | None = None


_REASONS: Final = {
    ConsentRefusal.ALREADY_GIVEN: AcceptanceRefusal.ALREADY_GIVEN,
    ConsentRefusal.NOT_GIVEN: AcceptanceRefusal.NOT_GIVEN,
    ConsentRefusal.SAME_ADDRESS: AcceptanceRefusal.SAME_ADDRESS,
    ConsentRefusal.NO_WORDING: AcceptanceRefusal.OTHER_WORDING,
}


@transaction.atomic
def ask_for_address_code(*, user_id: int, address: str, acting: Actor, now: datetime) -> CodeTicket:
    """Send a six-digit code to an e-mail address that somebody typed for their e-invoices or notices."""
    issued = issue_code(purpose=CodePurpose.E_INVOICE_ADDRESS, user_id=user_id, subject=address, now=now)
    send_code(kind=MessageKind.E_INVOICE_ADDRESS_CODE, recipient=address, issued=issued, now=now)
    record(facts=[AuditFact(action="consent.code_asked", subject=f"user:{user_id}")], acting=acting, now=now)
    return issued.ticket


def accept(*, deciding: Deciding, chosen: ChosenAddress, version_id: int, acting: Actor, now: datetime) -> ConsentEntry:
    """Record that a login accepted this version of the text, and tell the address and the account's owners.

    A wrong code costs a try; a right one is spent only together with the entry.

    :raises UnableToAccept: with the reason.
    """
    return _raised(partial(_try_accept, deciding, chosen, version_id, acting, now))


def change_address(*, deciding: Deciding, chosen: ChosenAddress, acting: Actor, now: datetime) -> ConsentEntry:
    """Record another address, confirmed as in `accept`; until then the old one stays. The old one is told, too.

    :raises UnableToAccept: with the reason.
    """
    return _raised(partial(_try_change, deciding, chosen, acting, now))


@transaction.atomic
def withdraw(*, deciding: Deciding, acting: Actor, now: datetime) -> ConsentEntry:
    """Record that a login withdrew a decision, and tell its last address and the account's owners.

    :raises UnableToAccept: when nothing is in force, or the account is out of scope.
    """
    evidence = _from_where(f"Przycisk „Wyłącz” w eBOK, {moment(now)}.", acting)
    online = partial(_withdrawn, person=deciding.person, channel=ConsentChannel.ONLINE, evidence=evidence)
    return _raised(partial(online, deciding, acting=acting, now=now))


@transaction.atomic
def withdraw_by_link(*, entry_id: int, mac: str, today: date, acting: Actor, now: datetime) -> ConsentEntry | None:
    """Withdraw what the link of a mail names. Returns the entry that ended it: of this press, or an earlier one.

    None for a link that is not ours. Who pressed is not known, only that they had the mail.
    """
    lock_key(Lock.CONSENTS)
    link = linked_consent(entry_id=entry_id, mac=mac)
    if link is None or link.withdrawn is not None:
        return link.withdrawn if link else None
    deciding = Deciding(
        scope=link_scope(link.account_id), account_id=link.account_id, decision=link.decision, user_id=0, today=today
    )
    evidence = _from_where(f"Link z wiadomości (wpis {entry_id}), {moment(now)}.", acting)
    return _withdrawn(
        deciding, person=f"link:{entry_id}", channel=ConsentChannel.LINK, evidence=evidence, acting=acting, now=now
    )


@transaction.atomic
def _try_accept(
    deciding: Deciding, chosen: ChosenAddress, version_id: int, acting: Actor, now: datetime
) -> ConsentEntry | AcceptanceRefusal:
    """The refusal is returned, not raised, so that the try it cost is committed."""
    proof = _proof(deciding, chosen, acting, now)
    if isinstance(proof, AcceptanceRefusal):
        return proof
    entry = give_consent(
        scope=deciding.scope,
        account_id=deciding.account_id,
        decision=deciding.decision,
        person=deciding.person,
        version_id=version_id,
        channel=ConsentChannel.ONLINE,
        basis=proof.basis,
        address=chosen.address,
        given_on=deciding.today,
        evidence=proof.words,
        today=deciding.today,
        acting=acting,
        now=now,
    )
    return _finished(entry, proof, now)


@transaction.atomic
def _try_change(
    deciding: Deciding, chosen: ChosenAddress, acting: Actor, now: datetime
) -> ConsentEntry | AcceptanceRefusal:
    """The refusal is returned, not raised, so that the try it cost is committed."""
    proof = _proof(deciding, chosen, acting, now)
    if isinstance(proof, AcceptanceRefusal):
        return proof
    before = standings(scope=deciding.scope, account_id=deciding.account_id, day=deciding.today)[deciding.decision]
    entry = change_consent_address(
        scope=deciding.scope,
        account_id=deciding.account_id,
        decision=deciding.decision,
        person=deciding.person,
        channel=ConsentChannel.ONLINE,
        basis=proof.basis,
        address=chosen.address,
        evidence=proof.words,
        anew=proof.basis is ConsentBasis.CODE,
        today=deciding.today,
        acting=acting,
        now=now,
    )
    return _finished(entry, proof, now, also=before.address)


def _finished(entry: ConsentEntry, proof: _Proof, now: datetime, *, also: str = "") -> ConsentEntry:
    if proof.right is not None:
        spend_code(right=proof.right, now=now)
    tell_of_consent(entry=entry, also=also, now=now)
    return entry


def _withdrawn(
    deciding: Deciding, *, person: str, channel: ConsentChannel, evidence: str, acting: Actor, now: datetime
) -> ConsentEntry:
    before = standings(scope=deciding.scope, account_id=deciding.account_id, day=deciding.today)[deciding.decision]
    entry = withdraw_consent(
        scope=deciding.scope,
        account_id=deciding.account_id,
        decision=deciding.decision,
        person=person,
        channel=channel,
        evidence=evidence,
        given_on=deciding.today,
        today=deciding.today,
        acting=acting,
        now=now,
    )
    tell_of_consent(entry=entry, also=before.address, now=now)
    return entry


def _proof(deciding: Deciding, chosen: ChosenAddress, acting: Actor, now: datetime) -> _Proof | AcceptanceRefusal:
    if chosen.ticket is None:
        return _own(deciding, chosen, acting, now)
    right = check_code(ticket=chosen.ticket, purpose=CodePurpose.E_INVOICE_ADDRESS, code=chosen.code, now=now)
    if isinstance(right, RightCode) and (right.user_id, right.subject) == (deciding.user_id, chosen.address):
        words = _from_where(f"Kod wysłany na {chosen.address}, wpisany {moment(now)}.", acting)
        return _Proof(basis=ConsentBasis.CODE, words=words, right=right)
    refusal = AcceptanceRefusal.WRONG_CODE if right is CodeRefusal.WRONG else AcceptanceRefusal.EXPIRED
    fact = AuditFact(action="consent.code", subject=deciding.person, result=refusal.value)
    record(facts=[fact], acting=acting, now=now)
    return refusal


def _own(deciding: Deciding, chosen: ChosenAddress, acting: Actor, now: datetime) -> _Proof | AcceptanceRefusal:
    login = login_by_id(user_id=deciding.user_id)
    field = "phone" if deciding.decision is ConsentDecision.NOTICES_SMS else "email"
    if login is None or not chosen.address or getattr(login, field) != chosen.address:
        return AcceptanceRefusal.NOT_YOURS
    words = _from_where(f"Kontakt loginu, potwierdzony wcześniej kodem; zatwierdzone {moment(now)}.", acting)
    return _Proof(basis=ConsentBasis.LOGIN_ADDRESS, words=words)


def _raised(work: Callable[[], ConsentEntry | AcceptanceRefusal]) -> ConsentEntry:
    try:
        outcome = work()
    except UnableToRecordConsent as unable:
        raise UnableToAccept(_REASONS.get(unable.reason, AcceptanceRefusal.OTHER)) from unable
    if isinstance(outcome, AcceptanceRefusal):
        raise UnableToAccept(outcome)
    return outcome


def _from_where(words: str, acting: Actor) -> str:
    return f"{words} Adres sieciowy: {acting.address}." if acting.address else words
