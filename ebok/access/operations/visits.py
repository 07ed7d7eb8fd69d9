"""A member of staff opens a customer: with a reason, on record once a visit."""

from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from ebok.access.domain import StaffAction, StaffMember
from ebok.access.models import CustomerVisit
from ebok.access.queries import account_numbers, session_digest, visit_of
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record

REASON_MAX_LENGTH = 512


class VisitRefusal(StrEnum):
    """Why a customer was not opened."""

    NOT_ALLOWED = "not_allowed"
    NO_REASON = "no_reason"
    REASON_TOO_LONG = "reason_too_long"
    UNKNOWN_ACCOUNT = "unknown_account"


class UnableToOpenCustomer(ValueError):
    """Nothing was opened; `reason` says why."""

    def __init__(self, reason: VisitRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def open_customer(
    *, staff: StaffMember, account_id: int, reason: str, session_key: str, acting: Actor, now: datetime
) -> int:
    """Open a customer's account in this session of a member of staff, and return the visit's id.

    One row of audit a visit: while it is open, opening again changes nothing and keeps the first reason.

    :raises UnableToOpenCustomer: when the role may not, the reason is missing, or there is no such account.
    """
    _check(staff, account_id, reason.strip())
    present = visit_of(session_key=session_key, account_id=account_id)
    if present is not None:
        return present.visit_id
    row = CustomerVisit(staff_id=staff.user_id, account_id=account_id, reason=reason.strip(), opened_at=now)
    row.session_hmac = session_digest(session_key)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _opened_beside(session_key, account_id)
    fact = AuditFact(
        action="customer.open", subject=f"account:{account_id}", account_id=account_id, reason=row.reason,
        details={"visit": row.id},
    )  # fmt: skip
    record(facts=[fact], acting=acting, now=now)
    return row.id


def leave_customer(*, session_key: str, account_id: int | None, now: datetime) -> None:
    """Close the session's visit to this account, or all its visits; opening again asks for a reason again."""
    rows = CustomerVisit.objects.filter(session_hmac=session_digest(session_key), closed_at__isnull=True)
    (rows if account_id is None else rows.filter(account_id=account_id)).update(closed_at=now)


def _check(staff: StaffMember, account_id: int, reason: str) -> None:
    if not staff.may(StaffAction.OPEN_CUSTOMER):
        raise UnableToOpenCustomer(VisitRefusal.NOT_ALLOWED)
    if not reason:
        raise UnableToOpenCustomer(VisitRefusal.NO_REASON)
    if len(reason) > REASON_MAX_LENGTH:
        raise UnableToOpenCustomer(VisitRefusal.REASON_TOO_LONG)
    if not account_numbers([account_id]):
        raise UnableToOpenCustomer(VisitRefusal.UNKNOWN_ACCOUNT)


def _opened_beside(session_key: str, account_id: int) -> int:
    """The visit that another request of the same session has just opened."""
    present = visit_of(session_key=session_key, account_id=account_id)
    if present is None:
        raise UnableToOpenCustomer(VisitRefusal.UNKNOWN_ACCOUNT)
    return present.visit_id
