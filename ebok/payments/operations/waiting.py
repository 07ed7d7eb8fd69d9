"""Books credits that waited, once their account or invoice is known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.payments.domain import UnmatchedReason, clues_of
from ebok.payments.models import UnmatchedMovement
from ebok.payments.operations.settling import Outcome, Parking, Pending, locate, outcomes_of_credits, write
from ebok.payments.queries import movement_of, waiting

TRIED_AGAIN: Final = (UnmatchedReason.UNKNOWN_PAYER, UnmatchedReason.CONTRADICTORY)


BATCH: Final = 1_000


def match_waiting(*, scope: CustomerScope, acting: Actor, now: datetime) -> int:
    """Try waiting credits again, after accounts or invoices came; a credit taken back meanwhile is left alone.

    Returns how many were booked. Batches of 1,000, each a transaction.
    """
    booked, after = 0, 0
    while True:
        count, after = _match_batch(scope=scope, after=after, acting=acting, now=now)
        booked += count
        if not after:
            return booked


@transaction.atomic
def _match_batch(*, scope: CustomerScope, after: int, acting: Actor, now: datetime) -> tuple[int, int]:
    """Try the next batch; returns how many were booked, and the last movement looked at (0 = no more)."""
    lock_key(Lock.STATEMENTS)
    rows = list(waiting(reasons=[r.value for r in TRIED_AGAIN], after=after)[:BATCH])
    if not rows:
        return 0, 0
    pending = [_pending(row) for row in rows]
    located = locate(scope=scope, pending=pending)
    before = {row.pk: row.reason for row in rows}
    outcomes = outcomes_of_credits(scope=scope, pending=pending, located=located)
    changed = [o for o in outcomes if not _still(o, before[o.pending.movement_id])]
    return _book(changed, acting, now), rows[-1].pk


def _book(changed: Sequence[Outcome], acting: Actor, now: datetime) -> int:
    if not changed:
        return 0
    UnmatchedMovement.objects.filter(pk__in=[o.pending.movement_id for o in changed]).delete()
    booked = write(outcomes=changed, acting=acting, now=now)
    fact = AuditFact(action="payments.match_waiting", subject="movements", details={"booked": booked})
    record(facts=[fact], acting=acting, now=now)
    return booked


def _pending(row: UnmatchedMovement) -> Pending:
    movement = row.movement
    read = movement_of(movement)
    return Pending(movement_id=row.pk, fingerprint=bytes(movement.fingerprint), movement=read, clues=clues_of(read))


def _still(outcome: Outcome, reason: str) -> bool:
    return isinstance(outcome, Parking) and outcome.reason.value == reason
