"""Reading the audit trail and proving its chain."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Max

from ebok.audit.domain import UNSEALED_LIMIT, ActorKind, AuditReport, SealedRow, first_broken
from ebok.audit.models import AuditRow, AuditSeal, UnsealedRow

_CHUNK: Final = 2_000
_OVERDUE_NAMED: Final = 100


def chain_key() -> bytes:
    """The key of the chain's hashes; without it nobody can mend a chain they have broken."""
    return b"audit-chain:" + str(settings.EBOK_HMAC_KEY).encode()


def content_of(row: AuditRow) -> dict[str, Any]:
    """Everything a row says, as its seal covers it."""
    return {
        "id": row.id,
        "at": row.at.astimezone(UTC).isoformat(),
        "actor": [row.actor_kind, row.actor_name, row.actor_address],
        "action": row.action,
        "subject": row.subject,
        "account_id": row.account_id,
        "reason": row.reason,
        "result": row.result,
        "details": row.details,
    }


def prove_chain(*, now: datetime) -> AuditReport:
    """Recompute every seal from the first one, and name rows unsealed for too long."""
    proved, head, broken_at = first_broken(key=chain_key(), rows=_sealed_rows())
    return AuditReport(proved=proved, head=head, broken_at=broken_at, overdue=_overdue(now))


def broken_promises(*, now: datetime) -> list[str]:
    """I9: the audit chain is unbroken. One sentence for each thing that breaks it."""
    report = prove_chain(now=now)
    broken = [] if report.broken_at is None else [f"łańcuch audytu pęka na pozycji {report.broken_at}"]
    return broken + [f"wpis audytu {row_id} czeka na pieczęć ponad minutę" for row_id in report.overdue]


def _sealed_rows() -> Iterator[SealedRow]:
    seals = AuditSeal.objects.select_related("row").order_by("position")
    for seal in seals.iterator(chunk_size=_CHUNK):
        yield SealedRow(
            position=seal.position, row_id=seal.row_id, content=content_of(seal.row), chain_hash=bytes(seal.chain_hash)
        )


def _overdue(now: datetime) -> tuple[int, ...]:
    """Rows without a seal, found by the seals themselves and not by the waiting list, which could be cut."""
    late = AuditRow.objects.filter(seal__isnull=True, at__lt=now - UNSEALED_LIMIT).order_by("id")
    return tuple(late.values_list("id", flat=True)[:_OVERDUE_NAMED])


def last_deeds(*, account_ids: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """When each login last did something that is on record, by account and login."""
    rows = AuditRow.objects.filter(account_id__in=list(account_ids), actor_kind=ActorKind.USER.value)
    last = rows.order_by().values_list("account_id", "actor_name").annotate(last=Max("at"))
    return {(account, int(name)): at for account, name, at in last if account is not None and name.isdecimal()}


def unsealed(*, limit: int) -> list[AuditRow]:
    """The next committed rows without a seal, in id order."""
    waiting = UnsealedRow.objects.select_related("row").order_by("row_id")[:limit]
    return [entry.row for entry in waiting]
