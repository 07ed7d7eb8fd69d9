"""Questions of an invitation, one form a page, and the decision on a request."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.customers.domain import Premises
from ebok.foundation.formats import long_date
from ebok.portal.access.fields import CHOICE_ERRORS, MobileField, TextField, choice, day
from ebok.portal.access.words import GROUNDS, OTHER_GROUND, capital, role_choices
from ebok.web.email_field import EmailField
from ebok.web.name_field import NameField

RADIOS_AT_MOST: Final = 8
GROUND_LONGEST: Final = 120
REASON_LONGEST: Final = 300
YEARS_AT_MOST: Final = timedelta(days=3_653)
REFUSE: Final = "refuse"
EMAIL, SMS, PAPER = "email", "sms", "paper"
_CHANNELS: Final = {
    EMAIL: "E-mailem. Wyślemy kod i wyjaśnienie, co z nim zrobić.",
    SMS: "SMS-em. Wyślemy kod na komórkę.",
    PAPER: "Na papierze. Wydrukujesz kod i dasz go tej osobie.",
}


class AccountForm(forms.Form):
    """Which account to open."""

    account = forms.TypedChoiceField(label="Do którego lokalu?", coerce=int, error_messages=CHOICE_ERRORS)

    def __init__(self, *args: Any, places: Sequence[Premises], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["account"]
        if len(places) <= RADIOS_AT_MOST:
            field.widget = forms.RadioSelect()
        field.choices = [(str(one.account_id), place_words(one)) for one in places]  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """How much to open."""

    role = choice(label="Co ta osoba będzie mogła?", choices=role_choices)


class PersonForm(forms.Form):
    """Who is invited, and on what ground."""

    invitee = NameField(
        label="Imię i nazwisko",
        hint="Żeby łatwo poznać tę osobę na liście.",
        missing="Wpisz imię i nazwisko osoby, którą zapraszasz.",
    )
    why = choice(
        label="Kim jest dla Ciebie?",
        choices=[*((key, capital(word)) for key, word in GROUNDS.items()), (OTHER_GROUND, "Kimś innym")],
    )
    other = TextField(
        label="Kim innym?", help_text="Gdy wybierasz „Kimś innym”.", required=False, longest=GROUND_LONGEST, missing=""
    )

    def clean(self) -> dict[str, Any]:
        """Put the ground into words."""
        said = dict(self.cleaned_data)
        if said.get("why") == OTHER_GROUND and not said.get("other") and "other" not in self.errors:
            self.add_error("other", "Napisz, kim jest ta osoba.")
        return said | {"ground": GROUNDS.get(said.get("why", ""), said.get("other", ""))}


class ChannelForm(forms.Form):
    """How the code travels."""

    channel = choice(label="Jak przekazać kod?", choices=())

    def __init__(self, *args: Any, sms: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(key, words) for key, words in _CHANNELS.items() if sms or key != SMS]
        self.fields["channel"].choices = offered  # type: ignore[attr-defined]


class EmailAddressForm(forms.Form):
    """The address the code goes to."""

    recipient = EmailField(
        label="E-mail tej osoby", missing="Wpisz e-mail osoby, którą zapraszasz.", autocomplete="off"
    )


class MobileNumberForm(forms.Form):
    """The number the code goes to."""

    recipient = MobileField(label="Numer komórki tej osoby", missing="Wpisz numer komórki osoby, którą zapraszasz.")


class NoAddressForm(forms.Form):
    """A code on paper needs no address."""

    def clean(self) -> dict[str, Any]:
        """Say that there is none."""
        return {"recipient": ""}


class TermForm(forms.Form):
    """Until when. `last_day` is the last day of access."""

    lasts = choice(
        label="Do kiedy?", choices=[("open", "Bez daty końca. Dostęp odbierzesz, kiedy chcesz."), ("until", "Do dnia")]
    )
    last_day = day(label="Ostatni dzień dostępu", hint="Gdy wybierasz „Do dnia”.")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["last_day"].widget.attrs |= bounds(today)

    def clean_last_day(self) -> date | None:
        """Keep it between today and ten years."""
        return within_ten_years(self.cleaned_data["last_day"], today=self.today)

    def clean(self) -> dict[str, Any]:
        """A day must be there when it was chosen to end on one."""
        said = dict(self.cleaned_data)
        ends = said.get("lasts") == "until"
        if ends and not said.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "Wpisz ostatni dzień dostępu.")
        return said | {"until": day_after(said.get("last_day")) if ends else None}


class DecisionForm(forms.Form):
    """What is decided on a request."""

    decision = choice(label="Co decydujesz?", choices=lambda: [*role_choices(), (REFUSE, "Nie daję dostępu.")])
    last_day = day(label="Ostatni dzień dostępu", hint="Zostaw puste, jeśli bez daty końca.")
    reason = TextField(
        label="Powód odmowy",
        help_text="Gdy nie dajesz dostępu. Przekażemy go tej osobie.",
        required=False,
        longest=REASON_LONGEST,
        missing="",
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["last_day"].widget.attrs |= bounds(today)

    def clean_last_day(self) -> date | None:
        """Keep it between today and ten years."""
        return within_ten_years(self.cleaned_data["last_day"], today=self.today)

    def clean(self) -> dict[str, Any]:
        """A refusal has a reason."""
        said = dict(self.cleaned_data)
        if said.get("decision") == REFUSE and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Napisz krótko, dlaczego nie dajesz dostępu.")
        return said | {"until": day_after(said.get("last_day"))}


def place_words(one: Premises) -> str:
    """Premises as a choice: their address and account number."""
    return f"{one.address.place or one.name}, konto {one.number}"


def bounds(today: date) -> dict[str, str]:
    """The first and the last day a browser offers."""
    return {"min": today.isoformat(), "max": (today + YEARS_AT_MOST).isoformat()}


def within_ten_years(last: date | None, *, today: date) -> date | None:
    """Return the day.

    :raises ValidationError: when it is past, or more than ten years ahead.
    """
    if last is not None and last < today:
        raise ValidationError("Ten dzień już minął. Wpisz dziś albo późniejszy dzień.")
    if last is not None and last > today + YEARS_AT_MOST:
        raise ValidationError(f"Wpisz dzień nie później niż {long_date(today + YEARS_AT_MOST)}.")
    return last


def day_after(last: date | None) -> date | None:
    """The first day on which there is no access any more."""
    return last + timedelta(days=1) if last is not None else None
