"""Forms of passkeys."""

from django import forms
from django.core.exceptions import ValidationError

from ebok.access.domain.factors import KEY_NAME_MAX_LENGTH
from ebok.portal.security.confirming_forms import PasskeyForm

ODD_NAME = "Wpisz nazwę bez znaków specjalnych, na przykład Telefon."


def name_field(*, required: bool) -> forms.CharField:
    """The name by which its owner tells a passkey from others."""
    return forms.CharField(
        label="Nazwa klucza",
        help_text="Na przykład Telefon albo Laptop w domu.",
        required=required,
        max_length=KEY_NAME_MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Wpisz nazwę klucza.",
            "max_length": f"Wpisz krótszą nazwę, najwyżej {KEY_NAME_MAX_LENGTH} znaków.",
            "null_characters_not_allowed": ODD_NAME,
        },
    )


class NameForm(forms.Form):
    """A name for a passkey."""

    name = name_field(required=True)

    def clean_name(self) -> str:
        """Take a name one can read."""
        return _readable(self.cleaned_data["name"])


class NewPasskeyForm(PasskeyForm):
    """A passkey just made, and its name if one was given."""

    name = name_field(required=False)

    def clean_name(self) -> str:
        """Take a name one can read, or none."""
        return _readable(self.cleaned_data["name"])

    def name_or(self, usual: str) -> str:
        """The name given, else the usual one."""
        return str(self.cleaned_data["name"]) or usual


def _readable(name: str) -> str:
    if not name.isprintable():
        raise ValidationError(ODD_NAME)
    return name
