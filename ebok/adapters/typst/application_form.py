"""What the form for access says, as plain strings in the order of the page: the template adds only shape.

One page for both uses: an application printed with its answers, and the empty form to fill by hand.
"""

from collections.abc import Sequence
from typing import Any, Final

from ebok.enrolment.domain.application_views import ApplicationForm
from ebok.enrolment.domain.applications import (
    ROLES,
    Answers,
    ApplicantKind,
    RepresentationBasis,
)
from ebok.foundation.formats import NBSP, long_date

TITLE: Final = "Formularz udostępnienia serwisu internetowego eBOK"
ACCOUNT_BOXES: Final = 10
PESEL_DIGITS: Final = 11
NIP_DIGITS: Final = 10
POSTAL_DIGITS: Final = 6
_BY_HAND: Final = Answers()

Field = dict[str, Any]


def form_page(form: ApplicationForm) -> dict[str, Any]:
    """Return the whole form as JSON-ready values."""
    said = form.answers or _BY_HAND
    empty = form.answers is None
    day = form.printed_on
    return {
        "title": TITLE,
        "author": form.office.name,
        "brand": form.office.short_name,
        "phone": _unbroken(form.office.phone),
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "number": form.number,
        "printed": "" if empty else f"Wydrukowano {long_date(day)}",
        "empty": empty,
        "intro": _intro(form),
        "parts": [
            _who(said),
            _details(said, empty=empty),
            _contact(said, empty=empty),
            _accounts(said, empty=empty),
            _wish(said, empty=empty),
        ],
        "consent": _choice(f"Akceptuję {form.terms}.", chosen=form.terms_accepted),
        "terms_where": f"Regulamin jest na stronie {form.site}/regulamin/ i w biurze.",
        "bring": _bring(form),
        "clause": [{"heading": part.heading, "lines": list(part.lines)} for part in form.clause],
    }


def _intro(form: ApplicationForm) -> str:
    if form.answers is None:
        return "Proszę wypełnić drukowanymi literami i podpisać. Pola zaznacza się znakiem X."
    return "Dane pochodzą z wniosku wypełnionego w eBOK. Numeru PESEL nie drukujemy."


def _who(said: Answers) -> dict[str, Any]:
    kinds = ((ApplicantKind.PERSON, "Osoba"), (ApplicantKind.ORGANIZATION, "Firma, wspólnota albo inna organizacja"))
    return _part("1. Kto prosi o dostęp", first=[_choice(word, chosen=said.kind is kind) for kind, word in kinds])


def _details(said: Answers, *, empty: bool) -> dict[str, Any]:
    fields = [_field("Imię i nazwisko albo nazwa organizacji", said.name)]
    if empty or said.kind is ApplicantKind.PERSON:
        pesel = "" if empty else "podany" if said.pesel_given else "nie podano"
        fields.append(_field("PESEL (osoba, nieobowiązkowo)", pesel, squares=PESEL_DIGITS if empty else 0))
    choices = []
    if empty or said.kind is ApplicantKind.ORGANIZATION:
        fields.append(_field("NIP (organizacja)", said.nip, squares=NIP_DIGITS if empty else 0))
        fields.append(_field("Kto działa za organizację: imię i nazwisko", said.representative))
        choices = [_choice(f"Podstawa: {basis.words}", chosen=said.basis is basis) for basis in RepresentationBasis]
    return _part("2. Dane", fields=fields, last=choices)


def _contact(said: Answers, *, empty: bool) -> dict[str, Any]:
    number = f"{said.house}/{said.flat}" if said.flat else said.house
    fields = [
        _field("E-mail", said.email),
        _field("Telefon", said.phone),
        _field("Ulica (wieś bez ulic: puste)", said.street),
        _field("Numer domu i mieszkania", number, half=True),
        _field("Kod pocztowy", said.postal_code, half=True),
        _field("Miejscowość", said.city),
    ]
    note = "Wystarczy e-mail albo telefon. Bez e-maila kod do eBOK przyjdzie listem." if empty else ""
    return _part("3. Kontakt i adres do listów", fields=fields, note=note)


def _accounts(said: Answers, *, empty: bool) -> dict[str, Any]:
    numbers = ("",) * ACCOUNT_BOXES if empty else said.account_numbers
    fields = [_field(f"Konto {at}", number, half=True) for at, number in enumerate(numbers, start=1)]
    note = "Numer konta klienta jest na fakturze. Więcej numerów można dopisać na osobnej kartce." if empty else ""
    return _part("4. Numery kont klienta", fields=fields, note=note)


def _wish(said: Answers, *, empty: bool) -> dict[str, Any]:
    choices = [_choice(words, chosen=said.role is role) for role, words in ROLES.items()]
    fields = [_field("Podstawa, jeśli nie są Państwo właścicielem konta (np. najem)", said.ground, tall=empty)]
    return _part("5. O jaki dostęp chodzi", first=choices, fields=fields if empty or said.ground else [])


def _bring(form: ApplicationForm) -> list[str]:
    office = form.office
    return [
        f"{office.name}, {office.address}",
        f"{office.office_hours}, tel. {_unbroken(office.phone)}, {office.email}",
        "Formularz można przynieść do biura albo wysłać pocztą. Odpowiadamy w ciągu 14 dni.",
        f"Ten sam wniosek można złożyć przez internet: {form.site}/wniosek/",
    ]


def _part(
    heading: str,
    *,
    fields: Sequence[Field] = (),
    first: Sequence[Field] = (),
    last: Sequence[Field] = (),
    note: str = "",
) -> dict[str, Any]:
    """A part of the form; `first` and `last` are choices before and after its fields."""
    return {"heading": heading, "fields": list(fields), "first": list(first), "last": list(last), "note": note}


def _field(label: str, value: str, *, squares: int = 0, half: bool = False, tall: bool = False) -> Field:
    return {"label": label, "value": value, "squares": squares, "half": half, "tall": tall}


def _choice(label: str, *, chosen: bool) -> Field:
    return {"label": label, "chosen": chosen}


def _unbroken(words: str) -> str:
    return words.replace(" ", NBSP)
