"""Runs that send invoices by e-mail: started by a person or by cron, advanced by one job, stopped and resumed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.einvoicing.domain import AdvanceRuns, SendingStage
from ebok.einvoicing.models import Sending, SendingRun
from ebok.einvoicing.operations.documents import make_documents
from ebok.einvoicing.operations.failures import put_on_paper
from ebok.einvoicing.operations.mailing import NO_DOCUMENT, ToMail, ended_before_issue, mail_invoices
from ebok.einvoicing.queries.documents import document_troubles
from ebok.einvoicing.queries.runs import ready_to_send
from ebok.foundation.background import Job, enqueue
from ebok.foundation.crash_points import reached
from ebok.notifications.operations import hold_group, open_group, release_group
from ebok.notifications.queries import group_progress

ADVANCE_RUNS = Job(name="einvoicing.advance_runs", payload=AdvanceRuns)
BATCH: Final = 500
"""Invoices of one transaction."""
SLICE: Final = timedelta(seconds=20)
"""How long one call goes on beginning batches, so that other jobs get their turn."""
_JOB: Final = Actor(kind=ActorKind.JOB, name="einvoicing.runs")


class RunRefusal(StrEnum):
    """Why a run cannot be started, stopped or resumed."""

    NOTHING_TO_SEND = "nothing_to_send"
    ONE_IS_STOPPED = "one_is_stopped"
    """Somebody stopped a run, mostly because something is wrong: it is resumed before another one starts."""
    NO_SUCH_RUN = "no_such_run"
    HAS_ENDED = "has_ended"
    NOT_STOPPED = "not_stopped"
    ALREADY_STOPPED = "already_stopped"


class UnableToStartRun(ValueError):
    """No run was started; `reason` says why."""

    def __init__(self, reason: RunRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class UnableToChangeRun(ValueError):
    """The run stays as it is; `reason` says why."""

    def __init__(self, reason: RunRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def start_run(*, acting: Actor, now: datetime) -> int:
    """Take every invoice that waits to be sent by e-mail into a new run, and wake the job. Returns the run's id.

    Of two started at once one takes them all and the other is refused.

    :raises UnableToStartRun: when nothing waits, or another run is stopped.
    """
    if SendingRun.objects.filter(ended_at__isnull=True, stopped_at__isnull=False).exists():
        raise UnableToStartRun(RunRefusal.ONE_IS_STOPPED)
    group_id = open_group(name=f"Faktury {now:%Y-%m-%d}", now=now)
    run = SendingRun.objects.create(started_at=now, started_by=_name(acting), group_id=group_id)
    # The stage is asked of the row itself, so that of two updates the later one finds it taken.
    waiting = Sending.objects.filter(state=SendingStage.WAITING.value, pk__in=ready_to_send().values("pk"))
    taken = waiting.update(state=SendingStage.QUEUED.value, run=run)
    if not taken:
        raise UnableToStartRun(RunRefusal.NOTHING_TO_SEND)
    fact = AuditFact(action="einvoicing.run_start", subject=f"run:{run.id}", details={"invoices": taken})
    record(facts=[fact], acting=acting, now=now)
    enqueue(ADVANCE_RUNS, AdvanceRuns(), once="all")
    return run.id


@transaction.atomic
def stop_run(*, run_id: int, acting: Actor, now: datetime) -> None:
    """Queue and send nothing more of a run until it is resumed. What the server has stays sent.

    :raises UnableToChangeRun: when there is no such run, or it has ended or is stopped.
    """
    run = _open_run(run_id)
    if run.stopped_at is not None:
        raise UnableToChangeRun(RunRefusal.ALREADY_STOPPED)
    run.stopped_at, run.stopped_by = now, _name(acting)
    run.save(update_fields=["stopped_at", "stopped_by"])
    hold_group(group_id=run.group_id, now=now)
    record(facts=[AuditFact(action="einvoicing.run_stop", subject=f"run:{run_id}")], acting=acting, now=now)


@transaction.atomic
def resume_run(*, run_id: int, acting: Actor, now: datetime) -> None:
    """Go on with a stopped run.

    :raises UnableToChangeRun: when there is no such run, or it has ended or is not stopped.
    """
    run = _open_run(run_id)
    if run.stopped_at is None:
        raise UnableToChangeRun(RunRefusal.NOT_STOPPED)
    run.stopped_at, run.stopped_by = None, ""
    run.save(update_fields=["stopped_at", "stopped_by"])
    release_group(group_id=run.group_id, now=now)
    record(facts=[AuditFact(action="einvoicing.run_resume", subject=f"run:{run_id}")], acting=acting, now=now)
    enqueue(ADVANCE_RUNS, AdvanceRuns(), once="all")


def advance_runs(*, clock: Callable[[], datetime]) -> int:
    """Make messages of what open runs have taken, a batch a transaction, for `SLICE` or so; the oldest run first.

    Returns how many invoices were dealt with; call again until it is 0. Killed anywhere it goes on where it was:
    an invoice is a message when its batch is committed, and never twice. The caller holds `Lock.INVOICE_RUNS`.

    :raises UnableToMakeDocuments: when no document can be sealed or stored now; nothing is lost by it.
    """
    done, until = 0, clock() + SLICE
    for run_id in list(_going().order_by("id").values_list("id", flat=True)):
        while clock() < until and (ids := _next(run_id)):
            done += _advance(run_id, ids, clock())
        _end(run_id, clock())
    return done


def _going() -> QuerySet[SendingRun]:
    return SendingRun.objects.filter(ended_at__isnull=True, stopped_at__isnull=True)


def _next(run_id: int) -> list[int]:
    if not _going().filter(id=run_id).exists():
        return []
    queued = Sending.objects.filter(run=run_id, state=SendingStage.QUEUED.value)
    return list(queued.order_by("transmission_id").values_list("transmission_id", flat=True)[:BATCH])


def _advance(run_id: int, ids: Sequence[int], now: datetime) -> int:
    made = make_documents(invoice_ids=ids, now=now)
    reached("invoice_runs.documents_made")
    with transaction.atomic():
        run = SendingRun.objects.select_for_update().get(id=run_id)
        dealt = 0 if run.stopped_at is not None else _queue(run, ids, made, now)
        reached("invoice_runs.before_commit")
    reached("invoice_runs.after_commit")
    return dealt


def _queue(run: SendingRun, ids: Sequence[int], made: Mapping[int, bytes], now: datetime) -> int:
    queued = Sending.objects.filter(run=run, state=SendingStage.QUEUED.value, transmission_id__in=ids)
    rows = list(queued.select_for_update(of=("self",)).select_related("transmission").order_by("transmission_id"))
    paper = ended_before_issue(ways=[row.transmission for row in rows])
    for row in rows:
        if row.pk in paper:
            put_on_paper(row.transmission, "", _JOB, now)
    return len(paper) + _mail([row for row in rows if row.pk not in paper], run, made, now)


def _mail(rows: Sequence[Sending], run: SendingRun, made: Mapping[int, bytes], now: datetime) -> int:
    wanted = [ToMail(way=r.transmission, number=1, document=made[r.pk]) for r in rows if r.pk in made]
    unfit = mail_invoices(wanted=wanted, group_id=run.group_id, now=now)
    without = [row.pk for row in rows if row.pk not in made]
    troubles = document_troubles(invoice_ids=without) if without else {}
    unfit |= {one: troubles.get(one, NO_DOCUMENT) for one in without}
    handed = [one.way.pk for one in wanted if one.way.pk not in unfit]
    Sending.objects.filter(transmission_id__in=handed).update(state=SendingStage.HANDED.value)
    for one, words in unfit.items():
        Sending.objects.filter(transmission_id=one).update(
            state=SendingStage.STUCK.value, words=words[:500], stuck_at=now
        )
    return len(rows)


@transaction.atomic
def _end(run_id: int, now: datetime) -> None:
    """A run has ended when the outbox has nothing of it left to try."""
    run = _going().select_for_update().filter(id=run_id).first()
    if run is None or Sending.objects.filter(run=run, state=SendingStage.QUEUED.value).exists():
        return
    if not group_progress(group_id=run.group_id).waiting:
        SendingRun.objects.filter(id=run_id).update(ended_at=now)


def _open_run(run_id: int) -> SendingRun:
    run = SendingRun.objects.select_for_update().filter(id=run_id).first()
    if run is None:
        raise UnableToChangeRun(RunRefusal.NO_SUCH_RUN)
    if run.ended_at is not None:
        raise UnableToChangeRun(RunRefusal.HAS_ENDED)
    return run


def _name(acting: Actor) -> str:
    return f"{acting.kind.value}:{acting.name}"
