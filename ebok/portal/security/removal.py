"""Why a factor has to stay, in words."""

from typing import Final

from ebok.access.domain.factors import FactorRefusal

STAYS: Final[dict[FactorRefusal | None, str]] = {
    FactorRefusal.ONLY_WAY: "To Twój jedyny sposób logowania. Najpierw ustaw hasło albo dodaj drugi klucz.",
    FactorRefusal.STAFF_DUTY: "Do biura nie wystarczy samo hasło. Dodaj najpierw inny drugi krok, potem usuń ten.",
}
"""A sentence for each; none for what can go."""
