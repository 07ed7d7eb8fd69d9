"""An application as its applicant, the office and the paper form show it."""

from dataclasses import dataclass
from datetime import date, datetime

from ebok.billing.domain.visualization import OfficeFacts
from ebok.enrolment.domain.applications import (
    Answers,
    ApplicantKind,
    ApplicationChannel,
    ApplicationState,
    StepKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedApplication:
    """A draft just begun: its number, and the code (ungrouped) by which its applicant comes back to it."""

    application_id: int
    number: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An application as its applicant left it.

    `terms_version_id` and `clause_version` are the texts it was sent under: None and empty until it is sent.
    """

    application_id: int
    number: str
    state: ApplicationState
    answers: Answers
    changed_at: datetime
    terms_version_id: int | None
    clause_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantStep:
    """A step as the applicant sees it: no name of staff, no inner note."""

    kind: StepKind
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantView:
    """A submitted application as its applicant sees it. `question` is the one to answer, empty when there is none."""

    application_id: int
    number: str
    state: ApplicationState
    answers: Answers
    submitted_at: datetime
    decide_by: datetime
    question: str
    reason: str
    steps: tuple[ApplicantStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffStep:
    """A step as staff see it: who did it (`actor_name` is a user's id for staff), and the inner note."""

    kind: StepKind
    at: datetime
    actor_kind: str
    actor_name: str
    words: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationLine:
    """An application in the office's list. `waits_since` is the moment of its last step."""

    application_id: int
    number: str
    kind: ApplicantKind
    name: str
    accounts: int
    state: ApplicationState
    channel: ApplicationChannel
    submitted_at: datetime
    waits_since: datetime
    decide_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """A submitted application as staff see it. `seen` is what an operation is given back: how many steps were seen.

    `entered_by` is the user who typed in a paper form, `accepted_by` the one who accepted first, `accepted_accounts`
    the accounts they accepted it for (ids).
    """

    application_id: int
    number: str
    state: ApplicationState
    channel: ApplicationChannel
    answers: Answers
    submitted_at: datetime
    decide_by: datetime
    terms_version_id: int
    clause_version: str
    has_scan: bool
    entered_by: int | None
    accepted_by: int | None
    accepted_accounts: tuple[int, ...]
    steps: tuple[StaffStep, ...]
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAccount:
    """One account number asked for, beside what is on file. Shown to staff only.

    `account_id` is None when there is no such account. The comparisons are None where there is nothing to compare:
    the applicant did not say, or nothing is on file.
    """

    number: str
    account_id: int | None = None
    holder_name: str = ""
    closed: bool = False
    identity_fits: bool | None = None
    email_fits: bool | None = None
    phone_fits: bool | None = None
    has_owner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormText:
    """A part of the information clause on paper: its heading and its lines, items of lists marked as they are read."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationForm:
    """What the paper form shows: an application's answers, or boxes to fill by hand when `answers` is None.

    `number` is empty for the empty form. `terms` names the regulations (title and version), `terms_accepted` says
    that they were accepted online.
    """

    number: str
    answers: Answers | None
    printed_on: date
    terms: str
    terms_accepted: bool
    clause: tuple[FormText, ...]
    office: OfficeFacts
    site: str
