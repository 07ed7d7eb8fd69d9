"""Forms of the application: one a page, each turned into answers."""

from dataclasses import replace
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.access.domain import GrantRole
from ebok.enrolment.domain.applications import (
    NAME_LONGEST,
    ROLES,
    WORDS_MAX_LENGTH,
    Answers,
    ApplicantKind,
    FormPage,
    RepresentationBasis,
)
from ebok.kernel.phones import shown_phone
from ebok.web.application_fields import (
    LONGEST_TYPED,
    PHONE_MAX_LENGTH,
    AccountsField,
    CodeField,
    NipField,
    PeselField,
    PhoneField,
    PostalCodeField,
    TextField,
)
from ebok.web.email_field import EmailField
from ebok.web.name_field import NameField

START_OVER: Final = "Odśwież stronę i zacznij jeszcze raz."
SHORT: Final = {"class": "w-short"}
NUMERIC: Final = {"inputmode": "numeric", "autocomplete": "off", **SHORT}


def choice(label: str, choices: list[tuple[str, str]], missing: str) -> forms.ChoiceField:
    """A question with a few answers; none is chosen beforehand."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )


class PageForm(forms.Form):
    """One page of the application. `names` are the answers its fields fill as they are."""

    names: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def filled_with(cls, answers: Answers) -> dict[str, Any]:
        """What the fields show of answers given before."""
        return {name: getattr(answers, name) for name in cls.names}

    def answers(self, before: Answers) -> Answers:
        """The answers with those of this page, once it is valid."""
        return replace(before, **{name: self.cleaned_data[name] for name in self.names})

    def pesel(self) -> str | None:
        """The PESEL typed; None leaves the one given before."""
        return None


class WhoForm(PageForm):
    """Who asks."""

    client_id = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": START_OVER, "invalid": START_OVER}
    )
    kind = choice(
        "Kto prosi o dostęp?",
        [(ApplicantKind.PERSON.value, "Osoba"), (ApplicantKind.ORGANIZATION.value, "Firma, wspólnota, instytucja")],
        "Wybierz, kto prosi o dostęp.",
    )

    def answers(self, before: Answers) -> Answers:
        """The kind of applicant."""
        return replace(before, kind=ApplicantKind(self.cleaned_data["kind"]))


class PersonForm(PageForm):
    """A person."""

    names = ("name",)
    name = NameField(
        label="Imię i nazwisko",
        missing="Wpisz imię i nazwisko.",
        hint="Tak jak na fakturze.",
        autocomplete="name",
    )
    pesel_number = PeselField(label="PESEL", longest=40, attrs=NUMERIC)

    def __init__(self, *args: Any, given: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["pesel_number"].help_text = (
            "Już go mamy. Wpisz tylko wtedy, gdy chcesz go zmienić."
            if given
            else "Łatwiej sprawdzimy, że to Ty. Numeru nie przechowujemy, tylko jego skrót."
        )

    def pesel(self) -> str | None:
        """The number typed, None when none was."""
        return self.cleaned_data["pesel_number"] or None


class OrganizationForm(PageForm):
    """An organization, and who acts for it."""

    names = ("name", "nip", "representative")
    name = NameField(
        label="Nazwa organizacji",
        missing="Wpisz nazwę organizacji.",
        hint="Tak jak na fakturze.",
        longest=NAME_LONGEST,
        autocomplete="organization",
    )
    nip = NipField(label="NIP", missing="Wpisz NIP organizacji.", longest=40, attrs=NUMERIC)
    representative = NameField(
        label="Kto działa za organizację",
        missing="Wpisz imię i nazwisko osoby, która działa za organizację.",
        hint="Imię i nazwisko.",
        autocomplete="name",
    )
    basis = choice(
        "Na jakiej podstawie",
        [(basis.value, basis.words.capitalize().replace("krs", "KRS").replace("ceidg", "CEIDG"))
         for basis in RepresentationBasis],
        "Wybierz podstawę.",
    )  # fmt: skip

    @classmethod
    def filled_with(cls, answers: Answers) -> dict[str, Any]:
        """The basis as well."""
        return {**super().filled_with(answers), "basis": answers.basis.value if answers.basis else ""}

    def answers(self, before: Answers) -> Answers:
        """The basis as well."""
        return replace(super().answers(before), basis=RepresentationBasis(self.cleaned_data["basis"]))


class ContactForm(PageForm):
    """How to reach the applicant."""

    names = ("email", "phone", "street", "house", "flat", "postal_code", "city")
    email = EmailField(
        label="E-mail",
        hint="Tu napiszemy po każdym kroku. Bez e-maila kod wyślemy listem na adres z umowy.",
    )
    phone = PhoneField(
        label="Telefon",
        hint="Wystarczy e-mail albo telefon.",
        longest=PHONE_MAX_LENGTH,
        attrs={"type": "tel", "autocomplete": "tel", **SHORT},
    )
    street = TextField(
        label="Ulica",
        hint="Adres do listów. Gdy miejscowość nie ma ulic, zostaw puste.",
        longest=128,
        attrs={"autocomplete": "address-line1"},
    )
    house = TextField(label="Numer domu", missing="Wpisz numer domu.", longest=32, attrs=SHORT)
    flat = TextField(label="Numer mieszkania", longest=32, attrs=SHORT)
    postal_code = PostalCodeField(
        label="Kod pocztowy",
        missing="Wpisz kod pocztowy.",
        hint="Na przykład 05-400.",
        longest=40,
        attrs={"inputmode": "numeric", "autocomplete": "postal-code", **SHORT},
    )
    city = TextField(
        label="Miejscowość",
        missing="Wpisz miejscowość.",
        longest=128,
        attrs={"autocomplete": "address-level2"},
    )

    @classmethod
    def filled_with(cls, answers: Answers) -> dict[str, Any]:
        """The phone as people write it."""
        return {**super().filled_with(answers), "phone": shown_phone(answers.phone)}

    def clean(self) -> dict[str, Any]:
        """Ask for one way to reach them, once neither field has a fault of its own."""
        said = super().clean() or {}
        if not ({"email", "phone"} & set(self.errors)) and not (said.get("email") or said.get("phone")):
            self.add_error("email", "Wpisz e-mail albo telefon.")
        return said


class AccountsForm(PageForm):
    """The accounts asked for."""

    account_numbers = AccountsField(
        label="Numery kont klienta",
        missing="Wpisz numer konta klienta.",
        hint="Numer jest na fakturze. Wpisz go bez spacji. Każdy następny w nowym wierszu, najwyżej 20.",
        longest=LONGEST_TYPED,
        rows=4,
        attrs={"autocomplete": "off", "spellcheck": "false"},
    )

    @classmethod
    def filled_with(cls, answers: Answers) -> dict[str, Any]:
        """The numbers, one a line."""
        return {"account_numbers": "\n".join(answers.account_numbers)}

    def answers(self, before: Answers) -> Answers:
        """The numbers."""
        return replace(before, account_numbers=self.cleaned_data["account_numbers"])


class WishForm(PageForm):
    """What is asked for, and why."""

    role = choice("Jaki dostęp?", [(role.value, words) for role, words in ROLES.items()], "Wybierz, jaki dostęp.")
    ground = TextField(
        label="Dlaczego Ty, jeśli konto jest na kogoś innego",
        hint="Na przykład: najem lokalu, opieka nad mamą, pełnomocnictwo. Właściciel konta nic nie wpisuje.",
        longest=500,
        rows=3,
    )

    @classmethod
    def filled_with(cls, answers: Answers) -> dict[str, Any]:
        """The role and the ground."""
        return {"role": answers.role.value if answers.role else "", "ground": answers.ground}

    def clean(self) -> dict[str, Any]:
        """A role other than owner needs its ground."""
        said = super().clean() or {}
        other = said.get("role") not in {None, "", GrantRole.OWNER.value}
        if other and "ground" not in self.errors and not said.get("ground"):
            self.add_error("ground", "Napisz, na jakiej podstawie prosisz o dostęp.")
        return said

    def answers(self, before: Answers) -> Answers:
        """The role and the ground."""
        return replace(before, role=GrantRole(self.cleaned_data["role"]), ground=self.cleaned_data["ground"])


class TermsForm(forms.Form):
    """Acceptance of the regulations: never ticked beforehand."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": START_OVER, "invalid": START_OVER}
    )
    accepted = forms.BooleanField(
        label="Akceptuję regulamin eBOK",
        error_messages={"required": "Zaznacz, że akceptujesz regulamin. Bez tego nie przyjmiemy wniosku."},
    )


class NumberAndCodeForm(forms.Form):
    """By what an applicant comes back."""

    number = TextField(
        label="Numer wniosku",
        missing="Wpisz numer wniosku.",
        hint="Na przykład EB/2026/000123.",
        longest=LONGEST_TYPED,
        attrs={"autocomplete": "off", "spellcheck": "false"},
    )
    code = CodeField(
        label="Kod wniosku",
        missing="Wpisz kod wniosku.",
        hint="20 liter i cyfr. Wielkość liter i kreski nie mają znaczenia.",
        longest=LONGEST_TYPED,
        attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class AnswerForm(forms.Form):
    """The answer to a question about an application."""

    answer = TextField(label="Twoja odpowiedź", missing="Wpisz odpowiedź.", longest=WORDS_MAX_LENGTH, rows=5)

    def clean_answer(self) -> str:
        """Refuse an answer of spaces alone."""
        answer: str = self.cleaned_data["answer"]
        if not answer.strip():
            raise ValidationError("Wpisz odpowiedź.")
        return answer


def form_of(page: FormPage, answers: Answers) -> type[PageForm]:
    """The form of a page, for this applicant."""
    if page is FormPage.DETAILS:
        return OrganizationForm if answers.kind is ApplicantKind.ORGANIZATION else PersonForm
    return {
        FormPage.WHO: WhoForm,
        FormPage.CONTACT: ContactForm,
        FormPage.ACCOUNTS: AccountsForm,
        FormPage.WISH: WishForm,
    }[page]
