"""Invoices that go on paper and are the billing system's to print, for the export that tells it of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings

from ebok.customers.domain import CustomerScope
from ebok.einvoicing.domain import Carrier, Channel
from ebok.einvoicing.models import InvoiceTransmission, PaperFallback

EMAIL_FAILED: Final = "email_failed"
"""The reason of what was to be mailed; of the others it is that of the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperToPrint:
    """One invoice for the billing system to print: why it goes on paper, and since when. `place` is for the cursor."""

    place: int
    number: str
    kind: str
    account_number: str
    issue_date: date
    reason: str
    since: datetime


def paper_decided_after(*, scope: CustomerScope, position: int, limit: int) -> list[PaperToPrint]:
    """Invoices past `position` that were decided to go on paper from the billing system, in the order of deciding.

    None but those issued since eBOK delivers: the billing system printed the others before.

    :raises PermissionError: when the scope is not the whole of it; the export is for machines only.
    """
    _only_whole(scope)
    if settings.EBOK_DELIVER_SINCE is None:
        return []
    rows = InvoiceTransmission.objects.filter(
        invoice_id__gt=position,
        channel=Channel.PAPER.value,
        carried_by=Carrier.BILLING.value,
        invoice__issue_date__gte=settings.EBOK_DELIVER_SINCE,
    )
    rows = rows.select_related("invoice", "account").defer("invoice__content")
    return [_paper(row, row.invoice_id, row.reason, row.decided_at) for row in rows.order_by("invoice_id")[:limit]]


def paper_fallen_back_after(*, scope: CustomerScope, position: int, limit: int) -> list[PaperToPrint]:
    """Invoices past `position` whose mail failed for good while the billing system printed, in that order.

    What is in a print batch here is not told, whatever else is known of it.

    :raises PermissionError: when the scope is not the whole of it; the export is for machines only.
    """
    _only_whole(scope)
    rows = PaperFallback.objects.filter(
        id__gt=position, carried_by=Carrier.BILLING.value, transmission__print__isnull=True
    )
    rows = rows.select_related("transmission__invoice", "transmission__account").defer("transmission__invoice__content")
    return [_paper(row.transmission, row.id, EMAIL_FAILED, row.since) for row in rows.order_by("id")[:limit]]


def _paper(way: InvoiceTransmission, place: int, reason: str, since: datetime) -> PaperToPrint:
    return PaperToPrint(
        place=place,
        number=way.invoice.number,
        kind=way.invoice.kind,
        account_number=way.account.number,
        issue_date=way.invoice.issue_date,
        reason=reason,
        since=since,
    )


def _only_whole(scope: CustomerScope) -> None:
    if scope.account_ids is not None:
        raise PermissionError("the export of paper needs the whole scope")
