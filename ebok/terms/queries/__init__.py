"""Which text holds, who accepted what, and how consents stand."""

from ebok.terms.queries.chains import broken_consents
from ebok.terms.queries.consents import (
    consent_entry,
    consent_history,
    consents_after,
    courses,
    ended_entries,
    standings,
    standings_on,
)
from ebok.terms.queries.texts import accepted, terms_in_force, terms_version, versions

__all__ = [
    "accepted",
    "broken_consents",
    "consent_entry",
    "consent_history",
    "consents_after",
    "courses",
    "ended_entries",
    "standings",
    "standings_on",
    "terms_in_force",
    "terms_version",
    "versions",
]
