"""Applications in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from ebok.enrolment.domain.application_views import ApplicationLine, ApplicationView, AskedAccount, StaffStep
from ebok.enrolment.domain.applications import (
    Answers,
    ApplicantKind,
    ApplicationChannel,
    ApplicationState,
    RepresentationBasis,
    StepKind,
)
from ebok.foundation.formats import moment, short_date
from ebok.kernel.phones import shown_phone
from ebok.office.words import waiting_for

STATES: Final[Mapping[ApplicationState, tuple[str, str, str]]] = {
    ApplicationState.RECEIVED: ("Nowy", "soon", "clock"),
    ApplicationState.ASKED: ("Czeka na odpowiedź", "", "question"),
    ApplicationState.ANSWERED: ("Jest odpowiedź", "soon", "clock"),
    ApplicationState.HALF_ACCEPTED: ("Czeka na drugą osobę", "soon", "people"),
    ApplicationState.ACCEPTED: ("Przyjęty", "done", "check"),
    ApplicationState.REFUSED: ("Odrzucony", "late", "cross"),
    ApplicationState.WITHDRAWN: ("Wycofany", "", "info"),
}
"""Each state an office sees: its word, color and icon."""
FILTERS: Final[Mapping[str, ApplicationState]] = {
    "nowe": ApplicationState.RECEIVED,
    "z-odpowiedzia": ApplicationState.ANSWERED,
    "druga-osoba": ApplicationState.HALF_ACCEPTED,
    "dopytane": ApplicationState.ASKED,
    "przyjete": ApplicationState.ACCEPTED,
    "odrzucone": ApplicationState.REFUSED,
    "wycofane": ApplicationState.WITHDRAWN,
}
STEPS: Final = {
    StepKind.SUBMITTED: "Wniosek złożony",
    StepKind.ASKED: "Pytanie do wnioskodawcy",
    StepKind.ANSWERED: "Odpowiedź wnioskodawcy",
    StepKind.ACCEPTED: "Przyjęcie",
    StepKind.CONFIRMED: "Potwierdzenie drugiej osoby",
    StepKind.REFUSED: "Odrzucenie",
    StepKind.WITHDRAWN: "Wycofanie",
}
BASES: Final = {
    RepresentationBasis.REGISTER: "wpis w KRS albo CEIDG",
    RepresentationBasis.AUTHORITY: "pełnomocnictwo",
    RepresentationBasis.COMMUNITY: "zarząd albo zarządca wspólnoty",
}
KINDS: Final = {ApplicantKind.PERSON: "osoba", ApplicantKind.ORGANIZATION: "firma lub instytucja"}
CHANNELS: Final = {ApplicationChannel.ONLINE: "przez internet", ApplicationChannel.PAPER: "na papierze"}


def application_line(one: ApplicationLine, *, now: datetime) -> dict[str, str]:
    """One row of the list."""
    word, kind, icon = STATES[one.state]
    return {
        "id": str(one.application_id),
        "number": one.number,
        "name": one.name,
        "who": KINDS[one.kind],
        "channel": CHANNELS[one.channel],
        "accounts": str(one.accounts),
        "sent": short_date(one.submitted_at.date()),
        "age": waiting_for(now - one.waits_since),
        "decide_by": short_date(one.decide_by.date()),
        "late": "po terminie" if one.state.waits_for_staff and one.decide_by < now else "",
        "state": word,
        "state_kind": kind,
        "state_icon": icon,
    }


def answers_facts(answers: Answers) -> list[tuple[str, str]]:
    """What the applicant says, label by label; what was not said is left out."""
    number = f"{answers.house}/{answers.flat}" if answers.flat else answers.house
    told = [
        ("Kto składa", KINDS[answers.kind] if answers.kind else ""),
        ("Imię i nazwisko albo nazwa", answers.name),
        ("PESEL", "podany, porównany z danymi na koncie" if answers.pesel_given else ""),
        ("NIP", answers.nip),
        ("Kto reprezentuje", answers.representative),
        ("Na jakiej podstawie", BASES[answers.basis] if answers.basis else ""),
        ("E-mail", answers.email),
        ("Telefon", shown_phone(answers.phone)),
        ("Adres", f"{answers.street} {number}, {answers.postal_code} {answers.city}".strip()),
        ("O jaki dostęp prosi", answers.role.word if answers.role else ""),
        ("Uzasadnienie", answers.ground),
    ]
    return [(label, value) for label, value in told if value]


def asked_line(one: AskedAccount) -> dict[str, object]:
    """One account asked for, beside what is on file: each comparison as a word, color and icon."""
    if one.account_id is None:
        return {"number": one.number, "id": "", "name": "Nie ma takiego konta", "checks": [], "owner": "", "closed": ""}
    compared = (("PESEL lub NIP", one.identity_fits), ("E-mail", one.email_fits), ("Telefon", one.phone_fits))
    return {
        "number": one.number,
        "id": str(one.account_id),
        "name": one.holder_name,
        "closed": "konto zamknięte" if one.closed else "",
        "checks": [(label, *_FITS[fits]) for label, fits in compared],
        "owner": "ma właściciela" if one.has_owner else "bez właściciela",
    }


_FITS: Final = {
    None: ("nie ma czego porównać", "", "info"),
    True: ("zgadza się", "done", "check"),
    False: ("różni się", "late", "late"),
}


def step_lines(steps: Iterable[StaffStep], *, names: Mapping[int, str]) -> list[dict[str, str]]:
    """The history of an application, the newest first."""
    return [
        {
            "at": moment(step.at),
            "what": STEPS[step.kind],
            "who": _who(step, names),
            "words": step.words,
            "note": step.note,
        }
        for step in reversed(list(steps))
    ]


def _who(step: StaffStep, names: Mapping[int, str]) -> str:
    if step.actor_kind == "staff" and step.actor_name.isdecimal():
        return names.get(int(step.actor_name), "biuro")
    return "wnioskodawca"


def staff_ids(view: ApplicationView) -> set[int]:
    """The logins of staff that the history names."""
    return {int(step.actor_name) for step in view.steps if step.actor_kind == "staff" and step.actor_name.isdecimal()}
