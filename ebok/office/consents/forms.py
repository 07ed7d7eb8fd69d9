"""The signed form as a clerk enters it, and the scan that proves it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms

from ebok.einvoicing.operations.paper_consents import SignedDecision
from ebok.foundation.formats import short_date
from ebok.kernel.phones import mobile_number
from ebok.office.consents.words import DECISIONS, DEEDS
from ebok.office.scans import ScanField
from ebok.terms.domain import ConsentDecision, ConsentDeed, TermsKind, TermsText
from ebok.web.application_fields import ACCOUNT_MAX_LENGTH, PHONE_MAX_LENGTH, PhoneField, TextField
from ebok.web.email_field import EmailField
from ebok.web.name_field import NameField

DAYS: Final = ["%Y-%m-%d", "%d.%m.%Y"]
SIGNED: Final = "Wpisz dzień z formularza, na przykład 22.11.2026."
LATER: Final = "Ten dzień dopiero będzie. Wpisz dzień z formularza."
NO_MOBILE: Final = "Wpisz numer komórki: SMS nie dojdzie na inny."
BY_EMAIL: Final = frozenset({ConsentDecision.E_INVOICE.value, ConsentDecision.NOTICES_EMAIL.value})


class ConsentForm(forms.Form):
    """Everything that stands on the paper. Nothing is chosen before the clerk does."""

    account_number = TextField(
        label="Numer konta klienta", missing="Wpisz numer konta klienta.", longest=ACCOUNT_MAX_LENGTH,
        attrs={"class": "w-short", "autocomplete": "off"},
    )  # fmt: skip
    signed_by = NameField(label="Kto podpisał", missing="Wpisz imię i nazwisko albo nazwę.")
    signed_on = forms.DateField(
        label="Dzień podpisu",
        help_text="Może być dawny. Zgoda działa i tak od dnia, w którym ją zapiszesz.",
        input_formats=DAYS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-short", "autocomplete": "off"}),
        error_messages={"required": SIGNED, "invalid": SIGNED},
    )
    deed = forms.ChoiceField(
        label="Co mówi formularz",
        choices=[(deed.value, word) for deed, word in DEEDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Wybierz, co mówi formularz.", "invalid_choice": "Wybierz, co mówi formularz."},
    )
    decisions = forms.MultipleChoiceField(
        label="Czego dotyczy",
        help_text="Zaznacz tylko to, co zaznaczono na papierze.",
        choices=[(decision.value, word) for decision, word in DECISIONS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Zaznacz, czego dotyczy formularz.",
            "invalid_choice": "Zaznacz pozycję z listy.",
            "invalid_list": "Zaznacz pozycję z listy.",
        },
    )
    email = EmailField(label="E-mail", hint="Do e-faktur i powiadomień e-mailem.", autocomplete="off")
    phone = PhoneField(
        label="Numer komórki", hint="Do powiadomień SMS-em.", longest=PHONE_MAX_LENGTH,
        attrs={"type": "tel", "class": "w-short", "autocomplete": "off"},
    )  # fmt: skip
    use_required_attribute = False

    def __init__(
        self, *args: Any, versions: Mapping[ConsentDecision, Sequence[TermsText]], today: date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.versions, self.today = versions, today
        for decision, texts in versions.items():
            self.fields[wording_field(decision)] = _wording(decision, texts)

    def clean_signed_on(self) -> date:
        """A form is never signed tomorrow."""
        signed: date = self.cleaned_data["signed_on"]
        if signed > self.today:
            raise forms.ValidationError(LATER)
        return signed

    def clean(self) -> dict[str, Any]:
        """Ask for the addresses and versions of what is ticked, and only for those."""
        said = super().clean() or {}
        ticked, deed = said.get("decisions") or [], said.get("deed")
        if deed != ConsentDeed.WITHDRAWN.value:
            self._ask_for_addresses(said, ticked)
        if deed == ConsentDeed.GIVEN.value:
            for value in ticked:
                self._check_version(said, ConsentDecision(value))
        return said

    def signed_decisions(self) -> tuple[SignedDecision, ...]:
        """What the form decides, once it is valid."""
        said, deed = self.cleaned_data, ConsentDeed(self.cleaned_data["deed"])
        return tuple(
            SignedDecision(
                decision=decision,
                deed=deed,
                address="" if deed is ConsentDeed.WITHDRAWN else said[address_field(decision)],
                version_id=said[wording_field(decision)] or 0 if deed is ConsentDeed.GIVEN else 0,
            )
            for decision in map(ConsentDecision, said["decisions"])
        )

    def _ask_for_addresses(self, said: dict[str, Any], ticked: Sequence[str]) -> None:
        if BY_EMAIL.intersection(ticked):
            self._ask(said, "email", "Wpisz e-mail z formularza.")
        if ConsentDecision.NOTICES_SMS.value in ticked:
            self._ask(said, "phone", "Wpisz numer komórki z formularza.")
            if said.get("phone") and mobile_number(said["phone"]) is None:
                self.add_error("phone", NO_MOBILE)

    def _check_version(self, said: dict[str, Any], decision: ConsentDecision) -> None:
        field = wording_field(decision)
        self._ask(said, field, "Wybierz wersję wydrukowaną na formularzu.")
        chosen = next((one for one in self.versions[decision] if one.id == said.get(field)), None)
        if chosen is not None and said.get("signed_on") and chosen.valid_from > said["signed_on"]:
            self.add_error(field, f"Ta wersja obowiązuje dopiero od {short_date(chosen.valid_from)}. Sprawdź dzień.")

    def _ask(self, said: dict[str, Any], name: str, words: str) -> None:
        if name not in self.errors and not said.get(name):
            self.add_error(name, words)


class ScanForm(forms.Form):
    """The scan, asked for at the check: a file cannot be given back when another field is wrong."""

    scan = ScanField()
    use_required_attribute = False


def wording_field(decision: ConsentDecision) -> str:
    """The field of the version of one decision's text."""
    return f"wording_{decision.value}"


def address_field(decision: ConsentDecision) -> str:
    """The field of the address of one decision."""
    return "phone" if decision is ConsentDecision.NOTICES_SMS else "email"


def _wording(decision: ConsentDecision, texts: Sequence[TermsText]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=f"Wersja treści: {DECISIONS[decision]}",
        choices=[("", "– nie dotyczy –"), *((str(one.id), f"wersja {one.version}") for one in texts)],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Wybierz wersję z listy."},
    )


def kinds() -> dict[ConsentDecision, TermsKind]:
    """The kind of text of each decision."""
    return {decision: TermsKind(decision.value) for decision in ConsentDecision}
