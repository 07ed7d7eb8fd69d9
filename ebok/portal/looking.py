"""Writing down that somebody who is not the owner looked at an account, and that anybody took a file of it.

Looking is one row a session, account and kind of page: the session remembers what is written down. It costs an
owner nothing.
"""

from collections.abc import Iterable
from typing import Final

from django.http import HttpRequest

from ebok.access.domain import GrantRole
from ebok.audit.domain import AuditFact
from ebok.audit.operations import record
from ebok.foundation import clock
from ebok.portal.scope import acting_user, held_grants

LOOKED: Final = "account.view"
DOWNLOADED: Final = "document.download"
PANEL, INVOICES, LEDGER, READINGS, PAYING = "panel", "invoices", "ledger", "readings", "paying"
PLACE_WORDS: Final = {
    PANEL: "Start",
    INVOICES: "Faktury",
    LEDGER: "Rozliczenia",
    READINGS: "Odczyty",
    PAYING: "Zapłać",
}
"""The kinds of pages, as the frame calls them."""
_WRITTEN: Final = "looked_at"


def looked(request: HttpRequest, *, place: str, account_ids: Iterable[int | None]) -> None:
    """Note that these accounts were shown on a kind of page to somebody who owns none of them."""
    written: dict[str, list[int]] = request.session.get(_WRITTEN, {})
    own = _owned(request)
    new = sorted({one for one in account_ids if one is not None} - own - set(written.get(place, ())))
    if not new:
        return
    facts = [AuditFact(action=LOOKED, subject=f"page:{place}", account_id=one, details={"place": place}) for one in new]
    record(facts=facts, acting=acting_user(request), now=clock.now())
    request.session[_WRITTEN] = written | {place: [*written.get(place, ()), *new]}


def downloaded(request: HttpRequest, *, taken: Iterable[tuple[str, int]], kind: str) -> None:
    """Note that files were taken: what each is (`invoice:7`, `page:ledger`) and its account.

    `kind` is pdf, xml, zip or csv.
    """
    facts = [AuditFact(action=DOWNLOADED, subject=what, account_id=one, details={"kind": kind}) for what, one in taken]
    record(facts=facts, acting=acting_user(request), now=clock.now())


def _owned(request: HttpRequest) -> set[int]:
    held = held_grants(request).grants
    return {one.account_id for one in held if one.role is GrantRole.OWNER and not one.former}
