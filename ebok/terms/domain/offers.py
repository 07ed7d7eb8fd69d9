"""Consents as the billing system tells of them, and what became of each."""

from dataclasses import dataclass
from datetime import date

from ebok.terms.domain.consents import ConsentDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedConsent:
    """One consent of the billing system: its id there, what was given and when, and when it was withdrawn, if it was.

    `wording` is the name of a published version, or the words themselves.
    """

    reference: str
    account_id: int
    decision: ConsentDecision
    given_on: date
    withdrawn_on: date | None
    address: str
    wording: str
    evidence: str
