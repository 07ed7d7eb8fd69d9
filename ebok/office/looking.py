"""Writing down that a member of staff had people's data before them without having opened a customer."""

from collections.abc import Collection
from typing import Final

from django.http import HttpRequest

from ebok.audit.domain import AuditFact
from ebok.audit.operations import record
from ebok.foundation import clock
from ebok.office.scope import acting_staff

APPLICATION: Final = "application.view"
REQUEST: Final = "request.view"
CONSENT: Final = "consent.view"
DATA_CHANGE: Final = "customers.data_change_viewed"
APPLICATIONS_LISTED: Final = "application.listed"
REQUESTS_LISTED: Final = "access.listed"
DATA_CHANGES_LISTED: Final = "customers.data_changes_listed"
LETTERS_LISTED: Final = "letter.listed"
UNDELIVERED_LISTED: Final = "notifications.undelivered_viewed"
DELIVERY_FAILURES_LISTED: Final = "invoice.failures_listed"
PRINT_BATCH_FETCHED: Final = "print_batch.pdf"
_WRITTEN: Final = "opened_here"


def opened(request: HttpRequest, *, action: str, subject: str, account_ids: Collection[int]) -> None:
    """Note once a session that this was opened: a row for each account whose data stands on the page, or one row
    without an account when there is none.
    """
    written: dict[str, list[int]] = request.session.get(_WRITTEN, {})
    before = written.get(subject)
    new = sorted(set(account_ids) - set(before or ()))
    if before is not None and not new:
        return
    named: list[int | None] = [*new] or [None]
    facts = [AuditFact(action=action, subject=subject, account_id=one) for one in named]
    record(facts=facts, acting=acting_staff(request), now=clock.now())
    request.session[_WRITTEN] = written | {subject: [*(before or ()), *new]}


def listed(request: HttpRequest, *, action: str, rows: int) -> None:
    """Note that a list with people's names was shown, and how many of them: one row a look."""
    fact = AuditFact(action=action, subject="office", details={"rows": rows})
    record(facts=[fact], acting=acting_staff(request), now=clock.now())
