"""The gallery of components."""

from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ebok.foundation.formats import cubic_metres
from ebok.web.charts import Bar
from ebok.web.icons import PATHS
from ebok.web.rules import demo_only

MONTHS = ("sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru")
VOLUMES = ("8.1", "7.9", "9.0", "8.6", "10.2", "12.4", "14.1", "13.0", "9.4", "8.8", "8.9", "9.2")
ESTIMATED = 9


class SampleForm(forms.Form):
    """One field of each kind."""

    login = forms.EmailField(
        label="Adres e-mail",
        help_text="Ten, na który przychodzą faktury.",
        error_messages={
            "required": "Wpisz adres e-mail.",
            "invalid": "Wpisz cały adres e-mail, na przykład anna@example.pl.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label="Hasło",
        error_messages={"required": "Wpisz hasło."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label="Kod z wiadomości",
        help_text="6 cyfr. Kod jest ważny 10 minut.",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "w-code"}),
    )
    reason = forms.ChoiceField(
        label="Skąd większe zużycie?",
        choices=[("ogrod", "Podlewanie ogrodu"), ("goscie", "Więcej osób w domu"), ("nie_wiem", "Nie wiem")],
        widget=forms.RadioSelect,
        error_messages={"required": "Wybierz powód."},
    )
    premises = forms.ChoiceField(label="Nieruchomość", choices=[("1", "ul. Polna 1"), ("2", "ul. Leśna 7")])
    remarks = forms.CharField(label="Uwagi", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="Licznik był wymieniony", error_messages={"required": "Zaznacz, jeśli tak było."})


def sample_bars() -> list[Bar]:
    """A year of consumption, one month unknown, one estimated."""
    return [
        Bar(
            label=f"{month} 2026",
            short=month,
            value=None if index == ESTIMATED - 1 else Decimal(volume),
            text="brak odczytu" if index == ESTIMATED - 1 else cubic_metres(Decimal(volume)),
            kind="estimate" if index == ESTIMATED else "",
        )
        for index, (month, volume) in enumerate(zip(MONTHS, VOLUMES, strict=True))
    ]


@demo_only
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component; with `?blad`, the form as it stands after an empty submission."""
    form = SampleForm({}, prefix="b") if "blad" in request.GET else SampleForm()
    return render(
        request, "web/gallery/page.html", {"form": form, "bars": sample_bars(), "no_bars": [], "icons": sorted(PATHS)}
    )
