"""Enrolment's papers: letters with an activation code, and the form for access."""

from collections.abc import Sequence
from typing import Any, Final

from ebok.access.domain import grouped
from ebok.adapters.typst.application_form import form_page
from ebok.adapters.typst.compiler import TypstCompiler, qr_picture
from ebok.enrolment.domain import ActivationLetter
from ebok.enrolment.domain.application_views import ApplicationForm
from ebok.foundation.formats import NBSP, long_date

NUMBERS_PRINTED: Final = 5
"""How many account numbers a letter names before it only counts the others."""


class TypstEnrolmentPapers:
    """Sets papers with the compiler it is given, or one of its own; safe to share between threads."""

    def __init__(self, compiler: TypstCompiler | None = None) -> None:
        self.compiler = compiler or TypstCompiler()

    def letters(self, letters: Sequence[ActivationLetter]) -> bytes:
        """Return one file of all the letters, dated by the day the first was printed."""
        day = letters[0].printed_on
        title = "List z kodem do eBOK" if len(letters) == 1 else f"Listy z kodem do eBOK ({len(letters)})"
        page = {
            "title": title,
            "author": letters[0].office.name,
            "date": {"year": day.year, "month": day.month, "day": day.day},
            "letters": [_letter(letter) for letter in letters],
        }
        return self.compiler.compile("letter.typ", inputs=self.compiler.inputs(page), dated=day)

    def application_form(self, form: ApplicationForm) -> bytes:
        """Return the form for access, with answers or empty."""
        page = form_page(form)
        return self.compiler.compile("application.typ", inputs=self.compiler.inputs(page), dated=form.printed_on)


def _letter(letter: ActivationLetter) -> dict[str, Any]:
    office = letter.office
    return {
        "brand": office.short_name,
        "phone": _unbroken(office.phone),
        "hours": _unbroken(office.office_hours),
        "sender": f"{office.short_name}, {office.address}",
        "to": [letter.name, *letter.address_lines],
        "day": long_date(letter.printed_on),
        "accounts_term": "Numery kont klienta" if len(letter.account_numbers) > 1 else "Numer konta klienta",
        "accounts": _numbers(letter.account_numbers),
        "code": grouped(letter.code),
        "until": long_date(letter.last_day),
        "url": letter.page_url,
        "url_words": letter.page_url,
        "qr": qr_picture(letter.page_url, alt=f"Kod QR z adresem strony: {letter.page_url}"),
        "office_address": office.address,
        "contact": [
            f"{office.name}, {office.address}",
            f"tel. {_unbroken(office.phone)} ({office.office_hours}), {office.email}, {office.website}",
            f"Pogotowie wodociągowe: tel. {_unbroken(office.alarm_phone)}",
        ],
    }


def _numbers(numbers: Sequence[str]) -> str:
    named = ", ".join(numbers[:NUMBERS_PRINTED])
    left = len(numbers) - NUMBERS_PRINTED
    return f"{named} i jeszcze {left}" if left > 0 else named


def _unbroken(words: str) -> str:
    return words.replace(" ", NBSP)
