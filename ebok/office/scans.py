"""Scans of paper forms on pages of the office: the field that takes one, why one is not taken, and one as a file."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from ebok.documents.domain import Scan
from ebok.documents.operations import SCAN_MAX_BYTES, ScanFault

TOO_LARGE: Final = "Ten plik ma więcej niż 10 MB. Zeskanuj formularz w mniejszej rozdzielczości."
NO_SCAN: Final = {
    ScanFault.EMPTY: "Ten plik jest pusty. Zeskanuj formularz jeszcze raz.",
    ScanFault.TOO_LARGE: TOO_LARGE,
    ScanFault.TOO_MANY_PIXELS: "Ten obraz jest za duży. Zeskanuj formularz w 300 dpi.",
    ScanFault.UNKNOWN_TYPE: "To nie jest PDF, JPG ani PNG. Zapisz skan w jednym z tych formatów.",
    ScanFault.DAMAGED: "Ten plik jest uszkodzony. Zeskanuj formularz jeszcze raz.",
    ScanFault.ACTIVE: "Nie da się sprawdzić, co jest w tym pliku. Zapisz skan jako zwykły PDF albo zdjęcie.",
}


class ScanField(forms.FileField):
    """A file that may be a scan; its value is its bytes, looked into by the room that keeps it."""

    def __init__(self) -> None:
        super().__init__(
            label="Skan podpisanego formularza",
            help_text="PDF, JPG albo PNG, do 10 MB.",
            allow_empty_file=True,
            error_messages={"required": "Dodaj skan formularza.", "invalid": "Dodaj skan formularza."},
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse a file that is too large before it is read whole (ASVS 5.2.1)."""
        file = super().clean(data, initial)
        if file.size > SCAN_MAX_BYTES:
            raise ValidationError(TOO_LARGE)
        return bytes(file.read())


def scan_answer(scan: Scan) -> HttpResponse:
    """A scan as a file that no browser runs (ASVS 3.2.1, 5.3.1)."""
    answer = HttpResponse(scan.content, content_type=scan.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{scan.file_name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
