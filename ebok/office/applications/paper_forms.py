"""The paper form as a clerk enters it, all on one page, with its scan."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from ebok.access.domain import GrantRole
from ebok.enrolment.domain.applications import NAME_LONGEST, ROLES, Answers, ApplicantKind, RepresentationBasis
from ebok.office.applications.words import BASES
from ebok.office.scans import ScanField
from ebok.terms.domain import TermsText
from ebok.web.application_fields import (
    LONGEST_TYPED,
    PHONE_MAX_LENGTH,
    AccountsField,
    NipField,
    PeselField,
    PhoneField,
    PostalCodeField,
    TextField,
)
from ebok.web.email_field import EmailField
from ebok.web.name_field import NameField

SHORT: Final = {"class": "w-short", "autocomplete": "off"}
NUMERIC: Final = {"inputmode": "numeric", **SHORT}
START_OVER: Final = "Odśwież stronę i zacznij jeszcze raz."


class PaperForm(forms.Form):
    """Everything that stands on the paper form. `client_id` is made when the page is first shown."""

    client_id = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": START_OVER, "invalid": START_OVER}
    )
    kind = forms.ChoiceField(
        label="Kto składa",
        choices=[(ApplicantKind.PERSON.value, "Osoba"), (ApplicantKind.ORGANIZATION.value, "Firma lub instytucja")],
        widget=forms.RadioSelect,
        error_messages={"required": "Wybierz, kto składa.", "invalid_choice": "Wybierz, kto składa."},
    )
    name = NameField(
        label="Imię i nazwisko albo nazwa", missing="Wpisz imię i nazwisko albo nazwę.", longest=NAME_LONGEST
    )
    pesel_number = PeselField(label="PESEL", hint="Tylko osoba. Zachowamy sam skrót.", longest=40, attrs=NUMERIC)
    nip = NipField(label="NIP", hint="Tylko firma lub instytucja.", longest=40, attrs=NUMERIC)
    representative = NameField(label="Kto działa za organizację", hint="Tylko firma.")
    basis = forms.ChoiceField(
        label="Na jakiej podstawie",
        choices=[("", "– nie dotyczy –"), *((basis.value, word) for basis, word in BASES.items())],
        required=False,
        error_messages={"invalid_choice": "Wybierz podstawę z listy."},
    )
    email = EmailField(label="E-mail", autocomplete="off")
    phone = PhoneField(label="Telefon", longest=PHONE_MAX_LENGTH, attrs={"type": "tel", **SHORT})
    street = TextField(label="Ulica", longest=128, attrs={"autocomplete": "off"})
    house = TextField(label="Numer domu", missing="Wpisz numer domu.", longest=32, attrs=SHORT)
    flat = TextField(label="Numer mieszkania", longest=32, attrs=SHORT)
    postal_code = PostalCodeField(label="Kod pocztowy", missing="Wpisz kod pocztowy.", longest=40, attrs=NUMERIC)
    city = TextField(label="Miejscowość", missing="Wpisz miejscowość.", longest=128, attrs={"autocomplete": "off"})
    account_numbers = AccountsField(
        label="Numery kont klienta",
        missing="Wpisz numer konta klienta.",
        hint="Każdy w osobnym wierszu i bez spacji, najwyżej 20.",
        longest=LONGEST_TYPED,
        rows=3,
        attrs={"autocomplete": "off", "spellcheck": "false"},
    )
    role = forms.ChoiceField(
        label="Jaki dostęp",
        choices=[(role.value, words) for role, words in ROLES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Wybierz, jaki dostęp.", "invalid_choice": "Wybierz, jaki dostęp."},
    )
    ground = TextField(label="Uzasadnienie", hint="Gdy konto jest na kogoś innego.", longest=500, rows=3)
    terms = forms.TypedChoiceField(
        label="Regulamin, który podpisał wnioskodawca",
        coerce=int,
        error_messages={"required": "Wybierz wersję regulaminu.", "invalid_choice": "Wybierz wersję z listy."},
    )
    scan = ScanField()

    def __init__(self, *args: Any, versions: Sequence[TermsText], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["terms"].choices = [(str(one.id), f"wersja {one.version}") for one in versions]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what this kind of applicant has to say."""
        said = super().clean() or {}
        organization = said.get("kind") == ApplicantKind.ORGANIZATION.value
        if organization:
            self._ask(said, "nip", "Wpisz NIP.")
            self._ask(said, "representative", "Wpisz, kto działa za organizację.")
            self._ask(said, "basis", "Wybierz podstawę.")
        if not said.get("phone"):
            self._ask(said, "email", "Wpisz e-mail albo telefon.")
        if said.get("role") not in {None, "", GrantRole.OWNER.value}:
            self._ask(said, "ground", "Wpisz, na jakiej podstawie prosi o dostęp.")
        return said

    def answers(self) -> Answers:
        """What the form says, once it is valid."""
        said = self.cleaned_data
        same = ("name", "nip", "representative", "email", "phone", "street", "house", "flat", "postal_code", "city",
                "account_numbers", "ground")  # fmt: skip
        return Answers(
            kind=ApplicantKind(said["kind"]),
            basis=RepresentationBasis(said["basis"]) if said["basis"] else None,
            role=GrantRole(said["role"]),
            pesel_given=bool(said["pesel_number"]),
            **{name: said[name] for name in same},
        )

    def _ask(self, said: dict[str, Any], name: str, words: str) -> None:
        if name not in self.errors and not said.get(name):
            self.add_error(name, words)
