"""Applications as their applicants and the office see them."""

import hmac
from dataclasses import dataclass
from typing import Final

from django.db.models import Max

from ebok.access.domain import GrantRole, plain_long_code
from ebok.documents.domain import Scan
from ebok.documents.queries import read_scan
from ebok.enrolment.domain.application_views import (
    ApplicantStep,
    ApplicantView,
    ApplicationLine,
    ApplicationView,
    Draft,
    StaffStep,
)
from ebok.enrolment.domain.applications import (
    ANSWERED_WITHIN,
    Answers,
    ApplicantKind,
    ApplicationChannel,
    ApplicationState,
    RepresentationBasis,
    StepKind,
    plain_number,
)
from ebok.enrolment.models import ActivationCode, Application, ApplicationStep
from ebok.foundation.digests import keyed_digest

GROUND_MAX_LENGTH: Final = 256
SCAN: Final = "enrolment.application_scan"
"""The purpose scans are encrypted for."""


def applications(*, state: ApplicationState | None = None) -> list[ApplicationLine]:
    """Submitted applications, the oldest first; of one state, or all that wait for staff."""
    rows = Application.objects.submitted().order_by("submitted_at", "id")
    wanted = [state] if state else [one for one in ApplicationState if one.waits_for_staff]
    rows = rows.filter(state__in=[one.value for one in wanted]).annotate(last_step=Max("steps__at"))
    return [_line(row) for row in rows]


def application(*, application_id: int) -> ApplicationView | None:
    """One submitted application as staff see it, None when there is none: drafts are their applicants' own."""
    row = Application.objects.submitted().filter(id=application_id).first()
    return None if row is None else _view(row)


def application_by_code(*, number: str, code: str) -> int | None:
    """The id of the application of this number and code, draft or sent; None when they do not belong together.

    The same work whether there is such a number or not.
    """
    row = Application.objects.filter(number=plain_number(number)).first()
    return row.id if fits_code(row, plain_long_code(code)) and row is not None else None


def application_state(*, number: str, code: str) -> ApplicantView | None:
    """A sent application as its applicant sees it, found by number and code."""
    found = application_by_code(number=number, code=code)
    return None if found is None else applicant_view(application_id=found)


def applicant_view(*, application_id: int) -> ApplicantView | None:
    """A sent application as its applicant sees it: nothing of what the office wrote for itself."""
    row = Application.objects.submitted().filter(id=application_id).first()
    return None if row is None else _applicant(row)


def draft(*, application_id: int) -> Draft | None:
    """An application as its applicant left it, sent or not."""
    row = Application.objects.filter(id=application_id).first()
    if row is None:
        return None
    return Draft(
        application_id=row.id,
        number=row.number,
        state=ApplicationState(row.state),
        answers=answers_of(row),
        changed_at=row.changed_at,
        terms_version_id=row.terms_version_id,
        clause_version=row.clause_version,
    )


def scan_of(*, application_id: int) -> Scan | None:
    """The scan of a paper application, decrypted; None when it has none.

    :raises DocumentUnavailable: when the stored file cannot be read.
    :raises UnableToDecrypt: when its key is not known.
    """
    row = Application.objects.filter(id=application_id, scan_sha256__isnull=False).first()
    if row is None:
        return None
    name = f"wniosek-{row.number.replace('/', '-')}"
    return read_scan(sha256=bytes(row.scan_sha256 or b""), purpose=SCAN, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedWish:
    """What an accepted application asked for: the role, and the ground written on the grant."""

    role: GrantRole
    ground: str


def wish_behind(*, code_id: int | None) -> AcceptedWish | None:
    """What the application answered by an activation code asked for; None when the code answers none."""
    answered = ActivationCode.objects.filter(id=code_id or 0).values("application_id")
    row = Application.objects.filter(id__in=answered).first()
    if row is None:
        return None
    return AcceptedWish(role=GrantRole(row.role), ground=f"wniosek {row.number}: {row.ground}"[:GROUND_MAX_LENGTH])


def answers_of(row: Application) -> Answers:
    """What a row says of the applicant and their wish."""
    return Answers(
        kind=ApplicantKind(row.kind) if row.kind else None,
        name=row.name,
        pesel_given=row.pesel_hmac is not None,
        nip=row.nip,
        representative=row.representative,
        basis=RepresentationBasis(row.basis) if row.basis else None,
        email=row.email,
        phone=row.phone,
        street=row.street,
        house=row.house,
        flat=row.flat,
        postal_code=row.postal_code,
        city=row.city,
        account_numbers=tuple(row.account_numbers),
        role=GrantRole(row.role) if row.role else None,
        ground=row.ground,
    )


def code_digest(code: str) -> bytes:
    """What is kept of an application's code (ungrouped): a keyed HMAC."""
    return keyed_digest(purpose="enrolment.application.code", value=code)


def fits_code(row: Application | None, code: str) -> bool:
    """Whether the code (ungrouped) is the application's. Takes as long where there is no application."""
    kept = bytes(row.code_hmac) if row is not None else bytes(32)
    return hmac.compare_digest(kept, code_digest(code)) and bool(code)


def _line(row: Application) -> ApplicationLine:
    sent = row.submitted_at or row.started_at
    return ApplicationLine(
        application_id=row.id,
        number=row.number,
        kind=ApplicantKind(row.kind),
        name=row.name,
        accounts=len(row.account_numbers),
        state=ApplicationState(row.state),
        channel=ApplicationChannel(row.channel),
        submitted_at=sent,
        waits_since=getattr(row, "last_step", None) or sent,
        decide_by=sent + ANSWERED_WITHIN,
    )


def _view(row: Application) -> ApplicationView:
    sent = row.submitted_at or row.started_at
    return ApplicationView(
        application_id=row.id,
        number=row.number,
        state=ApplicationState(row.state),
        channel=ApplicationChannel(row.channel),
        answers=answers_of(row),
        submitted_at=sent,
        decide_by=sent + ANSWERED_WITHIN,
        terms_version_id=row.terms_version_id or 0,
        clause_version=row.clause_version,
        has_scan=row.scan_sha256 is not None,
        entered_by=row.entered_by_id,
        accepted_by=row.accepted_by_id,
        accepted_accounts=tuple(row.accepted_accounts),
        steps=tuple(_staff_step(step) for step in _steps(row)),
        seen=row.steps_taken,
    )


def _applicant(row: Application) -> ApplicantView:
    sent = row.submitted_at or row.started_at
    steps = _steps(row)
    said = steps[-1].words if steps else ""
    return ApplicantView(
        application_id=row.id,
        number=row.number,
        state=ApplicationState(row.state),
        answers=answers_of(row),
        submitted_at=sent,
        decide_by=sent + ANSWERED_WITHIN,
        question=said if row.state == ApplicationState.ASKED.value else "",
        reason=said if row.state == ApplicationState.REFUSED.value else "",
        steps=tuple(ApplicantStep(kind=StepKind(step.kind), at=step.at, words=step.words) for step in steps),
    )


def _steps(row: Application) -> list[ApplicationStep]:
    return list(row.steps.order_by("position"))


def _staff_step(step: ApplicationStep) -> StaffStep:
    return StaffStep(
        kind=StepKind(step.kind),
        at=step.at,
        actor_kind=step.actor_kind,
        actor_name=step.actor_name,
        words=step.words,
        note=step.note,
    )
