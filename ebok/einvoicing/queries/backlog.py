"""What waits for the office: what the next run would send by kind, and failures nobody has dealt with."""

from dataclasses import dataclass

from django.db.models import Count, Min, Q

from ebok.billing.domain.invoices import InvoiceKind
from ebok.einvoicing.domain import Backlog, Channel, SendingStage
from ebok.einvoicing.models import MailFailure, Sending
from ebok.einvoicing.queries.runs import ready_to_send


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingKinds:
    """How many the next run would take: invoices, corrections, and copies of what went through KSeF."""

    invoices: int
    corrections: int
    copies: int


def waiting_kinds() -> WaitingKinds:
    """Count what waits to be sent by e-mail, by kind."""
    copy = Q(transmission__channel=Channel.KSEF.value)
    correction = Q(transmission__invoice__kind=InvoiceKind.KOR.value)
    found = ready_to_send().aggregate(
        invoices=Count("pk", filter=~copy & ~correction),
        corrections=Count("pk", filter=~copy & correction),
        copies=Count("pk", filter=copy),
    )
    return WaitingKinds(**found)


def failures_waiting() -> Backlog:
    """How many failed mailings and invoices without a message wait for the office, and since when the oldest does."""
    failed = MailFailure.objects.filter(settled__isnull=True).aggregate(count=Count("id"), oldest=Min("failed_at"))
    stuck = Sending.objects.filter(state=SendingStage.STUCK.value).aggregate(count=Count("pk"), oldest=Min("stuck_at"))
    moments = [one["oldest"] for one in (failed, stuck) if one["oldest"] is not None]
    return Backlog(count=failed["count"] + stuck["count"], oldest=min(moments, default=None))
