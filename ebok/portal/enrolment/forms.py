"""Forms of the ways to a login, and of the login."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.access.operations import LoginRefusal, UnableToCreateUser
from ebok.portal.enrolment.fields import (
    AmountField,
    CopiedField,
    IdentifierField,
    LongCodeField,
    NumberField,
    SixDigitsField,
)
from ebok.portal.sign_in.forms import NewPasswordForm
from ebok.terms.domain import TermsText
from ebok.web.application_fields import PostalCodeField
from ebok.web.name_field import BAD, NameField

LOGIN_MAX_LENGTH: Final = 150
USUAL_LOGIN: Final = "Wpisz 2 do 150 znaków: litery a–z, cyfry, kropki, kreski. Na przykład anna.nowak."
ACCEPT: Final = "Zaznacz, że akceptujesz regulamin. Bez tego nie założymy loginu."


def account_field() -> NumberField:
    """The number of a customer's account."""
    return NumberField(
        label="Numer konta klienta",
        hint="Znajdziesz go na fakturze jako „numer klienta”.",
        named="numer konta klienta",
        attrs={"class": "w-short", "autocapitalize": "characters"},
    )


class InvoiceForm(forms.Form):
    """What stands on an invoice."""

    account_number = account_field()
    invoice_number = NumberField(
        label="Numer faktury",
        hint="Jednej z dwóch ostatnich faktur. Numer korekty tu nie zadziała.",
        named="numer faktury",
        attrs={"autocapitalize": "characters"},
    )
    gross_total = AmountField(
        label="Kwota brutto tej faktury",
        hint="Razem z VAT, na przykład 228,44.",
        missing="Wpisz kwotę brutto z faktury, na przykład 228,44.",
        attrs={"inputmode": "decimal", "class": "w-short"},
    )


class LetterForm(forms.Form):
    """What stands in a letter."""

    account_number = NumberField(
        label="Numer konta klienta",
        hint="Jest na każdej fakturze, a w liście także nad kodem.",
        named="numer konta klienta",
        attrs={"class": "w-short", "autocapitalize": "characters"},
    )
    code = LongCodeField(
        label="Kod",
        hint="20 znaków. Wielkość liter i kreski nie mają znaczenia.",
        missing="Wpisz kod z listu albo e-maila.",
        attrs={"autocapitalize": "characters", "autocomplete": "one-time-code"},
    )


class LetterOrderForm(forms.Form):
    """To whom a letter is to go."""

    account_number = account_field()
    postal_code = PostalCodeField(
        label="Kod pocztowy",
        hint="Adresu, na który przychodzą nasze listy. Na przykład 05-400.",
        missing="Wpisz kod pocztowy, na przykład 05-400.",
        attrs={"inputmode": "numeric", "class": "w-short", "autocomplete": "postal-code"},
    )


class DataForm(forms.Form):
    """Who the customer is."""

    account_number = account_field()
    identifier = IdentifierField(
        label="PESEL albo NIP",
        hint="Osoby wpisują PESEL, firmy NIP.",
        missing="Wpisz PESEL albo NIP.",
        attrs={"inputmode": "numeric", "class": "w-short"},
    )


class DataCodeForm(forms.Form):
    """The code that came."""

    code = SixDigitsField(
        label="Kod z wiadomości",
        hint="6 cyfr. Kod działa 10 minut.",
        missing="Wpisz kod z wiadomości.",
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "w-code"},
    )


class TermsForm(forms.Form):
    """Acceptance of the regulations in force. `version` says which text was shown; nothing is ticked beforehand."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    accepts = forms.BooleanField(label="Akceptuję regulamin", error_messages={"required": ACCEPT})

    def __init__(self, data: Any = None, *, terms: TermsText | None, **options: Any) -> None:
        super().__init__(data, **options)
        self.terms = terms
        if terms is None:
            del self.fields["version"], self.fields["accepts"]
            return
        self.fields["accepts"].label = f"Akceptuję regulamin eBOK, wersja {terms.version}"
        self.initial["version"] = terms.id

    def clean(self) -> dict[str, Any]:
        """Take the acceptance only for the text that is in force."""
        if self.terms is not None and self.cleaned_data.get("version") != self.terms.id:
            self.say_new_terms()
        return dict(self.cleaned_data)

    def say_new_terms(self) -> None:
        """Say that the text shown is no longer the one in force; show the new one, not ticked."""
        typed = {name: value for name, value in self.data.items() if name != "accepts"}
        self.data = typed | {"version": str(self.version_id or "")}
        if "accepts" in self.fields and "accepts" not in self.errors:
            self.add_error("accepts", "Regulamin się zmienił. Przeczytaj nowy i zaznacz, że go akceptujesz.")

    @property
    def version_id(self) -> int | None:
        """Which version was accepted; None when there was nothing to accept."""
        return self.terms.id if self.terms is not None else None


class NewLoginForm(TermsForm, NewPasswordForm):
    """Who asks, a login name, a password, and the regulations."""

    full_name = NameField(
        label="Imię i nazwisko",
        hint="Zobaczy je właściciel konta, jeśli konto już go ma.",
        missing="Wpisz imię i nazwisko.",
        autocomplete="name",
    )
    username = CopiedField(
        label="Login",
        hint="Nazwa, którą będziesz wpisywać przy logowaniu. Na przykład anna.nowak.",
        missing=USUAL_LOGIN,
        attrs={"autocomplete": "username"},
    )
    field_order = ("full_name", "username", "new_password", "accepts", "version")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["new_password"].label = "Hasło"
        self.fields["new_password"].error_messages["required"] = "Wpisz hasło."

    def clean_username(self) -> str:
        """Keep addresses out: an e-mail becomes part of a login only by a code sent to it."""
        name: str = self.cleaned_data["username"].strip().lower()
        if "@" in name:
            raise ValidationError("Login to nazwa bez znaku @. E-mail dodasz w następnym kroku.")
        if len(name) > LOGIN_MAX_LENGTH or not name.isascii() or not name.isprintable() or " " in name:
            raise ValidationError(USUAL_LOGIN)
        return name

    def say_refusal(self, unable: UnableToCreateUser) -> None:
        """Say at the field why the login cannot be made."""
        if unable.reason is LoginRefusal.WEAK_PASSWORD:
            self.say_faults(unable.faults)
        elif unable.reason is LoginRefusal.TAKEN:
            self.add_error("username", "Ten login jest zajęty. Dodaj na przykład cyfrę.")
        elif unable.reason is LoginRefusal.BAD_NAME:
            self.add_error("full_name", BAD)
        else:
            self.add_error("username", USUAL_LOGIN)
