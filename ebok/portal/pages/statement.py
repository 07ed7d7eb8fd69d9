"""What the accessibility declaration says of this version, by its own assessment."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from ebok.foundation.formats import long_date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredDate:
    """A date in words and as `<time datetime>` wants it."""

    iso: str
    words: str


def declared(day: date) -> DeclaredDate:
    """The date both ways."""
    return DeclaredDate(iso=day.isoformat(), words=long_date(day))


PUBLISHED_ON = date(2026, 11, 22)
UPDATED_ON = date(2026, 11, 22)
DRAWN_UP_ON = date(2026, 11, 22)


def facts() -> dict[str, DeclaredDate | str]:
    """The dates and the address the declaration names."""
    return {
        "published": declared(PUBLISHED_ON),
        "updated": declared(UPDATED_ON),
        "public_url": settings.EBOK_PUBLIC_URL,
        "drawn_up": declared(DRAWN_UP_ON),
    }
