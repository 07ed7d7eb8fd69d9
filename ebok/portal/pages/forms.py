"""The choice of looks."""

from django import forms

from ebok.web.appearance import Appearance, Contrast, TextSize, Theme

CHOOSE = {"required": "Wybierz jedną z możliwości.", "invalid_choice": "Wybierz jedną z możliwości."}


class AppearanceForm(forms.Form):
    """Theme, contrast and size of text."""

    theme = forms.ChoiceField(
        label="Kolory",
        choices=[(Theme.SYSTEM, "Jak w systemie"), (Theme.LIGHT, "Jasne"), (Theme.DARK, "Ciemne")],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    contrast = forms.ChoiceField(
        label="Kontrast",
        choices=[(Contrast.NORMAL, "Zwykły"), (Contrast.HIGH, "Wysoki kontrast")],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    text = forms.ChoiceField(
        label="Tekst",
        choices=[(TextSize.NORMAL, "Zwykły"), (TextSize.LARGE, "Większy tekst")],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def chosen(self) -> Appearance:
        """The choice of a valid form."""
        chosen = self.cleaned_data
        return Appearance(
            theme=Theme(chosen["theme"]), contrast=Contrast(chosen["contrast"]), text=TextSize(chosen["text"])
        )
