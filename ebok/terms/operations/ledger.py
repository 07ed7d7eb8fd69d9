"""Adding an entry to an account's chain of consents; what may be added is decided by `consents`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.bulk import reserve_ids
from ebok.terms.domain import (
    CONSENT_CHAIN_START,
    ConsentBasis,
    ConsentChannel,
    ConsentDecision,
    ConsentDeed,
    ConsentEntry,
    consent_hash,
)
from ebok.terms.models import ConsentEntry as Row

GIVE: Final = "consent.give"
CHANGE: Final = "consent.change"
WITHDRAW: Final = "consent.withdraw"
_ACTIONS: Final = {ConsentDeed.GIVEN: GIVE, ConsentDeed.CHANGED: CHANGE, ConsentDeed.WITHDRAWN: WITHDRAW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The text shown: its hash, its published version if there is one here, and the price effect told with it."""

    version_id: int | None
    sha256: bytes
    price_effect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody decided, read and found fit."""

    account_id: int
    decision: ConsentDecision
    deed: ConsentDeed
    person: str
    channel: ConsentChannel
    basis: ConsentBasis
    address: str
    wording: Wording
    evidence: str
    evidence_sha256: bytes | None
    reference: str
    given_on: date


def append(*, said: Said, last: ConsentEntry | None, today: date, acting: Actor, now: datetime) -> ConsentEntry:
    """Add one entry after `last`, the account's last one, and tell the audit trail its hash.

    The caller holds `Lock.CONSENTS`.
    """
    [entry_id] = reserve_ids(Row, 1)
    entry = next_entry(said=said, last=last, entry_id=entry_id, today=today, acting=acting, now=now)
    keep(entries=[entry], acting=acting, now=now)
    return entry


def next_entry(
    *, said: Said, last: ConsentEntry | None, entry_id: int, today: date, acting: Actor, now: datetime
) -> ConsentEntry:
    """The entry that follows `last`. It counts from today, never from a day before the one before it does."""
    entry = ConsentEntry(
        id=entry_id,
        account_id=said.account_id,
        number=last.number + 1 if last else 1,
        decision=said.decision,
        deed=said.deed,
        person=said.person,
        channel=said.channel,
        basis=said.basis,
        address=said.address,
        wording_id=said.wording.version_id,
        wording_sha256=said.wording.sha256,
        price_effect=said.wording.price_effect,
        evidence=said.evidence,
        evidence_sha256=said.evidence_sha256,
        reference=said.reference,
        given_on=said.given_on,
        effective_from=max(today, last.effective_from) if last else today,
        recorded_at=now,
        actor_kind=acting.kind.value,
        actor_name=acting.name,
        previous_sha256=last.sha256 if last else CONSENT_CHAIN_START,
        sha256=b"",
    )
    return replace(entry, sha256=consent_hash(entry))


def keep(*, entries: Sequence[ConsentEntry], acting: Actor, now: datetime) -> None:
    """Write entries in their order, and tell the audit trail the hash of each. The caller holds `Lock.CONSENTS`."""
    names = ConsentEntry.__slots__
    Row.objects.bulk_create(Row(**{name: getattr(entry, name) for name in names}) for entry in entries)
    record(facts=[_told(entry) for entry in entries], acting=acting, now=now)


def _told(entry: ConsentEntry) -> AuditFact:
    details = {"number": entry.number, "decision": entry.decision.value, "sha256": entry.sha256.hex()}
    return AuditFact(
        action=_ACTIONS[entry.deed], subject=f"consent:{entry.id}", account_id=entry.account_id, details=details
    )
