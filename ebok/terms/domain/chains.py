"""The chain of an account's consents: what an entry's hash covers, and the proof that nothing was touched."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import Any, Final

from ebok.terms.domain.consents import ConsentEntry

CONSENT_CHAIN_START: Final = bytes(32)


class ConsentFault(StrEnum):
    """What does not hold about an entry, or a place in a ledger."""

    UNREADABLE = "unreadable"
    """It holds what no entry can hold."""
    CHANGED = "changed"
    """Its hash does not cover what it says."""
    UNLINKED = "unlinked"
    """It does not follow the one before it: something was removed, put in or moved."""
    MISSING = "missing"
    """The audit trail tells of it, and it is gone."""
    UNTOLD = "untold"
    """The audit trail does not tell of it."""
    TOLD_OTHERWISE = "told_otherwise"
    """The audit trail tells of another entry at its place."""
    OTHER_WORDING = "other_wording"
    """The version of the text it points to says other words than were shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenConsent:
    """One place of a ledger that does not hold; `entry_id` is None where the entry is gone."""

    account_id: int
    number: int
    entry_id: int | None
    fault: ConsentFault


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """A row of a ledger as found; `entry` is None where what it holds cannot be read."""

    id: int
    number: int
    entry: ConsentEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEntry:
    """What the audit trail says of an entry: its place and its hash in hex, whatever stands there now."""

    number: Any
    sha256: Any


def canonical(entry: ConsentEntry) -> bytes:
    """Everything an entry says but its own hash, as JSON in UTF-8: keys in order, no blanks, moments in UTC."""
    content = {name: _plain(getattr(entry, name)) for name in ConsentEntry.__slots__ if name != "sha256"}
    content["recorded_at"] = entry.recorded_at.astimezone(UTC).isoformat()
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def consent_hash(entry: ConsentEntry) -> bytes:
    """SHA-256 of the hash before an entry (32 zero bytes for the first) and of its canonical form."""
    return hashlib.sha256(entry.previous_sha256 + canonical(entry)).digest()


def broken_entries(
    *, account_id: int, rows: Sequence[LedgerRow], told: Iterable[ToldEntry], texts: Mapping[int, bytes]
) -> Iterator[BrokenConsent]:
    """Prove one account's ledger: `rows` by place, what the audit trail tells of it, the hash of each text by version.

    Each faulty row is named once, by its first fault; then each entry the audit trail tells of that is gone.
    """
    said = {one.number: one.sha256 for one in told if isinstance(one.number, int)}
    previous, before = CONSENT_CHAIN_START, 0
    for row in rows:
        fault = _fault(row, before, previous, said, texts)
        if fault is not None:
            yield BrokenConsent(account_id=account_id, number=row.number, entry_id=row.id, fault=fault)
        previous, before = row.entry.sha256 if row.entry is not None else b"", row.number
    for number in sorted(said.keys() - {row.number for row in rows}):
        yield BrokenConsent(account_id=account_id, number=number, entry_id=None, fault=ConsentFault.MISSING)


def _fault(
    row: LedgerRow, before: int, previous: bytes, said: Mapping[int, Any], texts: Mapping[int, bytes]
) -> ConsentFault | None:
    entry = row.entry
    if entry is None:
        return ConsentFault.UNREADABLE
    text = None if entry.wording_id is None else texts.get(entry.wording_id, b"")
    faults = (
        (consent_hash(entry) != entry.sha256, ConsentFault.CHANGED),
        (entry.number != before + 1 or entry.previous_sha256 != previous, ConsentFault.UNLINKED),
        (entry.number not in said, ConsentFault.UNTOLD),
        (said.get(entry.number) != entry.sha256.hex(), ConsentFault.TOLD_OTHERWISE),
        (text is not None and text != entry.wording_sha256, ConsentFault.OTHER_WORDING),
    )
    return next((fault for found, fault in faults if found), None)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, str | int) else value.isoformat()
