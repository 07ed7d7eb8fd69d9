"""Forms by which staff decide an application. Each says how much of its history was seen when it was shown."""

from collections.abc import Collection
from typing import Any, Final

from django import forms

from ebok.enrolment.domain.applications import WORDS_MAX_LENGTH
from ebok.web.free_text import without_pesel

ONLY_LETTERS: Final = "Wpisz tekst zwykłymi literami."


def words_field(*, label: str, hint: str, ask: str, required: bool = True) -> forms.CharField:
    """A field of a few sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=WORDS_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": ask,
            "max_length": f"Skróć tekst do {WORDS_MAX_LENGTH} znaków.",
            "null_characters_not_allowed": ONLY_LETTERS,
        },
    )


class StepForm(forms.Form):
    """A step, with a note for the office."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=100_000)
    note = words_field(
        label="Notatka dla biura", hint="Wnioskodawca jej nie zobaczy.", ask="Wpisz notatkę.", required=False
    )

    def clean_seen(self) -> int:
        """What is no number of steps was never seen."""
        seen = self.cleaned_data["seen"]
        return -1 if seen is None else int(seen)

    def clean_note(self) -> str:
        """Keep out what does not show."""
        return readable(self.cleaned_data["note"])

    def answers(self) -> dict[str, Any]:
        """What the operation is told besides, once the form is valid."""
        return {"note": self.cleaned_data["note"]}


class AskForm(StepForm):
    """A question to the applicant."""

    question = words_field(
        label="Pytanie",
        hint="Napisz, czego brakuje. Wnioskodawca dostanie to e-mailem, a bez e-maila przeczyta na stronie wniosku.",
        ask="Wpisz pytanie do wnioskodawcy.",
    )
    field_order = ("question", "note")

    def clean_question(self) -> str:
        """Keep out what does not show."""
        return readable(self.cleaned_data["question"])

    def answers(self) -> dict[str, Any]:
        """The question and the note."""
        return super().answers() | {"question": self.cleaned_data["question"]}


class RefuseForm(StepForm):
    """A refusal with its reason."""

    reason = words_field(
        label="Powód odmowy",
        hint="Wnioskodawca go przeczyta. Nie pisz, czy konto istnieje ani do kogo należy.",
        ask="Wpisz powód odmowy.",
    )
    field_order = ("reason", "note")

    def clean_reason(self) -> str:
        """Keep out what does not show."""
        return readable(self.cleaned_data["reason"])

    def answers(self) -> dict[str, Any]:
        """The reason and the note."""
        return super().answers() | {"reason": self.cleaned_data["reason"]}


class AcceptForm(StepForm):
    """Acceptance for some of the accounts asked for."""

    accounts = forms.TypedMultipleChoiceField(
        label="Dla których kont",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Zaznacz co najmniej jedno konto.",
            "invalid_choice": "Wybierz konto z listy.",
            "invalid_list": "Wybierz konto z listy.",
        },
    )
    field_order = ("accounts", "note")

    def __init__(self, data: Any = None, *, among: Collection[tuple[str, str]], **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["accounts"].choices = list(among)  # type: ignore[attr-defined]

    def answers(self) -> dict[str, Any]:
        """The accounts and the note."""
        return super().answers() | {"account_ids": frozenset(self.cleaned_data["accounts"])}


def readable(words: str) -> str:
    """Words without anything hidden in them.

    :raises ValidationError: when something is.
    """
    lines = words.replace("\r\n", "\n").replace("\u00a0", " ").strip().split("\n")
    if not all(line.isprintable() for line in lines):
        raise forms.ValidationError(ONLY_LETTERS)
    return without_pesel("\n".join(lines))
