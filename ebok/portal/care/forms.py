"""Forms of a correspondence address and of a request for other data."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.customers.domain import ADDRESS_LENGTHS, WANTED_MAX_LENGTH, WHY_MAX_LENGTH, Address, DataField
from ebok.portal.access.fields import CHOICE_ERRORS, UNSEEN, TextField, choice
from ebok.portal.access.words import capital
from ebok.web.application_fields import PostalCodeField

PREMISES, ELSEWHERE = "premises", "elsewhere"
_LINES: Final = frozenset("\r\n\t")


class AddressForm(forms.Form):
    """Where letters go: to the premises, or to the address typed below."""

    where = choice(label="Dokąd wysyłać listy?", choices=())
    street = TextField(
        label="Ulica", help_text="Zostaw puste, jeśli w miejscowości nie ma ulic.", missing="",
        longest=ADDRESS_LENGTHS["street"], autocomplete="off", required=False,
    )  # fmt: skip
    house = TextField(label="Numer domu", missing="Wpisz numer domu.", longest=ADDRESS_LENGTHS["house"])
    flat = TextField(label="Numer mieszkania", missing="", longest=ADDRESS_LENGTHS["flat"], required=False)
    postal_code = PostalCodeField(
        label="Kod pocztowy",
        missing="Wpisz kod pocztowy, na przykład 05-400.",
        longest=40,
        attrs={"inputmode": "numeric", "autocomplete": "postal-code"},
    )
    city = TextField(
        label="Miejscowość",
        missing="Wpisz miejscowość.",
        longest=ADDRESS_LENGTHS["city"],
        autocomplete="address-level2",
    )
    use_required_attribute = False

    def __init__(self, *args: Any, premises: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["where"].choices = [  # type: ignore[attr-defined]
            (PREMISES, f"Na adres nieruchomości: {premises}"),
            (ELSEWHERE, "Na inny adres w Polsce. Wpisz go niżej."),
        ]
        for name, width in (("house", "w-tiny"), ("flat", "w-tiny"), ("postal_code", "w-tiny")):
            self.fields[name].widget.attrs["class"] = width

    def clean(self) -> dict[str, Any]:
        """Ask for the parts of another address, and only then."""
        cleaned = super().clean() or {}
        if cleaned.get("where") != ELSEWHERE:
            for name in ADDRESS_LENGTHS:
                self.errors.pop(name, None)
        return cleaned

    def address(self) -> Address | None:
        """The address typed; None for that of the premises."""
        typed = self.cleaned_data
        return Address(**{name: typed[name] for name in ADDRESS_LENGTHS}) if typed["where"] == ELSEWHERE else None


class LongTextField(forms.CharField):
    """A few sentences; line ends are kept, other characters that cannot be seen are refused."""

    def __init__(self, *, missing: str, longest: int, **options: Any) -> None:
        errors = {
            "required": missing,
            "max_length": f"Skróć ten tekst do {longest} znaków.",
            "null_characters_not_allowed": UNSEEN,
        }
        widget = forms.Textarea(attrs={"rows": "4", "autocomplete": "off"})
        super().__init__(max_length=longest, widget=widget, error_messages=errors, **options)

    def validate(self, value: str) -> None:
        """Refuse control characters."""
        super().validate(value)
        if not all(letter.isprintable() or letter in _LINES for letter in value):
            raise ValidationError(UNSEEN)


class DataChangeForm(forms.Form):
    """What to change, to what, and why."""

    what = forms.ChoiceField(
        label="Co zmienić?",
        choices=[(field.value, capital(field.word)) for field in DataField],
        widget=forms.RadioSelect,
        error_messages=CHOICE_ERRORS,
    )
    wanted = LongTextField(
        label="Jak ma być?",
        help_text="Wpisz nowe dane w całości. Nie podawaj numeru PESEL.",
        missing="Wpisz, jak ma być.",
        longest=WANTED_MAX_LENGTH,
    )
    why = LongTextField(
        label="Dlaczego?",
        help_text="Na przykład: ślub, pomyłka w umowie, sprzedaż domu.",
        missing="Napisz, skąd ta zmiana.",
        longest=WHY_MAX_LENGTH,
    )

    @property
    def chosen(self) -> DataField:
        """What is to be changed."""
        return DataField(self.cleaned_data["what"])
