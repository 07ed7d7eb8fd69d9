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
    """An audit row as the chain sees it: its place, everything it says, when it was sealed, the hash stored for it.

    `content` is None where the row or its seal holds what cannot be read any more.
    """

    position: int
    sealed_at: str
    content: Mapping[str, Any] | None
    chain_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """The end of the chain at some time: how many rows were sealed, and the hash of the last one.

    Kept outside the database (a log, a sheet of paper) it tells later whether the end has been cut off.
    """

    position: int
    chain_hash: bytes

    def __str__(self) -> str:
        return f"{self.position}:{self.chain_hash.hex()}"

    @classmethod
    def parse(cls, text: str) -> "ChainHead":
        """Read what `str` wrote.

        :raises ValueError: when it is none.
        """
        position, _, digest = text.strip().partition(":")
        if not (position.isascii() and position.isdigit()) or len(digest) != 2 * len(CHAIN_START):
            raise ValueError("not the head of a chain")
        return cls(position=int(position), chain_hash=bytes.fromhex(digest))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What a proof of the chain found.

    `broken_at` is the first position whose hash does not hold, None when all do; `head` is the last proved
    hash; `cut` says that the chain does not hold the head noted earlier: its end was cut off, or the whole of
    it made anew; `overdue` names rows unsealed for longer than `UNSEALED_LIMIT`.
    """

    proved: int
    head: bytes
    broken_at: int | None
    cut: bool
    overdue: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether every seal holds, the noted head is there and none is overdue."""
        return self.broken_at is None and not self.cut and not self.overdue


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
class LoginDeed:
    """What was done at one login, for its owner to read: when, what, with what result and from which address."""

    at: datetime
    action: str
    result: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffView:
    """A member of staff (their login's number) had an account before them: when, what they did there, and why."""

    at: datetime
    staff_id: int
    account_id: int
    action: str
    reason: str


def link(*, key: bytes, previous: bytes, position: int, content: Mapping[str, Any], sealed_at: str) -> bytes:
    """Return the chain hash (HMAC-SHA-256) of a row at `position`, sealed at that time, after the hash `previous`."""
    return _digest(key, previous, {"position": position, "sealed_at": sealed_at, **content})


def first_broken(*, key: bytes, rows: Iterable[SealedRow]) -> tuple[int, bytes, int | None]:
    """Walk the chain from its start: how many seals hold, the last hash that does, the first position that does not."""
    head = CHAIN_START
    proved = 0
    for row in rows:
        if row.position != proved + 1 or not _holds(key, head, row):
            return proved, head, proved + 1
        proved, head = row.position, row.chain_hash
    return proved, head, None


def _holds(key: bytes, previous: bytes, row: SealedRow) -> bool:
    """Seals of the first chains did not cover their own time; without the key, none can be made to look like them."""
    if row.content is None:
        return False
    expected = link(key=key, previous=previous, position=row.position, content=row.content, sealed_at=row.sealed_at)
    first = _digest(key, previous, {"position": row.position, **row.content})
    return hmac.compare_digest(expected, row.chain_hash) or hmac.compare_digest(first, row.chain_hash)


def _digest(key: bytes, previous: bytes, what: Mapping[str, Any]) -> bytes:
    text = json.dumps(what, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, previous + text.encode(), "sha256")
