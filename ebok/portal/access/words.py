"""Roles, grounds, ways and deeds in Polish."""

from datetime import date, timedelta
from typing import Final

from django.utils.html import format_html

from ebok.access.domain import GrantRole
from ebok.foundation.formats import long_date, short_date

OPENS: Final = {
    GrantRole.OWNER: "Widzi i robi wszystko. Decyduje, kto ma dostęp.",
    GrantRole.FULL: "Widzi saldo, faktury, wpłaty, odczyty i dane kontaktowe. Płaci, podaje odczyty, zmienia dane.",
    GrantRole.PAYER: "Widzi saldo, faktury i wpłaty. Może zapłacić.",
    GrantRole.INVOICES: "Widzi i pobiera faktury.",
    GrantRole.READINGS: "Widzi i podaje odczyty wodomierza.",
}
"""What a role opens, in one or two sentences."""
CLOSED: Final = {
    GrantRole.OWNER: "",
    GrantRole.FULL: "Nie decyduje, kto ma dostęp.",
    GrantRole.PAYER: "Nie widzi odczytów ani danych kontaktowych.",
    GrantRole.INVOICES: "Nie widzi salda, wpłat, odczytów ani danych kontaktowych.",
    GrantRole.READINGS: "Nie widzi faktur, salda ani danych kontaktowych.",
}
"""What a role does not open."""
GIVEN_ROLES: Final = (GrantRole.FULL, GrantRole.PAYER, GrantRole.INVOICES, GrantRole.READINGS)
"""What an owner can give. An ownership is given by an activation or by the utility."""
GROUNDS: Final = {
    "spouse": "mąż, żona, partner",
    "family": "rodzina, która pomaga",
    "manager": "zarządca",
    "accountant": "księgowość",
    "tenant": "najemca",
}
OTHER_GROUND: Final = "other"
METHODS: Final = {
    "invoice": "numerem i kwotą faktury",
    "letter": "kodem z listu, który wysłaliśmy na adres z umowy",
    "data": "numerem PESEL albo NIP i kodem wysłanym na dane z umowy",
    "application": "wnioskiem, który sprawdził nasz pracownik",
}
"""How somebody proved their case, by the name of the way."""
_CHOICE: Final = "<span><strong>{}</strong><br>{}</span>"
CHANNELS: Final = {"email": "e-mailem", "sms": "SMS-em", "paper": "na papierze"}


def role_choices() -> list[tuple[str, str]]:
    """The roles an owner can give, each with what it opens and what not."""
    told = [(role, capital(role.word), f"{OPENS[role]} {CLOSED[role]}") for role in GIVEN_ROLES]
    return [(role.value, format_html(_CHOICE, word, opens)) for role, word, opens in told]


def proved(method: str) -> str:
    """How somebody proved their case."""
    return METHODS.get(method, "danymi z umowy")


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def until_words(ends_on: date | None) -> str:
    """Until when access lasts, its last day included."""
    return f"do {long_date(last_day(ends_on))}" if ends_on is not None else "bez daty końca"


def short_until(ends_on: date | None) -> str:
    """The same, for a table."""
    return f"do {short_date(last_day(ends_on))}" if ends_on is not None else "bez daty końca"


def last_day(ends_on: date) -> date:
    """The last day of what lasts up to, not including, a day."""
    return ends_on - timedelta(days=1)
