"""Books credits that waited, once their account or invoice is known."""

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
from ebok.payments.operations.settling import Outcome, Parking, Pending, outcomes_of_credits, write
from ebok.payments.queries import movement_of, waiting

TRIED_AGAIN: Final = (UnmatchedReason.UNKNOWN_PAYER, UnmatchedReason.CONTRADICTORY)


@transaction.atomic
def match_waiting(*, scope: CustomerScope, acting: Actor, now: datetime) -> int:
    """Try waiting credits again, after accounts or invoices came; a credit taken back meanwhile is left alone.

    Returns how many were booked.
    """
    lock_key(Lock.STATEMENTS)
    rows = list(waiting(reasons=[r.value for r in TRIED_AGAIN]))
    before = {row.pk: row.reason for row in rows}
    outcomes = outcomes_of_credits(scope=scope, pending=[_pending(row) for row in rows])
    changed = [o for o in outcomes if not _still(o, before[o.pending.movement_id])]
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
