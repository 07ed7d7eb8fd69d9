"""Fields for what people copy from paper. What is wrong is said in the words of the field."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.access.domain import CODE_DIGITS, plain_long_code
from ebok.enrolment.domain import TypedProblem, UnableToRead, read_amount, read_number
from ebok.kernel import identifiers

LONGEST_TYPED: Final = 512
"""More than that is no longer looked at."""


class CopiedField(forms.CharField):
    """A text field that any text at all may be typed into: it never says anything but its own sentences."""

    def __init__(self, *, label: str, hint: str, missing: str, attrs: Mapping[str, str] | None = None) -> None:
        usual = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        widget = forms.TextInput(attrs={**usual, **(attrs or {})})
        super().__init__(label=label, help_text=hint, widget=widget, error_messages={"required": missing})
        self.validators = []

    def clean(self, value: Any) -> Any:
        """Return what the text means."""
        text: str = super().clean(value)
        return self.read(text)

    def read(self, text: str) -> Any:
        """Return what the text means.

        :raises ValidationError: when it means nothing.
        """
        return text


class NumberField(CopiedField):
    """The number of an account or an invoice. `named` is what it is called, in the accusative."""

    def __init__(self, *, named: str, **options: Any) -> None:
        super().__init__(missing=f"Wpisz {named}.", **options)
        self.named = named

    def read(self, text: str) -> str:
        """Take it without spaces, in capitals."""
        try:
            return read_number(text)
        except UnableToRead as unable:
            raise ValidationError(self._sentence(unable.reason)) from unable

    def _sentence(self, problem: TypedProblem) -> str:
        again = f"Wpisz {self.named} z klawiatury, tak jak stoi na papierze."
        return {
            TypedProblem.INVISIBLE: f"Wkleił się znak, którego nie widać. {again}",
            TypedProblem.LOOK_ALIKE: f"Jedna z liter albo cyfr jest z innego alfabetu. {again}",
            TypedProblem.TOO_LONG: f"To za dużo znaków. {again}",
        }.get(problem, f"Wpisz {self.named}.")


class AmountField(CopiedField):
    """An amount in złoty."""

    def read(self, text: str) -> Decimal:
        """Take the amount, however it was written."""
        try:
            return read_amount(text)
        except UnableToRead as unable:
            sentences = {
                TypedProblem.NEGATIVE: "Wpisz kwotę bez minusa. Faktura korygująca tu nie zadziała, weź zwykłą.",
                TypedProblem.LOOK_ALIKE: "Wpisz kwotę cyframi 0–9, na przykład 228,44.",
            }
            sentence = sentences.get(unable.reason, "Wpisz kwotę z faktury, na przykład 228,44.")
            raise ValidationError(sentence) from unable


class LongCodeField(CopiedField):
    """The code of a letter, grouped as one likes."""

    def read(self, text: str) -> str:
        """Take the code without what stands between its groups."""
        code = plain_long_code(text[:LONGEST_TYPED])
        if not code:
            raise ValidationError("Kod ma 20 liter i cyfr. Przepisz go w całości, na przykład 7KQ2M-XR4VD-9WTHB-3F8JC.")
        return code


class IdentifierField(CopiedField):
    """PESEL or NIP."""

    def read(self, text: str) -> str:
        """Take the digits, if their check digit is right."""
        found = identifiers.pesel(text[:LONGEST_TYPED]) or identifiers.nip(text[:LONGEST_TYPED].upper())
        if found is None:
            raise ValidationError("Sprawdź cyfry: PESEL ma ich 11, NIP 10. Jedna z nich się nie zgadza.")
        return found


class SixDigitsField(CopiedField):
    """A six-digit code."""

    def read(self, text: str) -> str:
        """Take the digits, however they were grouped."""
        code = "".join(text[:LONGEST_TYPED].replace("-", " ").split())
        if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
            raise ValidationError(f"Wpisz {CODE_DIGITS} cyfr z wiadomości.")
        return code
