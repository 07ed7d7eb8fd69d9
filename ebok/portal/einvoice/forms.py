"""Forms of turning something on and of another address."""

from typing import Any, Final

from django import forms

from ebok.portal.access.fields import choice
from ebok.portal.sign_in.forms import CodeForm
from ebok.web.email_field import EmailField

OWN, OTHER = "own", "other"
MISSING: Final = "Wpisz e-mail."
AGREE: Final = "Zaznacz to pole, jeśli się zgadzasz."


class AddressForm(forms.Form):
    """An e-mail address: the login's own, or another one, to which a code goes. Without an own one only the other."""

    where = choice(label="Na jaki adres?", choices=())
    email = EmailField(label="Inny e-mail", missing=MISSING, hint="Wyślemy na niego kod. Bez kodu nic nie zapiszemy.")
    use_required_attribute = False

    def __init__(self, *args: Any, own: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.own = own
        if own:
            self.fields["where"].choices = [  # type: ignore[attr-defined]
                (OWN, f"{own}, czyli Twój e-mail w eBOK"),
                (OTHER, "Na inny. Wpisz go niżej."),
            ]
        else:
            del self.fields["where"]
            self.fields["email"].label = "E-mail"

    def clean(self) -> dict[str, Any]:
        """Ask for the other address where it is chosen, and only then."""
        cleaned = super().clean() or {}
        if self.own and cleaned.get("where") != OTHER:
            self.errors.pop("email", None)
        return cleaned

    def address(self) -> str:
        """The address chosen."""
        own = self.own and self.cleaned_data.get("where") == OWN
        return self.own if own else str(self.cleaned_data["email"])


class AgreeForm(forms.Form):
    """The tick under a text. Never ticked before."""

    agree = forms.BooleanField(label="Zgadzam się na tę treść", error_messages={"required": AGREE})
    use_required_attribute = False


class GiveForm(AgreeForm, AddressForm):
    """Saying yes, and where to."""

    field_order = ("agree", "where", "email")


class AddressCodeForm(CodeForm):
    """The code that went to the address."""
