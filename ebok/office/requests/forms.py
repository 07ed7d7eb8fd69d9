"""The form by which staff decide who else gets an account."""

from typing import Any, Final

from django import forms

from ebok.access.domain import GrantRole
from ebok.office.customers.forms import ReasonField

REFUSE: Final = "odmowa"
DECISIONS: Final = (
    *((role.value, f"Daj dostęp: {role.word}") for role in GrantRole if role is not GrantRole.OWNER),
    (GrantRole.OWNER.value, "Daj dostęp: właściciel (tylko gdy konto nie ma już właściciela)"),
    (REFUSE, "Odmów"),
)


class DecisionForm(forms.Form):
    """What becomes of a request, until when, and why."""

    decision = forms.ChoiceField(
        label="Decyzja",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": "Wybierz decyzję.", "invalid_choice": "Wybierz decyzję z listy."},
    )
    until = forms.DateField(
        label="Dostęp do dnia",
        help_text="Puste pole oznacza dostęp bez końca.",
        required=False,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-short"}),
        error_messages={"invalid": "Wpisz dzień jako 22.11.2026."},
    )
    reason = ReasonField(
        label="Powód",
        help_text="Zobaczy go osoba, która prosi.",
        ask="Napisz powód: co najmniej 3 litery.",
    )

    def grant_as(self) -> GrantRole | None:
        """The role to give, None for a refusal, once the form is valid."""
        decision = self.cleaned_data["decision"]
        return None if decision == REFUSE else GrantRole(decision)

    def answers(self) -> dict[str, Any]:
        """What the operation is told, once the form is valid."""
        return {
            "grant_as": self.grant_as(),
            "until": self.cleaned_data["until"],
            "reason": self.cleaned_data["reason"],
        }
