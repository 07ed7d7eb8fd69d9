"""Every background task: the name a room declared, bound to one operation."""

from uuid import UUID

import structlog
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ebok.access import operations as access
from ebok.access.operations import forget_past_codes, forget_past_devices
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.operations import seal_rows
from ebok.audit.queries import chain_head
from ebok.customers.domain import ContactChanged, DataChangeDecided
from ebok.customers.operations import CONTACT_CHANGED, DATA_CHANGE_DECIDED
from ebok.documents import operations as documents
from ebok.documents.domain import DocumentUnavailable
from ebok.einvoicing.domain import AdvanceRuns, MakePrints
from ebok.einvoicing.operations.documents import UnableToMakeDocuments, make_missing
from ebok.einvoicing.operations.failures import mail_again, take_failure
from ebok.einvoicing.operations.printing import MAKE_PRINTS, make_file
from ebok.einvoicing.operations.runs import ADVANCE_RUNS, advance_runs
from ebok.einvoicing.operations.ways import decide_missing, some_are_undecided
from ebok.einvoicing.ports import UnableToPrintSupplied
from ebok.einvoicing.queries.printing import batches_without_file
from ebok.enrolment.operations import forget_old_drafts, forget_past_proofs, forget_unprinted
from ebok.foundation import background, clock, limits
from ebok.foundation.bulk import alone_with
from ebok.foundation.locks import Lock
from ebok.notifications.domain import DeliverGroups, DeliverMessages, FailedDelivery
from ebok.notifications.operations import (
    DELIVER,
    DELIVER_GROUPS,
    DELIVERY_FAILED,
    deliver_due,
    deliver_groups,
    give_back_claims,
)
from ebok.notifications.queries import waiting

log = structlog.get_logger(__name__)
_AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4)
"""For news that must not be lost: tried for a day."""


@app.periodic(cron="* * * * * */10")
@app.task(name="audit.seal", queueing_lock="audit.seal", pass_context=False)
def seal_audit(timestamp: int) -> None:
    """Chain the audit rows committed since the last run. `timestamp` is when the run was due.

    The log keeps where the chain ends: whoever cuts the end off in the database is found by it.
    """
    if seal_rows(now=clock.now()):
        log.info("audit.sealed", head=str(chain_head()))


@app.periodic(cron="* * * * *")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=False)
async def retry_stalled_jobs(timestamp: int) -> None:
    """Queue again the jobs of workers that died. `timestamp` is when the run was due."""
    await background.retry_stalled()


@background.handles(CONTACT_CHANGED, retry=_AGAIN)
def tell_of_contact_change(changed: ContactChanged) -> None:
    """Tell everybody who is on file that a contact was changed."""
    access.tell_of_contact_change(account_id=changed.account_id, change_id=changed.change_id, now=clock.now())


@background.handles(DATA_CHANGE_DECIDED, retry=_AGAIN)
def tell_of_data_decision(decided: DataChangeDecided) -> None:
    """Tell whoever asked for other data what was decided."""
    access.tell_of_data_decision(account_id=decided.account_id, request_id=decided.request_id, now=clock.now())


@background.handles(DELIVER)
def deliver_messages(run: DeliverMessages) -> None:
    """Try every message that is due."""
    _deliver_alone()


@app.periodic(cron="* * * * *")
@app.task(name="notifications.retry", queueing_lock="notifications.retry", pass_context=False)
def retry_messages(timestamp: int) -> None:
    """Try again the messages whose time has come. `timestamp` is when the run was due."""
    _deliver_alone()


def _deliver_alone() -> None:
    """Leave the work to a run that is already at it: a mail server that hangs never takes both hands of a worker.

    Asked again after letting go, so that a message whose own job came meanwhile and left is not forgotten. What a
    run has left waiting, because the mail server is down, waits for the next minute.
    """
    seen = set[UUID]()
    while (due := waiting(now=clock.now())) - seen:
        seen |= due
        with alone_with(Lock.DELIVERIES) as ours:
            if not ours:
                return
            deliver_due(clock=clock.now)


@background.handles(DELIVER_GROUPS)
def deliver_message_groups(run: DeliverGroups) -> None:
    """Try every message of a group that is due."""
    _deliver_groups_alone()


@background.handles(DELIVERY_FAILED, retry=_AGAIN)
def take_failed_delivery(failed: FailedDelivery) -> None:
    """Find another way for an invoice whose message is lost."""
    log.warning("notifications.delivery_failed", message_key=failed.message_key)
    take_failure(message_key=UUID(failed.message_key), words=failed.words, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="notifications.retry_groups", queueing_lock="notifications.retry_groups", pass_context=False)
def retry_message_groups(timestamp: int) -> None:
    """Try again the messages of groups whose time has come. `timestamp` is when the run was due."""
    _deliver_groups_alone()


def _deliver_groups_alone() -> None:
    """One run at a time: what a run that died had in hand is nobody's then."""
    with alone_with(Lock.BULK_DELIVERIES) as ours:
        if ours:
            give_back_claims()
            deliver_groups(clock=clock.now, stop=background.stopping)


@app.periodic(cron="*/10 * * * *")
@app.task(name="einvoicing.mail_again", queueing_lock="einvoicing.mail_again", pass_context=False)
def mail_failed_again(timestamp: int) -> None:
    """Send once more the invoices whose first mail failed a day ago. `timestamp` is when the run was due."""
    mail_again(now=clock.now())


@background.handles(ADVANCE_RUNS)
def advance_invoice_runs(runs: AdvanceRuns) -> None:
    """Make messages of what runs have taken, a slice at a time, so that other jobs get their turn."""
    if _advance_alone():
        background.enqueue(ADVANCE_RUNS, runs, once="all")


@app.periodic(cron="* * * * *")
@app.task(name="einvoicing.advance", queueing_lock="einvoicing.advance", pass_context=False)
def go_on_with_invoice_runs(timestamp: int) -> None:
    """Go on with runs whose job died, and end those that have nothing left. `timestamp` is when the run was due."""
    if _advance_alone():
        background.enqueue(ADVANCE_RUNS, AdvanceRuns(), once="all")


def _advance_alone() -> int:
    with alone_with(Lock.INVOICE_RUNS) as ours:
        if not ours:
            return 0
        try:
            return advance_runs(clock=clock.now)
        except UnableToMakeDocuments as error:
            log.warning("einvoicing.no_documents", why=str(error))
            return 0


@app.periodic(cron="*/5 * * * *")
@app.task(name="einvoicing.documents", queueing_lock="einvoicing.documents", pass_context=False)
def make_missing_documents(timestamp: int) -> None:
    """Make and seal the documents of what was booked, or got its KSeF number. `timestamp` is when the run was due."""
    with alone_with(Lock.DOCUMENT_RUNS) as ours:
        if not ours:
            return
        try:
            make_missing(clock=clock.now, stop=background.stopping)
        except UnableToMakeDocuments as error:
            log.error("einvoicing.no_documents", why=str(error))


@background.handles(MAKE_PRINTS)
def make_prints(prints: MakePrints) -> None:
    """Make the files of print batches that have none."""
    _make_prints_alone()


@app.periodic(cron="* * * * *")
@app.task(name="einvoicing.prints", queueing_lock="einvoicing.prints", pass_context=False)
def make_prints_left(timestamp: int) -> None:
    """Make the files whose job died. `timestamp` is when the run was due."""
    _make_prints_alone()


def _make_prints_alone() -> None:
    with alone_with(Lock.INVOICE_PRINTS) as ours:
        for batch_id in batches_without_file() if ours else ():
            try:
                make_file(batch_id=batch_id, now=clock.now())
            except (DocumentUnavailable, UnableToPrintSupplied) as error:
                log.warning("einvoicing.no_print", batch=batch_id, why=str(error))


@app.periodic(cron="*/10 * * * *")
@app.task(name="einvoicing.decide", queueing_lock="einvoicing.decide", pass_context=False)
def decide_what_is_undecided(timestamp: int) -> None:
    """Decide the ways of invoices booked before ways were decided. `timestamp` is when the run was due."""
    acting = Actor(kind=ActorKind.JOB, name="einvoicing.decide")
    # Asked once: counting two long tables takes longer than deciding a batch.
    after = 0
    while (after or some_are_undecided()) and (after := decide_missing(after=after, acting=acting, now=clock.now())):
        if background.stopping():
            return


@app.periodic(cron="1 * * * *")
@app.task(name="access.hand_over", queueing_lock="access.hand_over", pass_context=False)
def hand_over_contacts(timestamp: int) -> None:
    """Give back the contacts of owners whose last day has passed. `timestamp` is when the run was due."""
    acting = Actor(kind=ActorKind.JOB, name="access.hand_over")
    access.hand_over_what_ran_out(today=clock.today(), acting=acting, now=clock.now())


@app.periodic(cron="17 * * * *")
@app.task(name="jobs.forget", queueing_lock="jobs.forget", pass_context=False)
def forget_what_has_run_out(timestamp: int) -> None:
    """Delete counters, reset codes and half-written files left behind. `timestamp` is when the run was due."""
    limits.forget_past(now=clock.now())
    forget_past_codes(now=clock.now())
    forget_past_devices(now=clock.now())
    forget_past_proofs(now=clock.now())
    forget_unprinted(now=clock.now())
    forget_old_drafts(now=clock.now())
    documents.sweep(now=clock.now())
