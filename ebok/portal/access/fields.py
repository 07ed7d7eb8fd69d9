"""Form fields of this area, with their sentences."""

from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.kernel.phones import mobile_number
from ebok.web.free_text import without_pesel

CHOOSE: Final = "Wybierz jedną z możliwości."
CHOICE_ERRORS: Final = {"required": CHOOSE, "invalid_choice": CHOOSE}
UNSEEN: Final = "W tym polu jest znak, którego nie widać. Wpisz je jeszcze raz."
_DAYS: Final = ["%Y-%m-%d", "%d.%m.%Y"]
_PHONE_LONGEST: Final = 32
_POLAND: Final = "+48"


class TextField(forms.CharField):
    """One line of text without characters that cannot be seen, and without a PESEL."""

    keeps_words: ClassVar[bool] = True

    def __init__(self, *, missing: str, longest: int, autocomplete: str = "off", **options: Any) -> None:
        errors = {
            "required": missing,
            "max_length": f"Skróć ten tekst do {longest} znaków.",
            "null_characters_not_allowed": UNSEEN,
        }
        super().__init__(max_length=longest, error_messages=errors, **options)
        self.widget.attrs["autocomplete"] = autocomplete

    def validate(self, value: str) -> None:
        """Refuse control characters and line ends."""
        super().validate(value)
        if not value.isprintable():
            raise ValidationError(UNSEEN)
        if self.keeps_words:
            without_pesel(value)


class MobileField(TextField):
    """A Polish mobile number, as E.164 writes it."""

    keeps_words = False

    _bad: Final = "Wpisz polski numer komórki, na przykład 600 700 800."

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=_PHONE_LONGEST, **options)
        self.widget.attrs |= {"inputmode": "tel", "class": "w-short"}

    def clean(self, value: Any) -> str:
        """Read the number, however it is grouped."""
        number = mobile_number(str(super().clean(value)))
        if number is None or not number.startswith(_POLAND):
            raise ValidationError(self._bad)
        return number


def choice(*, label: str, choices: Any, hint: str = "") -> forms.ChoiceField:
    """One of a few possibilities, as radio buttons."""
    return forms.ChoiceField(
        label=label, choices=choices, help_text=hint, widget=forms.RadioSelect, error_messages=CHOICE_ERRORS
    )


def day(*, label: str, hint: str = "") -> forms.DateField:
    """A day that may be left out."""
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        input_formats=_DAYS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-short", "autocomplete": "off"}),
        error_messages={"invalid": "Wpisz dzień jako 31.12.2027."},
    )
