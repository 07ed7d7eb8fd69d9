"""Forms of a new e-mail and a new phone."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ebok.customers.domain import Account
from ebok.kernel.phones import mobile_number
from ebok.portal.sign_in.forms import CodeForm, code_field, email_field

PHONE_MAX_LENGTH = 32
PHONE_BAD = "Wpisz numer komórki, na przykład 600 123 456. Zagraniczny zacznij od +."


class NewEmailForm(forms.Form):
    """The new address."""

    email = email_field(label="Nowy e-mail", hint="Wyślemy na niego kod. Stary adres działa, dopóki nie wpiszesz kodu.")


class NewPhoneForm(forms.Form):
    """The new number."""

    phone = forms.CharField(
        label="Nowy numer komórki",
        help_text="Wyślemy na niego SMS z kodem.",
        max_length=PHONE_MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "class": "w-short"}),
        error_messages={
            "required": "Wpisz numer komórki.",
            "max_length": "Wpisz krótszy numer.",
            "null_characters_not_allowed": PHONE_BAD,
        },
    )

    def clean_phone(self) -> str:
        """Read the number, however it is grouped."""
        number = mobile_number(str(self.cleaned_data["phone"]))
        if number is None:
            raise ValidationError(PHONE_BAD)
        return number


class EmailCodeForm(CodeForm):
    """The code from the mail."""


class PhoneCodeForm(CodeForm):
    """The code from the SMS."""

    source = "SMS-a"
    code = code_field(source=source)


class ContactForm(forms.Form):
    """On which accounts the new value becomes the contact, too."""

    accounts = forms.TypedMultipleChoiceField(
        label="Konta",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Zaznacz konto albo wybierz „Nie teraz”.",
            "invalid_choice": "Zaznacz konto z listy.",
            "invalid_list": "Zaznacz konto z listy.",
        },
    )

    def __init__(self, data: Any = None, *, accounts: Sequence[Account]) -> None:
        super().__init__(data)
        self.fields["accounts"].choices = [  # type: ignore[attr-defined]
            (str(one.id), f"{one.address.words or one.name}, konto {one.number}") for one in accounts
        ]
