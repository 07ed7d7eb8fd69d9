"""Runs that send invoices: what they would take, and how far each is."""

from collections import Counter

from django.db.models import Count, Min, QuerySet

from ebok.billing.queries import registered_in_ksef
from ebok.einvoicing.domain import Backlog, Channel, RunProgress, SendingStage
from ebok.einvoicing.models import Sending, SendingRun
from ebok.foundation.lookups import among
from ebok.notifications.queries import group_progress

SHOWN = 20


def ready_to_send() -> QuerySet[Sending]:
    """Sendings a run can take now: not those of a buyer with a NIP whose KSeF number has not come."""
    waiting = Sending.objects.filter(state=SendingStage.WAITING.value)
    copies = waiting.filter(transmission__channel=Channel.KSEF.value).values_list("transmission_id", flat=True)
    numbered = registered_in_ksef(invoice_ids=list(copies))
    invoices = waiting.filter(transmission__channel=Channel.EMAIL.value)
    return invoices | waiting.filter(among("transmission_id", numbered)) if numbered else invoices


def to_send() -> Backlog:
    """How many invoices the next run would take, and since when the oldest waits."""
    found = ready_to_send().aggregate(count=Count("transmission_id"), oldest=Min("transmission__decided_at"))
    return Backlog(count=found["count"], oldest=found["oldest"])


def runs(*, limit: int = SHOWN) -> list[RunProgress]:
    """The newest runs and how far each is."""
    return [_progress(run) for run in SendingRun.objects.order_by("-id")[:limit]]


def run_progress(*, run_id: int) -> RunProgress | None:
    """How far one run is, None when there is none of this id."""
    run = SendingRun.objects.filter(id=run_id).first()
    return None if run is None else _progress(run)


def open_runs() -> list[RunProgress]:
    """Runs that have not ended, the oldest first."""
    return [_progress(run) for run in SendingRun.objects.filter(ended_at__isnull=True).order_by("id")]


def _progress(run: SendingRun) -> RunProgress:
    stages = Counter[SendingStage]()
    for stage, count in Sending.objects.filter(run=run).values_list("state").annotate(count=Count("pk")):
        stages[SendingStage(stage)] += count
    mail = group_progress(group_id=run.group_id)
    return RunProgress(
        run_id=run.id,
        started_at=run.started_at,
        started_by=run.started_by,
        stopped_at=run.stopped_at,
        stopped_by=run.stopped_by,
        ended_at=run.ended_at,
        taken=stages.total(),
        queued=stages[SendingStage.QUEUED] + mail.queued,
        sending=mail.sending,
        sent=mail.sent,
        delivered=mail.delivered,
        temporary=mail.temporary,
        permanent=mail.permanent,
        stuck=stages[SendingStage.STUCK],
        paper=stages[SendingStage.PAPER],
    )
