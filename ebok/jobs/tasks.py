"""Every background task: the name a room declared, bound to one operation."""

from procrastinate.contrib.django import app

from ebok.audit.operations import seal_rows
from ebok.foundation import clock


@app.periodic(cron="* * * * * */10")
@app.task(name="audit.seal", queueing_lock="audit.seal", pass_context=False)
def seal_audit(timestamp: int) -> None:
    """Chain the audit rows committed since the last run. `timestamp` is when the run was due."""
    seal_rows(now=clock.now())
