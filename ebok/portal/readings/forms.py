"""The form for a reading."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms

from ebok.metering.domain.readings import DeclaredReason, InstalledMeter, ReadingSubmission
from ebok.metering.domain.values import UnableToParseMeterValue, ValueProblem, parse_meter_value

START_OVER: Final = "Odśwież stronę i spróbuj ponownie."
REASONS: Final = (
    (DeclaredReason.GARDEN.value, "Podlewanie ogrodu"),
    (DeclaredReason.POOL.value, "Napełnienie basenu"),
    (DeclaredReason.MORE_PEOPLE.value, "Więcej osób w domu"),
    (DeclaredReason.FAILURE.value, "Awaria albo wyciek"),
    (DeclaredReason.METER_REPLACED.value, "Wymieniono wodomierz"),
    (DeclaredReason.UNKNOWN.value, "Nie wiem, ale odczyt jest dobry"),
)


def problem_words(problem: ValueProblem, *, dials: int) -> str:
    """Say what is wrong with a typed value and how to mend it."""
    return {
        ValueProblem.EMPTY: "Wpisz stan wodomierza: czarne cyfry.",
        ValueProblem.NOT_A_NUMBER: "Wpisz same cyfry, na przykład 125.",
        ValueProblem.TOO_MANY_DIGITS: f"Ten wodomierz ma {dials} czarnych cyfr. Wpisano więcej. Czerwonych nie wpisuj.",
        ValueProblem.TOO_MANY_DECIMALS: "Po przecinku wpisz najwyżej 3 cyfry. Wystarczą czarne cyfry.",
    }[problem]


class ReadingForm(forms.Form):
    """A reading of one meter. `client_id` is made when the page is first shown and kept through every attempt."""

    client_id = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": START_OVER, "invalid": START_OVER}
    )
    value = forms.CharField(
        label="Stan wodomierza",
        max_length=32,
        error_messages={
            "required": "Wpisz stan wodomierza: czarne cyfry.",
            "max_length": "Wpisz same cyfry, na przykład 125.",
        },
    )
    read_on = forms.DateField(
        label="Dzień odczytu",
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-short"}),
        error_messages={"required": "Wpisz dzień odczytu.", "invalid": "Wpisz dzień odczytu jako 22.11.2026."},
    )
    reason = forms.ChoiceField(
        label="Dlaczego tyle?",
        choices=REASONS,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Wybierz powód z listy."},
    )

    def __init__(self, data: Any = None, *, meter: InstalledMeter, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.meter = meter
        self.today = today
        self.fields["read_on"].widget.attrs["max"] = today.isoformat()

    def clean_value(self) -> Decimal:
        """Read the digits as this meter shows them."""
        try:
            return parse_meter_value(text=self.cleaned_data["value"], dials=self.meter.dials)
        except UnableToParseMeterValue as unable:
            raise forms.ValidationError(problem_words(unable.reason, dials=self.meter.dials)) from unable

    def clean_read_on(self) -> date:
        """Keep the future out at the field."""
        day: date = self.cleaned_data["read_on"]
        if day > self.today:
            raise forms.ValidationError("Ten dzień jest w przyszłości. Wpisz dzień, w którym patrzysz na wodomierz.")
        return day

    def submission(self) -> ReadingSubmission:
        """What is sent, once the form is valid."""
        reason = self.cleaned_data["reason"]
        return ReadingSubmission(
            client_id=self.cleaned_data["client_id"],
            read_on=self.cleaned_data["read_on"],
            value_m3=self.cleaned_data["value"],
            declared_reason=DeclaredReason(reason) if reason else None,
        )
