"""What nobody may write into a field of words."""

from typing import Final

from django.core.exceptions import ValidationError

from ebok.kernel.identifiers import holds_pesel

HAS_PESEL: Final = "Usuń numer PESEL. Nie zapisujemy go w eBOK."


def without_pesel(text: str) -> str:
    """Return the text.

    :raises ValidationError: when there is a PESEL in it: words are kept as they are typed, and a PESEL is never kept.
    """
    if holds_pesel(text):
        raise ValidationError(HAS_PESEL)
    return text
