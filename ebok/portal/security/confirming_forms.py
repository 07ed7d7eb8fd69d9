"""Forms by which people prove themselves."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from ebok.access.domain import CODE_DIGITS, PASSWORD_MAX_LENGTH
from ebok.access.domain.factors import APP_DIGITS
from ebok.portal.security.ceremonies import ANSWER_CHARACTERS
from ebok.portal.sign_in.forms import password_field

CODE_MAX_LENGTH = 32
CODE_ATTRS = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "w-code", "spellcheck": "false"}


def plain_digits(typed: str) -> str:
    """The digits of a code however they were grouped; empty when it cannot be a code."""
    digits = "".join(typed.replace("-", " ").split())
    fits = len(digits) in {APP_DIGITS, settings.MFA_RECOVERY_CODE_DIGITS}
    return digits if fits and digits.isascii() and digits.isdigit() else ""


class PasswordForm(forms.Form):
    """The password one has."""

    password = password_field(label="Hasło", autocomplete="current-password", required="Wpisz hasło.")

    def clean_password(self) -> str:
        """A password longer than any is wrong without being hashed."""
        password: str = self.cleaned_data["password"]
        if len(password) > PASSWORD_MAX_LENGTH:
            raise ValidationError("To nie jest Twoje hasło. Wpisz je jeszcze raz.")
        return password


class FactorCodeForm(forms.Form):
    """A code from the app or from the list of recovery codes."""

    code = forms.CharField(
        label="Kod",
        help_text=f"{APP_DIGITS} cyfr z aplikacji albo {settings.MFA_RECOVERY_CODE_DIGITS} cyfr kodu zapasowego.",
        max_length=CODE_MAX_LENGTH,
        widget=forms.TextInput(attrs=CODE_ATTRS),
        error_messages={"required": "Wpisz kod.", "max_length": "Wpisz same cyfry kodu."},
    )

    def clean_code(self) -> str:
        """Take the digits, however they were grouped."""
        digits = plain_digits(str(self.cleaned_data["code"]))
        if not digits:
            raise ValidationError(
                f"Wpisz {APP_DIGITS} cyfr z aplikacji albo {settings.MFA_RECOVERY_CODE_DIGITS} cyfr kodu zapasowego."
            )
        return digits


class AppCodeForm(forms.Form):
    """The first code of an app just set up."""

    code = forms.CharField(
        label="Kod z aplikacji",
        help_text=f"{APP_DIGITS} cyfr, które aplikacja pokazuje teraz.",
        max_length=CODE_MAX_LENGTH,
        widget=forms.TextInput(attrs=CODE_ATTRS),
        error_messages={"required": "Wpisz kod z aplikacji.", "max_length": f"Wpisz {APP_DIGITS} cyfr z aplikacji."},
    )

    def clean_code(self) -> str:
        """Take the digits, however they were grouped."""
        digits = plain_digits(str(self.cleaned_data["code"]))
        if len(digits) != APP_DIGITS:
            raise ValidationError(f"Wpisz {APP_DIGITS} cyfr z aplikacji.")
        return digits


class MailCodeForm(forms.Form):
    """The code from a mail."""

    code = forms.CharField(
        label="Kod z e-maila",
        help_text=f"{CODE_DIGITS} cyfr. Kod działa 10 minut.",
        max_length=CODE_MAX_LENGTH,
        widget=forms.TextInput(attrs=CODE_ATTRS),
        error_messages={"required": "Wpisz kod z e-maila.", "max_length": f"Wpisz {CODE_DIGITS} cyfr z e-maila."},
    )

    def clean_code(self) -> str:
        """Take the digits, however they were grouped."""
        digits = plain_digits(str(self.cleaned_data["code"]))
        if len(digits) != CODE_DIGITS:
            raise ValidationError(f"Wpisz {CODE_DIGITS} cyfr z e-maila.")
        return digits


class PasskeyForm(forms.Form):
    """What the browser answers about a passkey."""

    answer = forms.CharField(
        max_length=ANSWER_CHARACTERS,
        widget=forms.HiddenInput,
        error_messages={
            "required": "Przeglądarka nie użyła klucza. Spróbuj jeszcze raz.",
            "max_length": "Przeglądarka nie użyła klucza. Spróbuj jeszcze raz.",
        },
    )
