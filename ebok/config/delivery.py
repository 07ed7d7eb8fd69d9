"""The settings of how invoices are delivered, checked before anything starts."""

from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ImproperlyConfigured

DEMO_DAYS: Final = 31
"""In the demo the invoices of the last month are sent and printed; the papers before it are history."""


def since(*, value: str, demo: bool, today: date) -> date | None:
    """The first day of issue that eBOK delivers, None when it delivers nothing yet.

    :raises ImproperlyConfigured: when the setting is no day; the text is a Polish sentence.
    """
    if not value:
        return today - timedelta(days=DEMO_DAYS) if demo else None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"EBOK_DELIVER_SINCE ma wartość „{value[:40]}”, a to nie jest dzień. Podaj pierwszy dzień wystawienia "
            "faktur, które dostarcza eBOK, na przykład 2026-12-01. Bez tego ustawienia eBOK nie dostarcza żadnych."
        ) from error


def one_of(*, name: str, value: str, choices: tuple[str, ...]) -> str:
    """The value, when it is one of the choices.

    :raises ImproperlyConfigured: when it is not; the text is a Polish sentence.
    """
    if value not in choices:
        raise ImproperlyConfigured(f"{name} ma wartość „{value[:40]}”. Wybierz jedną z: {', '.join(choices)}.")
    return value
