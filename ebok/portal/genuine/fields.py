"""Fields for what people copy from an invoice they do not trust."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.einvoicing.domain.checks import is_abroad
from ebok.kernel import identifiers
from ebok.portal.enrolment.fields import LONGEST_TYPED, AmountField, CopiedField, NumberField

FILE_MAX_BYTES: Final = 10 * 1024 * 1024
_MINUS: Final = "-−–"
ONLY_DIGITS: Final = "Konto to 26 cyfr, bez innych liter niż PL na początku. Przepisz je z klawiatury, cyframi 0–9."


class BankAccountField(CopiedField):
    """A bank account, grouped as one likes: a Polish one with PL or without, or one of another country.

    Neither another country nor wrong check digits are a fault of the field: that is what forgers print, and it has
    its answer.
    """

    def read(self, text: str) -> str:
        """Take the 26 digits, or the account of another country as it is printed."""
        bare = "".join(text[:LONGEST_TYPED].upper().replace("-", " ").replace("–", " ").split())
        digits = bare.removeprefix("PL")
        if is_abroad(bare):
            return bare
        if not (digits.isascii() and digits.isdigit()):
            raise ValidationError(ONLY_DIGITS)
        if len(digits) != identifiers.NRB_LENGTH:
            raise ValidationError(f"Konto ma 26 cyfr, a tu jest ich {len(digits)}. Przepisz wszystkie.")
        return digits


class InvoiceNumberField(NumberField):
    """The number of an invoice or a correction, kept as it was typed: some have blanks and small letters."""

    def read(self, text: str) -> str:
        """Take what can be a number, without the blanks around it."""
        super().read(text)
        return " ".join(text.split())


class SignedAmountField(AmountField):
    """An amount in złoty; a correction may give money back."""

    def read(self, text: str) -> Decimal:
        """Take the amount, however it was written."""
        bare = text.strip()
        amount: Decimal = super().read(bare[1:] if bare[:1] and bare[0] in _MINUS else bare)
        return -amount if bare[:1] and bare[0] in _MINUS else amount


class PdfField(forms.FileField):
    """One file of at most `FILE_MAX_BYTES`; valid as its bytes, which nobody keeps."""

    def __init__(self, *, label: str, hint: str) -> None:
        missing = "Wybierz plik PDF z fakturą."
        widget = forms.FileInput(attrs={"accept": "application/pdf,.pdf"})
        said = {"required": missing, "invalid": missing, "missing": missing, "max_length": missing}
        super().__init__(label=label, help_text=hint, allow_empty_file=True, widget=widget, error_messages=said)

    def clean(self, data: Any, initial: Any = None) -> bytes:
        """Return what is in the file."""
        file = super().clean(data, initial)
        if file.size > FILE_MAX_BYTES:
            raise ValidationError("Ten plik jest za duży. Nasze faktury mają mniej niż 10 MB.")
        if not file.size:
            raise ValidationError("Ten plik jest pusty. Zapisz fakturę jeszcze raz i wybierz ją tutaj.")
        return bytes(file.read())
