"""Forms about one customer."""

from datetime import date
from typing import Any, Final

from django import forms

from ebok.web.free_text import without_pesel

REASON_LEAST: Final = 3
REASON_LONGEST: Final = 200
OWN_WORDS: Final = "inny"
VISIT_REASONS: Final = (
    ("telefon", "Klient dzwoni"),
    ("wizyta", "Klient jest w biurze"),
    ("pismo", "Klient napisał"),
    ("wniosek", "Sprawdzam wniosek"),
    (OWN_WORDS, "Inny powód"),
)
_WORDS: Final = dict(VISIT_REASONS)


class ReasonField(forms.CharField):
    """A reason in own words, one line, at least three letters of it."""

    def __init__(self, *, ask: str, **options: Any) -> None:
        super().__init__(
            max_length=REASON_LONGEST,
            error_messages={
                "required": ask,
                "max_length": f"Skróć powód do {REASON_LONGEST} znaków.",
                "null_characters_not_allowed": "Wpisz powód zwykłymi literami.",
            },
            **options,
        )
        self.ask = ask

    def clean(self, value: Any) -> str:
        """Make one line of it."""
        typed = "".join(c if c.isprintable() else " " for c in str(super().clean(value)))
        said = " ".join(typed.split())
        if (said or self.required) and sum(c.isalnum() for c in said) < REASON_LEAST:
            raise forms.ValidationError(self.ask)
        return without_pesel(said)


class VisitForm(forms.Form):
    """Why a customer is opened: a usual reason, or own words."""

    why = forms.ChoiceField(
        label="Powód",
        choices=VISIT_REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Wybierz powód.", "invalid_choice": "Wybierz powód z listy."},
    )
    words = ReasonField(
        label="Szczegóły",
        help_text="Na przykład czego dotyczy rozmowa. Powód zobaczy też klient.",
        ask="Napisz powód: co najmniej 3 litery.",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Own words are needed where no usual reason fits."""
        cleaned = super().clean() or {}
        if cleaned.get("why") == OWN_WORDS and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", "Napisz powód: co najmniej 3 litery.")
        return cleaned

    def reason(self) -> str:
        """The reason as it is kept, once the form is valid."""
        why, words = self.cleaned_data["why"], self.cleaned_data["words"]
        usual = "" if why == OWN_WORDS else _WORDS[why]
        return ": ".join(part for part in (usual, words) if part)


class EndOwnershipForm(forms.Form):
    """The day from which an owner owns no more, and why."""

    ends_on = forms.DateField(
        label="Pierwszy dzień bez dostępu",
        help_text="Faktury sprzed tego dnia dotychczasowy właściciel nadal zobaczy.",
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-short"}),
        error_messages={"required": "Wpisz dzień.", "invalid": "Wpisz dzień jako 22.11.2026."},
    )
    reason = ReasonField(
        label="Powód",
        help_text="Na przykład: sprzedaż domu, umowa z nowym odbiorcą.",
        ask="Napisz powód: co najmniej 3 litery.",
    )

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        super().__init__(data, initial={"ends_on": today}, **options)
