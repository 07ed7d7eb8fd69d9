"""Applications for tests: fictional people, real operations."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from ebok.access.domain import GrantRole, StaffRole
from ebok.access.models import User
from ebok.access.operations import create_user, make_staff
from ebok.audit.domain import Actor, ActorKind
from ebok.enrolment.domain.application_views import ApplicationView, StartedApplication
from ebok.enrolment.domain.applications import Answers, ApplicantKind, RepresentationBasis
from ebok.enrolment.operations import save_draft, start_application, submit_application
from ebok.enrolment.queries.applications import application
from ebok.terms.domain import TermsText
from ebok.terms.operations import publish_terms
from ebok.terms.queries import terms_in_force

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ANYBODY = Actor(kind=ActorKind.ANONYMOUS, name="portal", address="192.0.2.7")
PESEL = "44051401359"
OTHER_PESEL = "02070803628"
NIP = "5265877635"
CLAUSE = "2026-11-22"
PERSON = Answers(
    kind=ApplicantKind.PERSON, name="Anna Nowak", email="anna@example.com", phone="+48600100200", street="ul. Polna",
    house="1", postal_code="05-400", city="Otwock", account_numbers=("100001",), role=GrantRole.OWNER,
)  # fmt: skip
ORGANIZATION = Answers(
    kind=ApplicantKind.ORGANIZATION, name="Wspólnota Polna 1", nip=NIP, representative="Jan Kowalski",
    basis=RepresentationBasis.COMMUNITY, email="biuro@example.com", street="ul. Polna", house="1",
    postal_code="05-400", city="Otwock", account_numbers=("100001",), role=GrantRole.OWNER,
)  # fmt: skip


def the_terms(today: date = TODAY, now: datetime = NOW) -> TermsText:
    """The regulations in force, published when there are none."""
    return terms_in_force(today=today) or publish_terms(
        text="## § 1\n\n1. Usługi są bezpłatne.\n", title="Regulamin eBOK", version="1", valid_from=today, today=today,
        acting=ANYBODY, now=now,
    )  # fmt: skip


def a_draft(answers: Answers = PERSON, *, pesel: str = "", client_id: UUID | None = None) -> StartedApplication:
    started = start_application(
        client_id=client_id or uuid4(), kind=answers.kind or ApplicantKind.PERSON, acting=ANYBODY, now=NOW
    )
    save_draft(application_id=started.application_id, answers=answers, pesel=pesel, now=NOW)
    return started


def submit(started: StartedApplication, **more: object) -> str:
    asked = {
        "application_id": started.application_id, "code": started.code, "terms_version_id": the_terms().id,
        "clause_version": CLAUSE, "today": TODAY, "acting": ANYBODY, "now": NOW,
    } | more  # fmt: skip
    return submit_application(**asked)


def sent(answers: Answers = PERSON, *, pesel: str = PESEL) -> StartedApplication:
    started = a_draft(answers, pesel=pesel)
    submit(started)
    return started


def clerk(username: str = "basia") -> int:
    """The id of a clerk's login, made on first use."""
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found.pk
    made = create_user(
        username=username, password="zielony traktor liczy gwiazdy", email="", full_name=username.title(),
        acting=ANYBODY, now=NOW,
    )  # fmt: skip
    make_staff(username=username, role=StaffRole.CLERK, acting=ANYBODY, now=NOW)
    return made.user_id


def seen(application_id: int) -> ApplicationView:
    found = application(application_id=application_id)
    assert found is not None
    return found


def decide(operation: Callable[..., object], application_id: int, *, by: str = "basia", **more: object) -> object:
    """Let a clerk do something with what they see."""
    staff_id = clerk(by)
    asked = {
        "application_id": application_id, "seen": seen(application_id).seen, "staff_id": staff_id,
        "acting": Actor(kind=ActorKind.STAFF, name=str(staff_id)), "now": NOW,
    } | more  # fmt: skip
    return operation(**asked)
