"""Writing audit rows."""

from collections.abc import Sequence
from datetime import datetime

from ebok.audit.domain import Actor, AuditFact


def record(*, facts: Sequence[AuditFact], acting: Actor, now: datetime) -> None:
    """Write one row for each fact, unchained, in the current transaction; the sealing job chains them later."""
