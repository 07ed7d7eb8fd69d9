"""Which customers a member of staff has open."""

from ebok.access.domain import OpenVisit
from ebok.access.models import CustomerVisit
from ebok.foundation.digests import keyed_digest


def visit_of(*, session_key: str, account_id: int) -> OpenVisit | None:
    """The visit to this account that is open in the session, None when its reason was not typed there yet."""
    session = session_digest(session_key)
    row = CustomerVisit.objects.filter(session_hmac=session, account_id=account_id, closed_at__isnull=True).first()
    if row is None:
        return None
    return OpenVisit(
        visit_id=row.id,
        staff_id=row.staff_id,
        account_id=row.account_id,
        reason=row.reason,
        opened_at=row.opened_at,
    )


def session_digest(session_key: str) -> bytes:
    """What is kept of a session's key."""
    return keyed_digest(purpose="customer_visit", value=session_key)
