"""The one field for an e-mail address, on every page."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.kernel.emails import LONGEST, email_address

BAD: Final = "Wpisz e-mail w całości, na przykład anna@poczta.pl."
FOREIGN: Final = "Wpisz e-mail w całości i bez polskich liter, na przykład anna@poczta.pl."
TOO_LONG: Final = f"Wpisz krótszy e-mail: najwyżej {LONGEST} znaków."
_ATTRS: Final = {"autocapitalize": "none", "spellcheck": "false"}


class EmailField(forms.CharField):
    """An address that a message can be sent to, in small letters; needed when there is a sentence `missing`."""

    def __init__(self, *, label: str, missing: str = "", hint: str = "", autocomplete: str = "email") -> None:
        super().__init__(
            label=label,
            help_text=hint,
            required=bool(missing),
            widget=forms.EmailInput(attrs={"autocomplete": autocomplete, **_ATTRS}),
            error_messages={"required": missing},
        )
        # Their sentences are ours to say, below.
        self.validators = []

    def clean(self, value: Any) -> str:
        """Take the address in small letters."""
        typed = str(super().clean(value))
        if not typed:
            return ""
        if len(typed) > LONGEST:
            raise ValidationError(TOO_LONG)
        address = email_address(typed)
        if address is None:
            raise ValidationError(BAD if typed.isascii() else FOREIGN)
        return address
