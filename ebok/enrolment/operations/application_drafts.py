"""Beginning an application, keeping its draft, and sending it."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ebok.access.domain.codes import LONG_CODE_ALPHABET, LONG_CODE_LETTERS
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.operations import pesel_digest
from ebok.enrolment.domain.application_views import StartedApplication
from ebok.enrolment.domain.applications import (
    DRAFT_LIFETIME,
    MOST_ACCOUNTS,
    NAME_LONGEST,
    Answers,
    ApplicantKind,
    ApplicationChannel,
    ApplicationState,
    StepKind,
    first_unanswered,
    number_of,
)
from ebok.enrolment.models import Application, ApplicationCounter
from ebok.enrolment.operations.application_steps import (
    ApplicationRefusal,
    UnableToApply,
    locked,
    take_step,
    tell_received,
)
from ebok.enrolment.queries.applications import answers_of, code_digest, fits_code
from ebok.foundation.bulk import count_up
from ebok.foundation.digests import keyed_digest
from ebok.kernel.identifiers import holds_pesel
from ebok.kernel.names import LONGEST, person_name
from ebok.terms.domain import AcceptanceChannel
from ebok.terms.operations import UnableToAcceptTerms, accept_terms
from ebok.terms.queries import terms_in_force

_BITS_A_LETTER: Final = 5


@transaction.atomic
def start_application(
    *,
    client_id: UUID,
    kind: ApplicantKind,
    acting: Actor,
    now: datetime,
    channel: ApplicationChannel = ApplicationChannel.ONLINE,
) -> StartedApplication:
    """Begin a draft, once for each `client_id`: the same form sent twice begins one, with the same number and code.

    `client_id` is a random UUID made by the server when the form was first shown; it is as secret as the code that
    follows from it, and neither is kept.
    """
    code = _code_of(client_id)
    row = Application.objects.filter(client_hmac=_client_digest(client_id)).first()
    if row is None:
        row = _begin(client_id, code, kind=kind, channel=channel, acting=acting, now=now)
    return StartedApplication(application_id=row.id, number=row.number, code=code)


def _begin(
    client_id: UUID, code: str, *, kind: ApplicantKind, channel: ApplicationChannel, acting: Actor, now: datetime
) -> Application:
    """Make the draft; of several at once one makes it, and the others are given it."""
    row, is_new = Application.objects.get_or_create(
        client_hmac=_client_digest(client_id),
        defaults={
            "number": _next_number(now),
            "code_hmac": code_digest(code),
            "state": ApplicationState.DRAFT.value,
            "channel": channel.value,
            "kind": kind.value,
            "started_at": now,
            "changed_at": now,
        },
    )
    if is_new:
        record(facts=[AuditFact(action="application.start", subject=f"application:{row.id}")], acting=acting, now=now)
    return row


@transaction.atomic
def save_draft(*, application_id: int, answers: Answers, now: datetime, pesel: str | None = None) -> None:
    """Keep what the applicant has said so far.

    `pesel` None leaves the kept digest as it is, an empty one forgets it; it is kept only as a keyed HMAC. Answers
    are those the form has checked; here only what would break a promise is refused.

    :raises UnableToApply: when the draft was sent already, or is no more, or a PESEL stands in its ground, or a
        name is none.
    """
    row = locked(application_id)
    if row.state != ApplicationState.DRAFT.value:
        raise UnableToApply(ApplicationRefusal.ALREADY_SENT)
    if len(answers.account_numbers) > MOST_ACCOUNTS:
        raise UnableToApply(ApplicationRefusal.TOO_MANY_ACCOUNTS)
    write_answers(row, answers, pesel)
    row.changed_at = now
    row.save()


@transaction.atomic
def submit_application(
    *,
    application_id: int,
    code: str,
    terms_version_id: int,
    clause_version: str,
    today: date,
    acting: Actor,
    now: datetime,
) -> str:
    """Send a draft: the regulations accepted, the information clause shown. Sent twice it is sent once.

    Returns its number.

    :raises UnableToApply: when something is unanswered, or the regulations in force are not those accepted.
    """
    row = locked(application_id)
    if not fits_code(row, code):
        raise UnableToApply(ApplicationRefusal.NO_SUCH_APPLICATION)
    if row.state != ApplicationState.DRAFT.value:
        return row.number
    terms = terms_in_force(today=today)
    if terms is None or terms.id != terms_version_id:
        raise UnableToApply(ApplicationRefusal.TERMS)
    send(
        row,
        terms_version_id=terms_version_id,
        clause_version=clause_version,
        channel=AcceptanceChannel.ONLINE,
        acting=acting,
        now=now,
    )
    tell_received(row, code=code, now=now)
    return row.number


def send(
    row: Application,
    *,
    terms_version_id: int,
    clause_version: str,
    channel: AcceptanceChannel,
    acting: Actor,
    now: datetime,
) -> None:
    """Take the first step of an application, with its acceptance of the regulations. Of a locked row.

    :raises UnableToApply: when something is unanswered, or there is no such version.
    """
    if first_unanswered(answers_of(row)) is not None:
        raise UnableToApply(ApplicationRefusal.UNANSWERED)
    try:
        accept_terms(who=f"application:{row.id}", version_id=terms_version_id, channel=channel, acting=acting, now=now)
    except UnableToAcceptTerms as error:
        raise UnableToApply(ApplicationRefusal.TERMS) from error
    row.terms_version_id, row.clause_version, row.submitted_at = terms_version_id, clause_version, now
    take_step(row, StepKind.SUBMITTED, acting=acting, now=now)


def forget_old_drafts(*, now: datetime) -> int:
    """Delete drafts nobody touched for `DRAFT_LIFETIME`. Returns how many."""
    old = Application.objects.filter(state=ApplicationState.DRAFT.value, changed_at__lt=now - DRAFT_LIFETIME)
    return old.delete()[0]


def write_answers(row: Application, answers: Answers, pesel: str | None) -> None:
    """Put answers into a row. A person has no NIP and nobody who represents them, an organization no PESEL.

    :raises UnableToApply: when a PESEL stands in the ground, which is kept as it was typed, or a name is none.
    """
    person = answers.kind is ApplicantKind.PERSON
    name = _name(answers.name, longest=NAME_LONGEST)
    representative = "" if person else _name(answers.representative, longest=LONGEST)
    if holds_pesel(answers.ground):
        raise UnableToApply(ApplicationRefusal.WORDS)
    row.kind = answers.kind.value if answers.kind else ""
    row.name, row.representative = name, representative
    row.nip = "" if person else answers.nip
    row.basis = "" if person or answers.basis is None else answers.basis.value
    row.email, row.phone = answers.email, answers.phone
    row.street, row.house, row.flat = answers.street, answers.house, answers.flat
    row.postal_code, row.city = answers.postal_code, answers.city
    row.account_numbers = list(answers.account_numbers)
    row.role = answers.role.value if answers.role else ""
    row.ground = answers.ground
    if pesel is not None or not person:
        row.pesel_hmac = pesel_digest(pesel=pesel) if pesel and person else None


def _name(typed: str, *, longest: int) -> str:
    """What was typed as a name, empty when nothing was yet."""
    name = person_name(typed, longest=longest) if typed else ""
    if name is None:
        raise UnableToApply(ApplicationRefusal.WORDS)
    return name


def _next_number(now: datetime) -> str:
    year = timezone.localdate(now).year
    return number_of(year=year, count=count_up(ApplicationCounter, key={"year": year}, column="last", others={}))


def _client_digest(client_id: UUID) -> bytes:
    return keyed_digest(purpose="enrolment.application.client", value=str(client_id))


def _code_of(client_id: UUID) -> str:
    """Twenty letters, 100 bits, that only this server can make of the id."""
    number = int.from_bytes(keyed_digest(purpose="enrolment.application.code_of", value=str(client_id)), "big")
    places = range(0, LONG_CODE_LETTERS * _BITS_A_LETTER, _BITS_A_LETTER)
    return "".join(LONG_CODE_ALPHABET[number >> place & 31] for place in places)
