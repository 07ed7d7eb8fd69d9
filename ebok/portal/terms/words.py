"""A version of the regulations in words."""

from dataclasses import dataclass
from datetime import date, timedelta

from ebok.foundation.formats import long_date
from ebok.terms.domain import TermsText


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVersion:
    """One version as a list names it: its number and the days it holds."""

    id: int
    version: str
    when: str


def when_words(terms: TermsText, *, today: date) -> str:
    """Say on which days a version holds."""
    since = long_date(terms.valid_from)
    if terms.valid_from > today:
        return f"Będzie obowiązywać od {since}."
    if terms.valid_until is None:
        return f"Obowiązuje od {since}."
    last = long_date(terms.valid_until - timedelta(days=1))
    verb = "Obowiązuje" if terms.in_force(today) else "Obowiązywał"
    return f"{verb} od {since} do {last}."


def listed(terms: TermsText, *, today: date) -> ListedVersion:
    """One line of the list of versions."""
    return ListedVersion(id=terms.id, version=terms.version, when=when_words(terms, today=today))
