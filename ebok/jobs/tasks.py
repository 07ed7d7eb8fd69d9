"""Every background task: the name a room declared, bound to one operation."""

from procrastinate.contrib.django import app

from ebok.audit.operations import seal_rows
from ebok.foundation import background, clock


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
