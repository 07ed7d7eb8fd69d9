"""An application in words: its pages, its answers, where it stands and what comes next."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from ebok.enrolment.domain.application_views import ApplicantView
from ebok.enrolment.domain.applications import (
    ROLES,
    Answers,
    ApplicantKind,
    ApplicationState,
    FormPage,
    StepKind,
)
from ebok.foundation.formats import long_date, moment
from ebok.kernel.phones import shown_phone


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """A page of the form: its address's name, its heading, its word in the list of steps, and a lead."""

    url_name: str
    title: str
    step: str
    lead: str = ""

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.url_name)


PAGES: Final = {
    FormPage.WHO: PageWords(
        url_name="application",
        title="Wniosek o dostęp do eBOK",
        step="Kto",
        lead="Zajmie około 5 minut. Przygotuj fakturę: jest na niej numer konta klienta.",
    ),
    FormPage.DETAILS: PageWords(url_name="application_details", title="Twoje dane", step="Dane"),
    FormPage.CONTACT: PageWords(url_name="application_contact", title="Jak się z Tobą skontaktować?", step="Kontakt"),
    FormPage.ACCOUNTS: PageWords(
        url_name="application_accounts", title="O które konta klienta chodzi?", step="Numery kont"
    ),
    FormPage.WISH: PageWords(url_name="application_wish", title="O jaki dostęp prosisz?", step="Dostęp"),
}
TERMS: Final = PageWords(
    url_name="application_terms", title="Regulamin i dane osobowe", step="Regulamin",
    lead="Przeczytaj regulamin i informację o danych osobowych.",
)  # fmt: skip
CHECK: Final = PageWords(
    url_name="application_check", title="Sprawdź odpowiedzi", step="Sprawdzenie",
    lead="Wszystko możesz jeszcze zmienić. Potem wyślij wniosek.",
)  # fmt: skip
EVERY: Final = (*PAGES.values(), TERMS, CHECK)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """One line of the list of steps."""

    word: str
    state: str


def progress(here: PageWords) -> list[ShownStep]:
    """The pages with the one we are on."""
    at = EVERY.index(here)
    return [
        ShownStep(word=page.step, state="done" if place < at else "current" if place == at else "")
        for place, page in enumerate(EVERY)
    ]


def before(here: PageWords) -> PageWords | None:
    """The page before."""
    at = EVERY.index(here)
    return EVERY[at - 1] if at else None


def after(here: PageWords) -> PageWords:
    """The page that follows."""
    return EVERY[EVERY.index(here) + 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An answer as the check page shows it, and where it is changed."""

    label: str
    value: str
    url: str


def facts(answers: Answers) -> list[Fact]:
    """Every answer given, in the order of the pages. Of a PESEL only whether it was given."""
    rows = [
        (FormPage.WHO, "Kto prosi o dostęp", "Organizacja" if _organization(answers) else "Osoba"),
        *((FormPage.DETAILS, label, value) for label, value in _details(answers)),
        (FormPage.CONTACT, "E-mail", answers.email or "brak: kod wyślemy listem na adres z umowy"),
        (FormPage.CONTACT, "Telefon", shown_phone(answers.phone) or "brak"),
        (FormPage.CONTACT, "Adres do listów", address(answers)),
        (FormPage.ACCOUNTS, "Numery kont klienta", ", ".join(answers.account_numbers)),
        (FormPage.WISH, "Dostęp", ROLES[answers.role] if answers.role else ""),
        *([(FormPage.WISH, "Podstawa", answers.ground)] if answers.ground else []),
    ]
    return [Fact(label=label, value=value, url=PAGES[page].url) for page, label, value in rows]


def _details(answers: Answers) -> list[tuple[str, str]]:
    if not _organization(answers):
        return [("Imię i nazwisko", answers.name), ("PESEL", "podany" if answers.pesel_given else "nie podano")]
    return [
        ("Organizacja", answers.name),
        ("NIP", answers.nip),
        ("Kto działa za organizację", answers.representative),
        ("Podstawa działania", answers.basis.words if answers.basis else ""),
    ]


def _organization(answers: Answers) -> bool:
    return answers.kind is ApplicantKind.ORGANIZATION


def address(answers: Answers) -> str:
    """The address on one line."""
    number = f"{answers.house}/{answers.flat}" if answers.flat else answers.house
    return f"{answers.street or answers.city} {number}, {answers.postal_code} {answers.city}"


STATES: Final = {
    ApplicationState.RECEIVED: ("Sprawdzamy wniosek", "soon", "Porównujemy dane z umową. Odpowiemy do {by}."),
    ApplicationState.ASKED: ("Mamy pytanie", "soon", "Odpowiedz poniżej. Potem sprawdzimy wniosek dalej."),
    ApplicationState.ANSWERED: ("Sprawdzamy Twoją odpowiedź", "soon", "Odpowiemy do {by}."),
    ApplicationState.HALF_ACCEPTED: (
        "Wniosek potwierdza druga osoba",
        "soon",
        "Wnioski organizacji sprawdzają u nas dwie osoby. Odpowiemy do {by}.",
    ),
    ApplicationState.ACCEPTED: ("Wniosek jest przyjęty", "done", "{sent} Tym kodem założysz login."),
    ApplicationState.REFUSED: (
        "Nie możemy przyjąć wniosku",
        "late",
        "Powód jest poniżej. Możesz złożyć nowy wniosek albo zadzwonić.",
    ),
    ApplicationState.WITHDRAWN: ("Wniosek jest wycofany", "", "Możesz złożyć nowy w każdej chwili."),
}
_STEPS: Final = {
    StepKind.SUBMITTED: "Wniosek wysłany",
    StepKind.ASKED: "Nasze pytanie",
    StepKind.ANSWERED: "Twoja odpowiedź",
    StepKind.ACCEPTED: "Wniosek sprawdzony",
    StepKind.CONFIRMED: "Wniosek potwierdzony przez drugą osobę",
    StepKind.REFUSED: "Odmowa",
    StepKind.WITHDRAWN: "Wniosek wycofany",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownState:
    """Where an application stands: a heading, the kind of notice, what comes next."""

    title: str
    kind: str
    next: str


def state_words(view: ApplicantView) -> ShownState:
    """Say where an application stands and what comes next."""
    title, kind, following = STATES[view.state]
    mailed = bool(view.answers.email)
    sent = "Kod aktywacyjny jest w e-mailu." if mailed else "Kod aktywacyjny wysyłamy listem na adres z umowy."
    words = following.format(by=long_date(view.decide_by.date()), sent=sent)
    return ShownState(title=title, kind=kind, next=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One step in words."""

    title: str
    at: str
    words: str


def history(view: ApplicantView) -> list[HistoryLine]:
    """The steps, the newest first."""
    return [HistoryLine(title=_STEPS[step.kind], at=moment(step.at), words=step.words) for step in reversed(view.steps)]
