"""Who acted, and what an audit row says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
