"""Which customer accounts a user reaches, and who reaches an account."""

from collections.abc import Collection
from datetime import date, datetime, time

from django.utils import timezone

from ebok.access.domain import AccountGrant, GrantRole, HeldGrant, HeldGrants
from ebok.access.models import Grant, GrantQuerySet
from ebok.audit.queries import last_deeds
from ebok.customers.domain import CustomerScope, DocumentWindow


def grants_of(*, user_id: int, today: date) -> HeldGrants:
    """Everything granted to the user today. Asked on every request, so a revocation works at once."""
    rows = Grant.objects.held(today).filter(user_id=user_id, user__is_active=True)
    values = rows.values_list("account_id", "role", "ends_on", "documents_from")
    return HeldGrants(user_id=user_id, grants=tuple(_held(*row, today) for row in values))


def had_access(*, user_id: int) -> bool:
    """Say whether anything was ever granted to the login, in force or not."""
    return Grant.objects.filter(user_id=user_id).exists()


def _held(account_id: int, role: str, ends_on: date | None, since: date | None, today: date) -> HeldGrant:
    former = ends_on is not None and ends_on <= today
    window = DocumentWindow(since=since, until=ends_on if former else None)
    return HeldGrant(account_id=account_id, role=GrantRole(role), former=former, window=window)


def owners(*, account_id: int, today: date) -> GrantQuerySet:
    """The ownerships of the account in force today, the oldest first."""
    return (
        Grant.objects.in_force(today)
        .filter(account_id=account_id, role=GrantRole.OWNER.value, user__is_active=True)
        .select_related("user")
        .order_by("id")
    )


def has_owner(*, account_id: int, today: date) -> bool:
    """Say whether somebody owns the account today."""
    return owners(account_id=account_id, today=today).exists()


def owned_before(*, account_id: int, user_id: int, today: date) -> bool:
    """Say whether the login owned the account once and that has ended."""
    return Grant.objects.left(today).filter(account_id=account_id, user_id=user_id).exists()


def owners_left(*, account_ids: Collection[int], today: date) -> dict[int, datetime]:
    """When the last ownership of each account ended, for those where one has.

    The later of its last day's end and of the moment that was put down: until then its holder read the post.
    """
    rows = Grant.objects.left(today).filter(account_id__in=account_ids)
    found: dict[int, datetime] = {}
    for held in rows:
        at = _left_at(held, today)
        found[held.account_id] = max(at, found.get(held.account_id, at))
    return found


def _left_at(held: Grant, today: date) -> datetime:
    if held.ends_on is None or held.ends_on > today:
        return held.revoked_at or held.given_at
    last_day = timezone.make_aware(datetime.combine(held.ends_on, time.min))
    return max(last_day, held.ended_at or last_day)


def people_with_access(*, scope: CustomerScope, today: date) -> list[AccountGrant]:
    """Whom the accounts in scope are open to today, by account: owners first, then the oldest grants first."""
    rows = within(Grant.objects.in_force(today), scope).select_related("user", "given_by_user")
    ranked = sorted(rows, key=lambda row: (row.account_id, row.role != GrantRole.OWNER.value, row.id))
    used = last_deeds(account_ids={row.account_id for row in ranked})
    return [
        AccountGrant(
            grant_id=row.id,
            account_id=row.account_id,
            user_id=row.user_id,
            name=row.user.get_full_name(),
            role=GrantRole(row.role),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            given_by=row.given_by_user.get_full_name() if row.given_by_user else "",
            ground=row.ground,
            last_used=used.get((row.account_id, row.user_id)),
        )
        for row in ranked
    ]


def within(rows: GrantQuerySet, scope: CustomerScope) -> GrantQuerySet:
    """Only grants to accounts in scope."""
    return rows if scope.account_ids is None else rows.filter(account_id__in=scope.account_ids)
