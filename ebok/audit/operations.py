"""Writing audit rows, and sealing them into a chain."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact, link
from ebok.audit.models import AuditRow, AuditSeal, UnsealedRow
from ebok.audit.queries import chain_head, chain_key, content_of, sealed_time, unsealed
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock

ROWS_A_TRANSACTION: Final = 1_000


def record(*, facts: Sequence[AuditFact], acting: Actor, now: datetime) -> None:
    """Write one row for each fact, unchained, in the current transaction; the sealing job chains them later."""
    AuditRow.objects.bulk_create(_row(fact, acting, now) for fact in facts)


def seal_rows(*, now: datetime) -> int:
    """Chain every committed row that has no seal yet, in id order, one run at a time. Returns how many.

    A transaction still open while others commit gets its rows sealed by a later run: their place in
    the chain is the order of sealing, so a chain never waits and never leaves a row out.
    """
    total = 0
    while sealed := _seal_batch(now):
        total += sealed
    return total


@transaction.atomic
def _seal_batch(now: datetime) -> int:
    lock_key(Lock.AUDIT_SEALS)
    rows = unsealed(limit=ROWS_A_TRANSACTION)
    end = chain_head()
    position, head = end.position, end.chain_hash
    seals = []
    for row in rows:
        position += 1
        head = link(
            key=chain_key(), previous=head, position=position, content=content_of(row), sealed_at=sealed_time(now)
        )
        seals.append(AuditSeal(position=position, row=row, chain_hash=head, sealed_at=now))
    AuditSeal.objects.bulk_create(seals)
    UnsealedRow.objects.filter(row__in=rows).delete()
    return len(seals)


def _row(fact: AuditFact, acting: Actor, now: datetime) -> AuditRow:
    return AuditRow(
        at=now,
        actor_kind=acting.kind.value,
        actor_name=acting.name,
        actor_address=acting.address,
        action=fact.action,
        subject=fact.subject,
        account_id=fact.account_id,
        reason=fact.reason,
        result=fact.result,
        details=dict(fact.details),
    )
