"""Who acted, and what an audit row says."""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

CHAIN_START: Final = bytes(32)
UNSEALED_LIMIT: Final = timedelta(seconds=60)


class ActorKind(StrEnum):
    """What kind of actor did it."""

    USER = "user"
    STAFF = "staff"
    JOB = "job"
    COMMAND = "command"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: the kind, a stable name (user id, command or job name), and the network address if any."""

    kind: ActorKind
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFact:
    """One thing done or looked at. `details` holds no personal data, only ids, counts and codes."""

    action: str
    subject: str
    account_id: int | None = None
    reason: str = ""
    result: str = "ok"
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRow:
    """An audit row as the chain sees it: its place, everything it says, and the hash stored for it."""

    position: int
    row_id: int
    content: Mapping[str, Any]
    chain_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What a proof of the chain found.

    `broken_at` is the first position whose hash does not hold, None when all do; `head` is the last
    proved hash (write it down elsewhere: a chain cut at its end still holds); `overdue` names rows
    unsealed for longer than `UNSEALED_LIMIT`.
    """

    proved: int
    head: bytes
    broken_at: int | None
    overdue: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether every seal holds and none is overdue."""
        return self.broken_at is None and not self.overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One row of the audit trail, for people to read; `actor_name` is what `Actor.name` was."""

    id: int
    at: datetime
    actor_kind: ActorKind
    actor_name: str
    action: str
    subject: str
    account_id: int | None
    reason: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffView:
    """A member of staff (their login's number) had an account before them: when, what they did there, and why."""

    at: datetime
    staff_id: int
    account_id: int
    action: str
    reason: str


def link(*, key: bytes, previous: bytes, position: int, content: Mapping[str, Any]) -> bytes:
    """Return the chain hash (HMAC-SHA-256) of a row at `position` after the hash `previous`."""
    text = json.dumps({"position": position, **content}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, previous + text.encode(), "sha256")


def first_broken(*, key: bytes, rows: Iterable[SealedRow]) -> tuple[int, bytes, int | None]:
    """Walk the chain from its start: how many seals hold, the last hash that does, the first position that does not."""
    head = CHAIN_START
    proved = 0
    for row in rows:
        expected = link(key=key, previous=head, position=proved + 1, content=row.content)
        if row.position != proved + 1 or not hmac.compare_digest(expected, row.chain_hash):
            return proved, head, proved + 1
        proved, head = row.position, expected
    return proved, head, None
