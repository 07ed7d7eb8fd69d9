"""The application for access: what is asked, which steps it may take, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from ebok.access.domain import GrantRole

MOST_ACCOUNTS: Final = 20
NAME_LONGEST: Final = 256
"""How long the name of an applicant may be: organizations have longer ones than people."""
DRAFT_LIFETIME: Final = timedelta(days=30)
"""How long a draft nobody touches is kept."""
ANSWERED_WITHIN: Final = timedelta(days=14)
"""How soon the utility says it decides (§ 6 of the regulations)."""
WORDS_MAX_LENGTH: Final = 2_000
"""How long a question, an answer, a reason or a note may be."""


class ApplicantKind(StrEnum):
    """Who asks for access."""

    PERSON = "person"
    ORGANIZATION = "organization"


class RepresentationBasis(StrEnum):
    """Why somebody may ask in the name of an organization."""

    REGISTER = "register"
    """Entered in KRS or CEIDG as who represents it."""
    AUTHORITY = "authority"
    """A power of attorney."""
    COMMUNITY = "community"
    """The board or manager of a housing community."""

    @property
    def words(self) -> str:
        """The basis in Polish, as the form says it."""
        return _BASES[self]


_BASES: Final = {
    RepresentationBasis.REGISTER: "wpis w KRS albo CEIDG",
    RepresentationBasis.AUTHORITY: "pełnomocnictwo",
    RepresentationBasis.COMMUNITY: "zarząd albo zarządca wspólnoty lub spółdzielni",
}
ROLES: Final[Mapping[GrantRole, str]] = {
    GrantRole.OWNER: "Właściciel dostępu: wszystko, także dawanie dostępu innym",
    GrantRole.FULL: "Pełny dostęp: wszystko poza dawaniem dostępu innym",
    GrantRole.PAYER: "Płatnik: saldo, faktury i płacenie",
    GrantRole.INVOICES: "Tylko faktury",
    GrantRole.READINGS: "Tylko odczyty",
}
"""What can be asked for, as the form says it."""


class ApplicationChannel(StrEnum):
    """How an application came."""

    ONLINE = "online"
    PAPER = "paper"


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    RECEIVED = "received"
    ASKED = "asked"
    """The applicant has a question to answer."""
    ANSWERED = "answered"
    HALF_ACCEPTED = "half_accepted"
    """One member of staff accepted one of an organization, or for its account; another has to confirm."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_final(self) -> bool:
        """Whether nothing follows."""
        return self in {ApplicationState.ACCEPTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}

    @property
    def waits_for_staff(self) -> bool:
        """Whether a member of staff has something to do."""
        return self in {ApplicationState.RECEIVED, ApplicationState.ANSWERED, ApplicationState.HALF_ACCEPTED}


class StepKind(StrEnum):
    """What was done to an application."""

    SUBMITTED = "submitted"
    ASKED = "asked"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_S, _K = ApplicationState, StepKind
_WITH_STAFF: Final = (_S.RECEIVED, _S.ANSWERED)
_OPEN: Final = (*_WITH_STAFF, _S.ASKED, _S.HALF_ACCEPTED)
NEXT: Final[Mapping[tuple[ApplicationState, StepKind], ApplicationState]] = {
    (_S.DRAFT, _K.SUBMITTED): _S.RECEIVED,
    **{(state, _K.ASKED): _S.ASKED for state in (*_WITH_STAFF, _S.HALF_ACCEPTED)},
    (_S.ASKED, _K.ANSWERED): _S.ANSWERED,
    **{(state, _K.ACCEPTED): _S.ACCEPTED for state in _WITH_STAFF},
    (_S.HALF_ACCEPTED, _K.CONFIRMED): _S.ACCEPTED,
    **{(state, _K.REFUSED): _S.REFUSED for state in _OPEN},
    **{(state, _K.WITHDRAWN): _S.WITHDRAWN for state in _OPEN},
}
"""The steps there are. What is not here cannot happen."""


def after(*, state: ApplicationState, step: StepKind, needs_two: bool) -> ApplicationState | None:
    """The state after a step, None when the step is not possible. `needs_two`: it takes two acceptances."""
    found = NEXT.get((state, step))
    if step is StepKind.ACCEPTED and found and needs_two:
        return ApplicationState.HALF_ACCEPTED
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the applicant says of themselves and asks for. Empty where nothing was said yet.

    `pesel_given` says that a PESEL was typed: itself it is kept only as a keyed HMAC. `role` is what is asked for
    on every account; `ground` says why, for a role other than owner.
    """

    kind: ApplicantKind | None = None
    name: str = ""
    pesel_given: bool = False
    nip: str = ""
    representative: str = ""
    basis: RepresentationBasis | None = None
    email: str = ""
    phone: str = ""
    street: str = ""
    house: str = ""
    flat: str = ""
    postal_code: str = ""
    city: str = ""
    account_numbers: tuple[str, ...] = ()
    role: GrantRole | None = None
    ground: str = ""


class FormPage(StrEnum):
    """The pages of the form, in their order."""

    WHO = "who"
    DETAILS = "details"
    CONTACT = "contact"
    ACCOUNTS = "accounts"
    WISH = "wish"


def is_answered(page: FormPage, answers: Answers) -> bool:
    """Whether everything a page asks for has been said."""
    organization = answers.kind is ApplicantKind.ORGANIZATION
    return {
        FormPage.WHO: answers.kind is not None,
        FormPage.DETAILS: bool(
            answers.name and (not organization or (answers.nip and answers.representative and answers.basis))
        ),
        FormPage.CONTACT: bool(
            (answers.email or answers.phone) and answers.house and answers.postal_code and answers.city
        ),
        FormPage.ACCOUNTS: bool(answers.account_numbers),
        FormPage.WISH: answers.role is not None and bool(answers.ground or answers.role is GrantRole.OWNER),
    }[page]


def first_unanswered(answers: Answers) -> FormPage | None:
    """The first page that still lacks something, None when the whole form is answered."""
    return next((page for page in FormPage if not is_answered(page, answers)), None)


def number_of(*, year: int, count: int) -> str:
    """The number of an application: `EB/2026/000123`."""
    return f"EB/{year}/{count:06d}"


def plain_number(typed: str) -> str:
    """The number somebody meant, whatever they put between its parts; empty when it cannot be one."""
    bare = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    digits = bare.removeprefix("EB")
    if not digits.isdigit() or not len("2026") < len(digits) <= len("2026000123"):
        return ""
    return number_of(year=int(digits[:4]), count=int(digits[4:]))
