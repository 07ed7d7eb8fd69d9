"""The three doors: a printed code, what stands on the paper, the file itself."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from ebok.portal.enrolment.fields import CopiedField
from ebok.portal.genuine.fields import BankAccountField, InvoiceNumberField, PdfField, SignedAmountField

_ONE_FILE: Final = "Wybierz jeden plik naraz. Następny sprawdzisz zaraz potem."
_CAPITALS: Final = {"autocapitalize": "characters"}


class CodeForm(forms.Form):
    """The code printed on an invoice. One that cannot be a code is unknown, like any other."""

    code = CopiedField(
        label="Kod z faktury",
        hint="26 liter i cyfr. Wielkość liter i kreski nie mają znaczenia.",
        missing="Wpisz kod z faktury.",
        attrs=_CAPITALS,
    )


class TypedForm(forms.Form):
    """What stands on an invoice."""

    account = BankAccountField(
        label="Konto do przelewu",
        hint="26 cyfr, dokładnie z faktury: przy słowie „Rachunek” albo „Konto”.",
        missing="Wpisz numer konta z faktury.",
        attrs={"inputmode": "numeric"},
    )
    number = InvoiceNumberField(
        label="Numer faktury",
        hint="Faktury albo korekty, na przykład FV/2026/10/000124.",
        named="numer faktury",
        attrs=_CAPITALS,
    )
    amount = SignedAmountField(
        label="Kwota",
        hint="Do zapłaty albo brutto, na przykład 228,44.",
        missing="Wpisz kwotę z faktury, na przykład 228,44.",
        attrs={"inputmode": "decimal", "class": "w-short"},
    )


class FileForm(forms.Form):
    """The file of an invoice."""

    file = PdfField(label="Plik z fakturą", hint="PDF do 10 MB. Sprawdzimy go i od razu zapomnimy.")

    def clean(self) -> dict[str, Any]:
        """Take one file."""
        if sum(len(files) for _, files in self.files.lists()) > 1:
            self.cleaned_data.pop("file", None)
            self.add_error("file", ValidationError(_ONE_FILE))
        return dict(self.cleaned_data)
