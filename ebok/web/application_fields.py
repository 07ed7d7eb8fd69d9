"""Fields of the application, online or entered from paper. Whatever is typed, the answer is a sentence of its own."""

from collections.abc import Mapping
from typing import Any, Final

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError

from ebok.access.domain import plain_long_code
from ebok.enrolment.domain import UnableToRead, read_number
from ebok.enrolment.domain.applications import MOST_ACCOUNTS
from ebok.kernel import identifiers
from ebok.kernel.names import mixes_alphabets
from ebok.web.free_text import without_pesel

LONGEST_TYPED: Final = 4_000
"""More than that is no longer looked at."""
ACCOUNT_MAX_LENGTH: Final = 64
POSTAL_DIGITS: Final = 5
PHONE_MAX_LENGTH: Final = 32
_PLAIN: Final = {"autocapitalize": "none", "spellcheck": "false"}


class TextField(forms.CharField):
    """One line, or with `rows` a few, of readable text no longer than `longest`."""

    def __init__(
        self, *, label: str, missing: str = "", hint: str = "", longest: int = 256, rows: int = 0,
        attrs: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        widget = forms.Textarea({"rows": rows, **(attrs or {})}) if rows else forms.TextInput(dict(attrs or {}))
        super().__init__(
            label=label, help_text=hint, required=bool(missing), widget=widget, error_messages={"required": missing}
        )
        self.validators = []
        self.longest = longest
        self.many_lines = bool(rows)

    def clean(self, value: Any) -> Any:
        """Return what was typed, checked, or what it means."""
        text: str = super().clean(value)
        if len(text) > self.longest:
            raise ValidationError(f"Wpisz krócej: znaków jest {len(text)}, a może być najwyżej {self.longest}.")
        lines = text.replace("\r\n", "\n").split("\n") if self.many_lines else [text]
        if not all(line.replace("\u00a0", " ").isprintable() for line in lines):
            raise ValidationError("Wkleił się znak, którego nie widać. Wpisz to jeszcze raz z klawiatury.")
        return self.read("\n".join(lines)) if text else ""

    def read(self, text: str) -> Any:
        """Return what the text means; here itself.

        :raises ValidationError: when it means nothing.
        """
        if any(mixes_alphabets(word) for word in text.split()):
            raise ValidationError("Jedna z liter jest z innego alfabetu. Wpisz to słowo jeszcze raz z klawiatury.")
        return without_pesel(text)


class PhoneField(TextField):
    """A phone number, Polish unless it says otherwise."""

    def read(self, text: str) -> str:
        """Take it as E.164."""
        try:
            number = phonenumbers.parse(text, "PL")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not text.isascii() or not phonenumbers.is_valid_number(number):
            raise ValidationError("Sprawdź numer telefonu. Polski ma 9 cyfr, na przykład 600 100 200.")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class PostalCodeField(TextField):
    """A Polish postal code."""

    def read(self, text: str) -> str:
        """Take five digits, however they were parted."""
        digits = "".join(text.replace("-", " ").replace("–", " ").split())
        if len(digits) != POSTAL_DIGITS or not (digits.isascii() and digits.isdigit()):
            raise ValidationError("Kod pocztowy ma 5 cyfr. Wpisz go na przykład tak: 05-400.")
        return f"{digits[:2]}-{digits[2:]}"


class PeselField(TextField):
    """A PESEL: never shown again, kept only as a digest."""

    def read(self, text: str) -> str:
        """Take eleven digits with a right check digit."""
        found = identifiers.pesel(text)
        if found is None:
            raise ValidationError("Sprawdź cyfry: PESEL ma ich 11 i jedna z nich się nie zgadza.")
        return found


class NipField(TextField):
    """A NIP."""

    def read(self, text: str) -> str:
        """Take ten digits with a right check digit."""
        found = identifiers.nip(text.upper())
        if found is None:
            raise ValidationError("Sprawdź cyfry: NIP ma ich 10 i jedna z nich się nie zgadza.")
        return found


class AccountsField(TextField):
    """Account numbers, parted by spaces, commas or lines: what stands apart is a number of its own."""

    def read(self, text: str) -> tuple[str, ...]:
        """Take each number once, in the order it was typed."""
        typed = text.replace(";", " ").replace(",", " ").split()
        numbers = tuple(dict.fromkeys(_account(part) for part in typed))
        if not numbers:
            raise ValidationError("Wpisz numer konta klienta.")
        if len(numbers) > MOST_ACCOUNTS:
            raise ValidationError(f"Wpisz najwyżej {MOST_ACCOUNTS} numerów. Na resztę złóż drugi wniosek.")
        return numbers


class CodeField(TextField):
    """The code of an application, grouped as one likes; empty when it cannot be one: all wrong ones are alike."""

    def read(self, text: str) -> str:
        """Take the letters and digits."""
        return plain_long_code(text)


def _account(typed: str) -> str:
    shown = typed.strip()[:ACCOUNT_MAX_LENGTH]
    try:
        number = read_number(typed)
    except UnableToRead as unable:
        raise ValidationError(f"„{shown}”: przepisz ten numer z faktury, z klawiatury.") from unable
    if not any(letter.isdigit() for letter in number):
        raise ValidationError(f"„{shown}”: to nie jest numer konta. Wpisz numer z faktury, bez spacji i bez słów.")
    if len(number) > ACCOUNT_MAX_LENGTH:
        raise ValidationError(f"„{shown}…”: to za długi numer. Sprawdź, czy każdy stoi w osobnym wierszu.")
    return number
