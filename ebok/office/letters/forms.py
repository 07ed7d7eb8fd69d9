"""The form of the letters: why they are fetched once more."""

from django import forms

from ebok.enrolment.operations import REASON_MAX_LENGTH

ONLY_LETTERS = "Wpisz tekst zwykłymi literami."


class FetchForm(forms.Form):
    """Why a file that somebody has already is made again."""

    why = forms.CharField(
        label="Dlaczego pobierasz list jeszcze raz?",
        help_text="Tylko gdy ktoś pobrał go wcześniej. Klient zobaczy powód w eBOK.",
        required=False,
        max_length=REASON_MAX_LENGTH,
        error_messages={
            "max_length": f"Skróć powód do {REASON_MAX_LENGTH} znaków.",
            "null_characters_not_allowed": ONLY_LETTERS,
        },
    )

    def clean_why(self) -> str:
        """Keep out what does not show."""
        said = str(self.cleaned_data["why"])
        if not said.replace("\u00a0", " ").isprintable():
            raise forms.ValidationError(ONLY_LETTERS)
        return said
