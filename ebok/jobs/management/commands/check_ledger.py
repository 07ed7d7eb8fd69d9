"""`ebok check_ledger`: proves each invariant of the ledger, or says what breaks it."""

import sys
from collections.abc import Mapping
from typing import Any, Final

from django.core.management.base import BaseCommand

from ebok.billing import queries as billing
from ebok.billing.domain.overview import Promise
from ebok.einvoicing.queries import proofs as einvoicing
from ebok.foundation.snapshot import one_moment
from ebok.interchange import queries as interchange
from ebok.payments import queries as payments

WORDS: Final[Mapping[str, str]] = {
    Promise.I1: "każdy wpis sumuje się do zera",
    Promise.I2: "wpisów nie da się zmienić ani usunąć",
    Promise.I3: "saldo to suma wpisów, a otwarte pozycje z nich wynikają",
    Promise.I4: "jedno zdarzenie to jeden wpis",
    Promise.I5: "wyciąg: saldo początkowe i operacje dają saldo końcowe",
    Promise.I6: "zaliczono nie więcej, niż wpłacono",
    Promise.I7: "kwota faktury to suma netto i VAT",
    Promise.I10: "wszystko, co przyjęto, jest zaksięgowane albo odłożone",
    einvoicing.PROMISE: "każda faktura ma jedną drogę, e-mail tylko za zgodą, wydruk tylko raz",
}


class Command(BaseCommand):
    """Prints a line for each promise: its id and `ok`, or what breaks it; exit 1 on any break.

    All promises are proved of one moment, so others may go on posting meanwhile.
    """

    help = "Sprawdza niezmienniki rozrachunków I1–I7 i I10 oraz drogi faktur E1."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove, print, exit."""
        with one_moment():
            broken = [one for room in (billing, payments, interchange, einvoicing) for one in room.broken_promises()]
        for promise, words in WORDS.items():
            what = [b.what for b in broken if b.promise == promise]
            for line in what or ["ok"]:
                self.stdout.write(f"{promise} {line}" + (f" ({words})" if not what else ""))
        sys.exit(1 if broken else 0)
