"""Consents that came on paper: entered by staff with the scan of the signed form, all of a form or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor
from ebok.customers.domain import CustomerScope
from ebok.documents.operations import check_scan, keep_sealed, sealed_scan
from ebok.einvoicing.operations.told import tell_of_consent
from ebok.einvoicing.queries.consents import CONSENT_SCAN
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, ConsentDeed, ConsentEntry
from ebok.terms.operations import (
    ConsentRefusal,
    UnableToRecordConsent,
    change_consent_address,
    give_consent,
    withdraw_consent,
)
from ebok.terms.queries import standings

EVIDENCE: Final = "Podpisany formularz; skan jest w eBOK."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDecision:
    """One decision of a form: an address and a version of the text where it is given, an address where it changes."""

    decision: ConsentDecision
    deed: ConsentDeed
    address: str = ""
    version_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedForm:
    """A form as it was read: for which account, who signed it and when, and what they decided."""

    account_id: int
    signed_by: str
    signed_on: date
    decisions: tuple[SignedDecision, ...]


class UnableToTakeForm(ValueError):
    """Nothing of the form was recorded; `reason` says why, `decision` which one it is about."""

    def __init__(self, reason: ConsentRefusal, decision: ConsentDecision) -> None:
        super().__init__(f"{decision.value}: {reason.value}")
        self.reason = reason
        self.decision = decision


@transaction.atomic
def take_signed_form(
    *, scope: CustomerScope, form: SignedForm, scan: bytes, today: date, acting: Actor, now: datetime
) -> Sequence[ConsentEntry]:
    """Record every decision of a form with its scan, kept encrypted, and tell whom each concerns.

    `signed_on` may lie in the past; what is recorded counts from today.

    :raises ebok.documents.operations.UnableToTakeScan: when the file is no scan.
    :raises UnableToTakeForm: when one of the decisions cannot be recorded; then none is.
    """
    sealed = sealed_scan(scan=check_scan(scan), purpose=CONSENT_SCAN)
    before = standings(scope=scope, account_id=form.account_id, day=today)
    entries = []
    for signed in form.decisions:
        entry = _recorded(signed, scope=scope, form=form, digest=sealed.sha256, today=today, acting=acting, now=now)
        tell_of_consent(entry=entry, also=before[signed.decision].address, now=now)
        entries.append(entry)
    keep_sealed(sealed=sealed, now=now)
    return entries


def _recorded(
    signed: SignedDecision, *, scope: CustomerScope, form: SignedForm, digest: bytes, today: date, acting: Actor,
    now: datetime,
) -> ConsentEntry:  # fmt: skip
    try:
        if signed.deed is ConsentDeed.WITHDRAWN:
            return withdraw_consent(
                scope=scope, account_id=form.account_id, decision=signed.decision, person=form.signed_by,
                channel=ConsentChannel.PAPER, evidence=EVIDENCE, evidence_sha256=digest, given_on=form.signed_on,
                today=today, acting=acting, now=now,
            )  # fmt: skip
        if signed.deed is ConsentDeed.CHANGED:
            return change_consent_address(
                scope=scope, account_id=form.account_id, decision=signed.decision, person=form.signed_by,
                channel=ConsentChannel.PAPER, basis=ConsentBasis.SIGNED_FORM, address=signed.address,
                evidence=EVIDENCE, evidence_sha256=digest, given_on=form.signed_on, today=today, acting=acting,
                now=now,
            )  # fmt: skip
        return give_consent(
            scope=scope, account_id=form.account_id, decision=signed.decision, person=form.signed_by,
            version_id=signed.version_id, channel=ConsentChannel.PAPER, basis=ConsentBasis.SIGNED_FORM,
            address=signed.address, given_on=form.signed_on, evidence=EVIDENCE, evidence_sha256=digest, today=today,
            acting=acting, now=now,
        )  # fmt: skip
    except UnableToRecordConsent as unable:
        raise UnableToTakeForm(unable.reason, signed.decision) from unable
