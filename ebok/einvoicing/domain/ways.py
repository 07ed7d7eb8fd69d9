"""The legal way of an invoice: KSeF, e-mail or paper, and the reason."""

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from ebok.terms.domain import ConsentStanding, StandingState

TOKEN_LENGTH: Final = 26
"""Letters of the token of a printed code: 130 bits, so that nobody finds one by trying."""
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read as a digit."""


class Channel(StrEnum):
    """The legal way an invoice travels (doręczenie)."""

    KSEF = "ksef"
    EMAIL = "email"
    PAPER = "paper"


class WayReason(StrEnum):
    """Why an invoice goes the way it goes."""

    BUYER_WITH_NIP = "buyer_with_nip"
    """The buyer has a NIP: KSeF (art. 106ga ustawy o VAT)."""
    ACCEPTED = "accepted"
    """E-invoices were accepted on the day of issue (art. 106n ustawy o VAT)."""
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    """The acceptance had been withdrawn before the day of issue."""
    ACCEPTED_LATER = "accepted_later"
    """There is an acceptance, but it holds from a later day."""
    ADDRESS_FAILS = "address_fails"
    """Accepted, but the address has refused mail for good and was not confirmed since."""


class Carrier(StrEnum):
    """Who carries an invoice its way: this eBOK, or the billing system as before."""

    EBOK = "ebok"
    BILLING = "billing"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPolicy:
    """What this installation delivers: invoices issued from `since` on (None = none), and paper if it `prints`."""

    since: date | None
    prints: bool

    def delivers(self, issue_date: date) -> bool:
        """Whether an invoice of this day is delivered here, and not as before."""
        return self.since is not None and issue_date >= self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The decision: the channel, why, who carries it, whether a copy goes by e-mail, and the consent that proves it.

    `consent_id` is the entry of the consent ledger the reason speaks of; None where nobody ever decided.
    """

    channel: Channel
    reason: WayReason
    carried_by: Carrier
    copy_by_email: bool
    consent_id: int | None

    @property
    def mailed_here(self) -> bool:
        """Whether eBOK is to send it by e-mail, as the invoice itself or as the copy a buyer with a NIP asked for."""
        return self.copy_by_email or (self.channel is Channel.EMAIL and self.carried_by is Carrier.EBOK)


def decide_way(
    *, buyer_has_nip: bool, issue_date: date, acceptance: ConsentStanding, address_fails: bool, policy: DeliveryPolicy
) -> Way:
    """Say which way an invoice goes. `acceptance` is how e-invoices stood for the account on the day of issue.

    A buyer with a NIP gets it by KSeF (art. 106ga ustawy o VAT), which the billing system carries. An e-mail
    needs an acceptance (art. 106n ustawy o VAT); paper needs none, so whatever is in doubt goes on paper.
    `address_fails` says that the accepted address has refused mail for good.
    """
    reachable = acceptance.in_force and not address_fails
    if buyer_has_nip:
        copy = reachable and policy.delivers(issue_date)
        return _way(Channel.KSEF, WayReason.BUYER_WITH_NIP, Carrier.BILLING, acceptance, copy=copy)
    if reachable:
        carrier = Carrier.EBOK if policy.delivers(issue_date) else Carrier.BILLING
        return _way(Channel.EMAIL, WayReason.ACCEPTED, carrier, acceptance)
    carrier = Carrier.EBOK if policy.prints and policy.delivers(issue_date) else Carrier.BILLING
    return _way(Channel.PAPER, _why_paper(acceptance), carrier, acceptance)


def _why_paper(acceptance: ConsentStanding) -> WayReason:
    return {
        StandingState.NEVER: WayReason.NOT_ACCEPTED,
        StandingState.WITHDRAWN: WayReason.WITHDRAWN,
        StandingState.LATER: WayReason.ACCEPTED_LATER,
        StandingState.IN_FORCE: WayReason.ADDRESS_FAILS,
    }[acceptance.state]


def _way(
    channel: Channel, reason: WayReason, carrier: Carrier, acceptance: ConsentStanding, *, copy: bool = False
) -> Way:
    consent_id = acceptance.entry_id
    return Way(channel=channel, reason=reason, carried_by=carrier, copy_by_email=copy, consent_id=consent_id)


def new_token() -> str:
    """A token for a printed code: random, and nothing else."""
    drawn = int.from_bytes(secrets.token_bytes(17)) >> 6
    return "".join(_ALPHABET[drawn >> 5 * place & 31] for place in range(TOKEN_LENGTH))
