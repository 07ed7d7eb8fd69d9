"""Forms of signing in and of passwords."""

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.core.exceptions import ValidationError

from ebok.access.domain import CODE_DIGITS, PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH, PasswordFault
from ebok.access.operations import general_faults
from ebok.web.email_field import EmailField

CODE_MAX_LENGTH = 32
"""Digits with whatever people put between them."""
NEW_PASSWORD_HINT = f"Co najmniej {PASSWORD_MIN_LENGTH} znaków. Możesz wpisać kilka słów ze spacjami."


def password_field(*, label: str, autocomplete: str, required: str, hint: str = "") -> forms.CharField:
    """A password field: paste and password managers are welcome, spaces count."""
    return forms.CharField(
        label=label,
        help_text=hint,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": required},
    )


class SignInForm(LoginForm):  # type: ignore[misc]
    """Login name or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="E-mail lub login",
            max_length=320,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
            ),
            error_messages={"required": "Wpisz e-mail albo login.", "max_length": "Wpisz krótszy e-mail albo login."},
        )
        self.fields["password"] = password_field(
            label="Hasło", autocomplete="current-password", required="Wpisz hasło."
        )
        self.fields["password"].max_length = PASSWORD_MAX_LENGTH
        self.order_fields(["login", "password"])

    def clean(self) -> dict[str, Any]:
        """Check the password; what is wrong is said at the password, the same words for every cause."""
        try:
            super().clean()
        except ValidationError as error:
            self.add_error("password", error)
        return dict(self.cleaned_data)


class NewPasswordForm(forms.Form):
    """A form that ends in a new password."""

    new_password = password_field(
        label="Nowe hasło", autocomplete="new-password", required="Wpisz nowe hasło.", hint=NEW_PASSWORD_HINT
    )

    def clean_new_password(self) -> str:
        """Check the rules that hold for everybody, before anything is tried."""
        password: str = self.cleaned_data["new_password"]
        if faults := general_faults(password=password):
            raise ValidationError([fault.sentence for fault in faults])
        return password

    def say_faults(self, faults: Iterable[PasswordFault]) -> None:
        """Say at the field what is wrong with the new password."""
        for fault in faults:
            self.add_error("new_password", fault.sentence)


class PasswordChangeForm(NewPasswordForm):
    """The present password and a new one."""

    present_password = password_field(
        label="Obecne hasło", autocomplete="current-password", required="Wpisz obecne hasło."
    )
    field_order = ("present_password", "new_password")


def email_field(*, hint: str, label: str = "E-mail") -> EmailField:
    """An e-mail address to which a code goes."""
    return EmailField(label=label, hint=hint, missing="Wpisz e-mail.")


class ResetForm(forms.Form):
    """The address to which the code for a new password goes."""

    email = email_field(hint="Ten, którego używasz w eBOK. Wyślemy na niego kod.")


class SignInCodeRequestForm(forms.Form):
    """The address to which the code that signs in goes."""

    email = email_field(hint="Ten, którego używasz w eBOK. Wyślemy na niego kod.")


def code_field(*, source: str) -> forms.CharField:
    """Six digits from a message. `source` is the message, in the genitive."""
    return forms.CharField(
        label=f"Kod z {source}",
        help_text=f"{CODE_DIGITS} cyfr. Kod działa 10 minut.",
        max_length=CODE_MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "w-code"}),
        error_messages={
            "required": f"Wpisz kod z {source}.",
            "max_length": f"Wpisz {CODE_DIGITS} cyfr z {source}.",
            "null_characters_not_allowed": f"Wpisz {CODE_DIGITS} cyfr z {source}.",
        },
    )


class CodeForm(forms.Form):
    """A form that asks for the digits of a one-time code."""

    source = "e-maila"
    code = code_field(source=source)

    def clean_code(self) -> str:
        """Take the digits, however they were grouped."""
        code = "".join(str(self.cleaned_data["code"]).replace("-", " ").split())
        if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
            raise ValidationError(f"Wpisz {CODE_DIGITS} cyfr z {self.source}.")
        return code


class SignInCodeForm(CodeForm):
    """The code that signs in."""


class ResetCodeForm(CodeForm, NewPasswordForm):
    """The code from the mail and a new password."""

    field_order = ("code", "new_password")


class PremisesForm(forms.Form):
    """Which premises to look at."""

    account = forms.IntegerField()
