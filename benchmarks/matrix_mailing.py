"""What the office has of a household's invoices on their way: a run, a failure, a batch, a report."""

from datetime import datetime
from typing import Final
from uuid import uuid4

from ebok.audit.domain import Actor, ActorKind
from ebok.einvoicing.domain import SendingStage
from ebok.einvoicing.domain.checks import CheckWay, Finding
from ebok.einvoicing.models import MailFailure, Mailing, PrintBatch, Sending, SendingRun
from ebok.einvoicing.operations.reports import report_suspicious
from ebok.notifications.operations import open_group

ACTING: Final = Actor(kind=ActorKind.COMMAND, name="matrix")


def on_their_way(*, invoice_id: int, consent_id: int, now: datetime) -> dict[str, int]:
    """Make one of each for this invoice, whichever way it went, by the name of its kind."""
    run = SendingRun.objects.create(started_at=now, started_by="matrix", group_id=open_group(name="matrix", now=now))
    Sending.objects.update_or_create(
        transmission_id=invoice_id,
        defaults={"state": SendingStage.STUCK.value, "run": run, "words": "matrix", "stuck_at": now},
    )
    mailing = Mailing.objects.create(
        transmission_id=invoice_id, number=1, message_key=uuid4(), consent_id=consent_id,
        address="matrix@example.com", document_sha256=bytes(32), made_at=now,
    )  # fmt: skip
    return {
        "run": run.pk,
        "failed invoice": invoice_id,
        "failure": MailFailure.objects.create(mailing=mailing, words="matrix", failed_at=now).pk,
        "batch": PrintBatch.objects.create(made_at=now, made_by="matrix").pk,
        "report": report_suspicious(
            way=CheckWay.TYPED, finding=Finding.CANNOT_CONFIRM, typed={}, acting=ACTING, now=now
        ),
    }
