"""Every background task: the name a room declared, bound to one operation."""

from typing import Final

from procrastinate.contrib.django import app

from ebok.access.operations import forget_past_resets
from ebok.audit.operations import seal_rows
from ebok.documents import operations as documents
from ebok.foundation import background, clock, limits
from ebok.notifications.domain import DeliverMessages
from ebok.notifications.operations import DELIVER, deliver_due


@app.periodic(cron="* * * * * */10")
@app.task(name="audit.seal", queueing_lock="audit.seal", pass_context=False)
def seal_audit(timestamp: int) -> None:
    """Chain the audit rows committed since the last run. `timestamp` is when the run was due."""
    seal_rows(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=False)
async def retry_stalled_jobs(timestamp: int) -> None:
    """Queue again the jobs of workers that died. `timestamp` is when the run was due."""
    await background.retry_stalled()


ONE_DELIVERY: Final = "notifications.delivery"
"""Delivery runs one at a time: a mail server that hangs never takes all that a worker can do at once."""


@background.handles(DELIVER, lock=ONE_DELIVERY)
def deliver_messages(run: DeliverMessages) -> None:
    """Try every message that is due."""
    deliver_due(clock=clock.now)


@app.periodic(cron="* * * * *")
@app.task(name="notifications.retry", queueing_lock="notifications.retry", lock=ONE_DELIVERY, pass_context=False)
def retry_messages(timestamp: int) -> None:
    """Try again the messages whose time has come. `timestamp` is when the run was due."""
    deliver_due(clock=clock.now)


@app.periodic(cron="17 * * * *")
@app.task(name="jobs.forget", queueing_lock="jobs.forget", pass_context=False)
def forget_what_has_run_out(timestamp: int) -> None:
    """Delete counters, reset codes and half-written files left behind. `timestamp` is when the run was due."""
    limits.forget_past(now=clock.now())
    forget_past_resets(now=clock.now())
    documents.sweep(now=clock.now())
