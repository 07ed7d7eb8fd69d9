"""What holders have changed about their accounts, and what they ask to be changed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from ebok.customers.domain import (
    Address,
    ContactChange,
    ContactField,
    ContactValue,
    CustomerScope,
    DataChange,
    DataField,
    LastWord,
    RequestState,
    effective,
    parts_of,
)
from ebok.customers.models import ContactChange as Row
from ebok.customers.models import CustomerAccount, DataChangeDecision, DataChangeRequest
from ebok.foundation.clock import day_start

Last = dict[tuple[int, ContactField], LastWord]
"""The last change of each contact that was ever changed, by account and field."""


def last_words(*, account_ids: Iterable[int] | None) -> Last:
    """The last change of every contact of these accounts, None for all: one query."""
    rows = Row.objects.order_by("account_id", "field", "-id").distinct("account_id", "field")
    if account_ids is not None:
        rows = rows.filter(account_id__in=list(account_ids))
    return {
        (row.account_id, ContactField(row.field)): LastWord(new=row.new, registry_value=row.registry_value)
        for row in rows
    }


def registry_value(row: CustomerAccount, field: ContactField) -> ContactValue:
    """What the registry says of a contact."""
    if field is ContactField.EMAIL:
        return row.email
    return row.phone if field is ContactField.PHONE else parts_of(registry_correspondence(row))


def registry_correspondence(row: CustomerAccount) -> Address:
    """The correspondence address the registry gives; empty when it is that of the account."""
    return Address(
        street=row.correspondence_street,
        house=row.correspondence_house,
        flat=row.correspondence_flat,
        postal_code=row.correspondence_postal_code,
        city=row.correspondence_city,
    )


def text_in_force(row: CustomerAccount, field: ContactField, last: Last) -> str:
    """The e-mail address or phone number that holds."""
    value = effective(registry=registry_value(row, field), last=last.get((row.id, field)))
    return value if isinstance(value, str) else ""


def correspondence_in_force(row: CustomerAccount, last: Last) -> Address:
    """The correspondence address that holds; empty when it is that of the account."""
    field = ContactField.CORRESPONDENCE
    value = effective(registry=registry_value(row, field), last=last.get((row.id, field)))
    return Address(**value) if isinstance(value, dict) else registry_correspondence(row)


def contact_change(*, scope: CustomerScope, change_id: int) -> ContactChange | None:
    """One change by its number, or None when it is not in scope."""
    row = Row.objects.select_related("account").filter(id=change_id).first()
    return _change(row) if row is not None and scope.allows(row.account_id) else None


def contact_changes_after(*, scope: CustomerScope, position: int, limit: int) -> list[ContactChange]:
    """Changes by people past `position`, in the order they were made.

    :raises PermissionError: when the scope is not the whole of it; the export is for machines only.
    """
    _only_whole(scope)
    rows = Row.objects.filter(id__gt=position).exclude(by=Row.BY_REGISTRY).select_related("account").order_by("id")
    return [_change(row) for row in rows[:limit]]


def waiting_data_changes(*, scope: CustomerScope) -> list[DataChange]:
    """Requests nobody has decided yet, the longest waiting first."""
    rows = requests_seen(scope=scope).filter(decision__isnull=True).select_related("account").order_by("id")
    return [_request(row, None) for row in rows]


def data_changes(*, scope: CustomerScope, limit: int) -> list[DataChange]:
    """Requests of the accounts in scope, newest first, decided or not."""
    rows = requests_seen(scope=scope).select_related("account", "decision").order_by("-id")
    return [_request(row, getattr(row, "decision", None)) for row in rows[:limit]]


def data_change(*, scope: CustomerScope, request_id: int) -> DataChange | None:
    """One request, or None when it is not in scope."""
    row = requests_seen(scope=scope).select_related("account", "decision").filter(id=request_id).first()
    return None if row is None else _request(row, getattr(row, "decision", None))


def approved_data_changes_after(*, scope: CustomerScope, position: int, limit: int) -> list[tuple[int, DataChange]]:
    """Requests approved past `position`, in the order they were approved, each with its place.

    :raises PermissionError: when the scope is not the whole of it; the export is for machines only.
    """
    _only_whole(scope)
    rows = DataChangeDecision.objects.filter(id__gt=position, approved=True).select_related("request__account")
    return [(row.id, _request(row.request, row)) for row in rows.order_by("id")[:limit]]


def _only_whole(scope: CustomerScope) -> None:
    if scope.account_ids is not None:
        raise PermissionError("the export of changes needs the whole scope")


def seen_since(*, scope: CustomerScope) -> dict[int, datetime]:
    """From which moment on what was asked for and done is seen, for accounts that were somebody else's before."""
    windows = scope.windows.items()
    return {account: day_start(window.since) for account, window in windows if window.since is not None}


def requests_seen(*, scope: CustomerScope) -> QuerySet[DataChangeRequest]:
    """The requests of the accounts in scope, none of a former holder's time."""
    rows = DataChangeRequest.objects.all()
    if scope.account_ids is not None:
        rows = rows.filter(account_id__in=scope.account_ids)
    for account_id, moment in seen_since(scope=scope).items():
        rows = rows.exclude(account_id=account_id, asked_at__lt=moment)
    return rows


def _change(row: Row) -> ContactChange:
    return ContactChange(
        id=row.id,
        account_id=row.account_id,
        account_number=row.account.number,
        field=ContactField(row.field),
        old=row.old,
        new=row.new,
        at=row.at,
    )


def _request(row: DataChangeRequest, decision: DataChangeDecision | None) -> DataChange:
    decided = RequestState.APPROVED if decision and decision.approved else RequestState.REFUSED
    return DataChange(
        id=row.id,
        account_id=row.account_id,
        account_number=row.account.number,
        what=DataField(row.what),
        wanted=row.wanted,
        why=row.why,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        state=RequestState.WAITING if decision is None else decided,
        reason=decision.reason if decision else "",
        decided_at=decision.decided_at if decision else None,
    )
