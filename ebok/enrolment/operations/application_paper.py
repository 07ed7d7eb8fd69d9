"""A form that came on paper, entered by staff with its scan."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ebok.access.queries import staff_member
from ebok.audit.domain import Actor
from ebok.documents.operations import check_scan, keep_scan
from ebok.enrolment.domain.application_views import StartedApplication
from ebok.enrolment.domain.applications import (
    MOST_ACCOUNTS,
    Answers,
    ApplicantKind,
    ApplicationChannel,
    ApplicationState,
)
from ebok.enrolment.operations.application_drafts import send, start_application, write_answers
from ebok.enrolment.operations.application_steps import (
    ApplicationRefusal,
    UnableToApply,
    locked,
    tell_received,
)
from ebok.enrolment.queries.applications import SCAN
from ebok.terms.domain import AcceptanceChannel


@transaction.atomic
def enter_paper_application(
    *,
    client_id: UUID,
    answers: Answers,
    pesel: str,
    scan: bytes,
    terms_version_id: int,
    clause_version: str,
    staff_id: int,
    acting: Actor,
    now: datetime,
) -> StartedApplication:
    """Enter a signed paper form, once for each `client_id`; it waits to be decided like one sent online, by
    another person.

    `terms_version_id` is the version the person signed for, which need not be the one in force by now. The number
    and code are told by e-mail when there is one, and returned to be handed over.

    :raises UnableToTakeScan: when the file is no scan.
    :raises UnableToApply: when something is unanswered, or who enters it is no staff.
    """
    _check_entering(staff_id, answers)
    checked = check_scan(scan)
    kind = answers.kind or ApplicantKind.PERSON
    started = start_application(
        client_id=client_id, kind=kind, channel=ApplicationChannel.PAPER, acting=acting, now=now
    )
    row = locked(started.application_id)
    if row.state != ApplicationState.DRAFT.value:
        return started
    write_answers(row, answers, pesel)
    row.entered_by_id = staff_id
    row.scan_sha256, row.scan_media_type = keep_scan(scan=checked, purpose=SCAN, now=now), checked.media_type
    send(
        row, terms_version_id=terms_version_id, clause_version=clause_version, channel=AcceptanceChannel.PAPER,
        acting=acting, now=now,
    )  # fmt: skip
    tell_received(row, code=started.code, now=now)
    return started


def _check_entering(staff_id: int, answers: Answers) -> None:
    if staff_member(user_id=staff_id) is None:
        raise UnableToApply(ApplicationRefusal.NOT_STAFF)
    if len(answers.account_numbers) > MOST_ACCOUNTS:
        raise UnableToApply(ApplicationRefusal.TOO_MANY_ACCOUNTS)
