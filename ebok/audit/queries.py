"""Reading the audit trail and proving its chain."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from django.conf import settings
from django.db import DataError
from django.db.models import Max

from ebok.audit.domain import (
    CHAIN_START,
    UNSEALED_LIMIT,
    ActorKind,
    AuditReport,
    ChainHead,
    Deed,
    LoginDeed,
    SealedRow,
    StaffView,
    first_broken,
)
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


def sealed_time(moment: datetime) -> str:
    """When a row was sealed, as its seal covers it."""
    return moment.astimezone(UTC).isoformat()


def chain_head() -> ChainHead:
    """The end of the chain now, not proved; to be noted where nobody who can change the database can."""
    last = AuditSeal.objects.order_by("-position").first()
    return ChainHead(position=last.position if last else 0, chain_hash=bytes(last.chain_hash) if last else CHAIN_START)


def prove_chain(*, now: datetime, noted: ChainHead | None = None) -> AuditReport:
    """Recompute every seal from the first one, look for the head noted earlier, and name rows unsealed for too long.

    Found is every change of what a sealed row or its seal says, and every row or seal added, moved or taken
    out between others. No change are blanks, the order of keys and the spelling of a number (`1.0`, `1.00`)
    in `details`: PostgreSQL keeps JSON as values. A chain cut at its end holds: `noted` finds that, or the
    log, to which every run of sealing writes the head. A row deleted before its seal (10 seconds) leaves no trace.
    """
    sealed = chain_head().position
    proved, head, broken_at = first_broken(key=chain_key(), rows=_sealed_rows())
    if broken_at is None and proved < sealed:
        # The last seals have no rows any more, so that the walk never met them.
        broken_at = proved + 1
    cut = noted is not None and not _has(noted)
    return AuditReport(proved=proved, head=head, broken_at=broken_at, cut=cut, overdue=_overdue(now))


def _has(head: ChainHead) -> bool:
    if head.position == 0:
        return head.chain_hash == CHAIN_START
    seal = AuditSeal.objects.filter(position=head.position).first()
    return seal is not None and bytes(seal.chain_hash) == head.chain_hash


def broken_promises(*, now: datetime) -> list[str]:
    """I9: the audit chain is unbroken. One sentence for each thing that breaks it."""
    report = prove_chain(now=now)
    broken = [] if report.broken_at is None else [f"łańcuch audytu pęka na pozycji {report.broken_at}"]
    return broken + [f"wpis audytu {row_id} czeka na pieczęć ponad minutę" for row_id in report.overdue]


def _sealed_rows() -> Iterator[SealedRow]:
    """Every seal with its row, in order. At what Python cannot read (the year 20000) the walk ends as broken."""
    seals, last = AuditSeal.objects.select_related("row").order_by("position"), 0
    try:
        for seal in seals.iterator(chunk_size=_CHUNK):
            yield _sealed(seal)
            last = seal.position
    except (DataError, ValueError, OverflowError):
        yield from _up_to_the_unreadable(last)


def _up_to_the_unreadable(last: int) -> Iterator[SealedRow]:
    """A chunk is read as one: find the very row by reading those after `last` one by one."""
    for position in count(last + 1):
        try:
            yield _sealed(AuditSeal.objects.select_related("row").get(position=position))
        except (DataError, ValueError, OverflowError, AuditSeal.DoesNotExist):
            yield SealedRow(position=position, sealed_at="", content=None, chain_hash=b"")


def _sealed(seal: AuditSeal) -> SealedRow:
    return SealedRow(
        position=seal.position,
        sealed_at=sealed_time(seal.sealed_at),
        content=content_of(seal.row),
        chain_hash=bytes(seal.chain_hash),
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


def deeds(
    *,
    account_ids: Iterable[int] | None,
    actor_kind: ActorKind | None = None,
    actor_name: str | None = None,
    actions: Iterable[str] | None = None,
    limit: int,
    before_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    seen_since: Mapping[int, datetime] | None = None,
) -> list[Deed]:
    """What was done or looked at, newest first: at most `limit` rows, older than `before_id` for the next page,
    done from `since` up to, not including, `until`.

    `account_ids` are already scoped by the caller; None means rows of every account and of none, for whoever
    may read the whole trail. `seen_since` holds, for the accounts it names, back what was done before that moment:
    it is of somebody else's time. Every other filter left out lets all rows pass.
    """
    rows = AuditRow.objects.order_by("-id")
    if account_ids is not None:
        rows = rows.filter(account_id__in=list(account_ids))
    if actions is not None:
        rows = rows.filter(action__in=list(actions))
    exact = {
        "actor_kind": actor_kind and actor_kind.value, "actor_name": actor_name, "id__lt": before_id,
        "at__gte": since, "at__lt": until,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
    for moment, accounts in _by_moment(seen_since or {}).items():
        rows = rows.exclude(account_id__in=accounts, at__lt=moment)
    return [_deed(row) for row in rows.defer("details", "actor_address")[:limit]]


def _by_moment(seen_since: Mapping[int, datetime]) -> dict[datetime, list[int]]:
    found: dict[datetime, list[int]] = {}
    for account_id, moment in seen_since.items():
        found.setdefault(moment, []).append(account_id)
    return found


def login_deeds(*, user_id: int, actions: Iterable[str], limit: int) -> list[LoginDeed]:
    """What was done at a login (`AuditFact.subject` is `user:<id>`), newest first, at most `limit`."""
    # The second condition is the index's own; without it PostgreSQL does not see that the index fits.
    rows = AuditRow.objects.filter(subject=f"user:{user_id}", subject__startswith="user:", action__in=list(actions))
    rows = rows.order_by("-id")
    values = rows.values_list("at", "action", "result", "actor_address")[:limit]
    return [LoginDeed(at=at, action=action, result=result, address=address) for at, action, result, address in values]


def staff_views(
    *, account_ids: Iterable[int], limit: int, seen_since: Mapping[int, datetime] | None = None
) -> list[StaffView]:
    """Which staff had these accounts before them, when and why, newest first, at most `limit`.

    Every deed of staff on an account counts, not only the opening of it: whoever decides about an account
    has seen it. `account_ids` are already scoped by the caller, `seen_since` is as for `deeds`.
    """
    found = deeds(account_ids=account_ids, actor_kind=ActorKind.STAFF, limit=limit, seen_since=seen_since)
    return [
        StaffView(
            at=one.at, staff_id=int(one.actor_name), account_id=one.account_id, action=one.action, reason=one.reason
        )
        for one in found
        if one.account_id is not None and one.actor_name.isdecimal()
    ]


def accounts_told_of(*, actions: Collection[str], after: int | None, limit: int) -> list[int]:
    """The next accounts past `after` (None: from the first) of which such a deed is told, by their ids."""
    rows = AuditRow.objects.filter(account_id__isnull=False, action__in=actions).order_by("account_id")
    if after is not None:
        rows = rows.filter(account_id__gt=after)
    found = rows.values_list("account_id", flat=True).distinct()[:limit]
    return [account for account in found if account is not None]


def told_of(*, account_ids: Collection[int], actions: Collection[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The details of every such deed of these accounts, in their order; empty where they are no list of names."""
    rows = AuditRow.objects.filter(account_id__in=account_ids, action__in=actions).order_by("account_id", "id")
    for account, details in rows.values_list("account_id", "details").iterator(chunk_size=_CHUNK):
        if account is not None:
            yield account, details if isinstance(details, dict) else {}


def _deed(row: AuditRow) -> Deed:
    return Deed(
        id=row.id,
        at=row.at,
        actor_kind=ActorKind(row.actor_kind),
        actor_name=row.actor_name,
        action=row.action,
        subject=row.subject,
        account_id=row.account_id,
        reason=row.reason,
        result=row.result,
    )


def unsealed(*, limit: int) -> list[AuditRow]:
    """The next committed rows without a seal, in id order."""
    waiting = UnsealedRow.objects.select_related("row").order_by("row_id")[:limit]
    return [entry.row for entry in waiting]
