"""The texts shipped with the product (CC0-1.0), filled in with the facts of this installation's utility.

The regulations, and the wordings of consents.
"""

from pathlib import Path
from string import Template
from typing import Final

from django.conf import settings

from ebok.foundation.utility import utility
from ebok.terms.domain import TermsKind

_FOLDER: Final = Path(__file__).resolve().parent / "demo"
SHIPPED: Final = {
    TermsKind.REGULATIONS: _FOLDER / "regulations.txt",
    TermsKind.E_INVOICE: _FOLDER / "wordings" / "e_invoice.txt",
    TermsKind.NOTICES_EMAIL: _FOLDER / "wordings" / "notices_email.txt",
    TermsKind.NOTICES_SMS: _FOLDER / "wordings" / "notices_sms.txt",
}
TITLES: Final = {
    TermsKind.REGULATIONS: "Regulamin eBOK",
    TermsKind.E_INVOICE: "Akceptacja faktur elektronicznych",
    TermsKind.NOTICES_EMAIL: "Zgoda na powiadomienia e-mailem",
    TermsKind.NOTICES_SMS: "Zgoda na powiadomienia SMS-em",
}


class UnknownPlace(ValueError):
    """The text asks for a fact there is none of; the text of the error is what it asks for."""


def filled(text: str) -> str:
    """Put the utility's facts in place of `$name`, `$address`, `$nip`, `$krs`, `$phone`, `$email`, `$url` and so on.

    :raises UnknownPlace: for any other word after a dollar sign.
    """
    try:
        return Template(text).substitute(_facts())
    except (KeyError, ValueError) as error:
        raise UnknownPlace(str(error)) from error


def places(text: str) -> list[str]:
    """The facts of the utility that the text asks for and does not have yet, as `$name`, in alphabetical order."""
    return sorted({f"${name}" for name in Template(text).get_identifiers() if name in _facts()})


def shipped(kind: TermsKind = TermsKind.REGULATIONS) -> str:
    """A shipped text, filled in."""
    return filled(SHIPPED[kind].read_text("utf-8"))


def _facts() -> dict[str, str]:
    us = utility()
    return {
        "name": us.name,
        "short_name": us.short_name,
        "address": us.address,
        "nip": us.nip,
        "krs": us.krs,
        "phone": us.phone,
        "alarm_phone": us.alarm_phone,
        "office_hours": us.office_hours,
        "email": us.email,
        "data_protection_email": us.data_protection_email,
        "website": us.website,
        "url": settings.EBOK_PUBLIC_URL,
    }
