"""`ebok check_consents`: prove that nobody touched what customers decided."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any, Final

from django.core.management.base import BaseCommand

from ebok.foundation.snapshot import one_moment
from ebok.terms.domain import BrokenConsent, ConsentFault
from ebok.terms.queries import broken_consents

WORDS: Final = {
    ConsentFault.UNREADABLE: "nie da się go odczytać",
    ConsentFault.CHANGED: "zmieniono jego treść albo skrót",
    ConsentFault.UNLINKED: "nie następuje po poprzednim: coś usunięto, wstawiono albo przestawiono",
    ConsentFault.MISSING: "usunięto go",
    ConsentFault.UNTOLD: "nie ma o nim wpisu audytu",
    ConsentFault.TOLD_OTHERWISE: "wpis audytu mówi o innej treści",
    ConsentFault.OTHER_WORDING: "zmieniono tekst, na który się powołuje",
}


class Command(BaseCommand):
    """Recomputes every account's chain and compares it with the audit trail; exit code 1 when one does not hold."""

    help = "Sprawdza łańcuchy zgód i nazywa wpisy zmienione, usunięte, wstawione albo przestawione."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--json`."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="wypisz wynik jako JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove the ledgers as they are at one moment, say what was found."""
        with one_moment():
            broken = broken_consents()
        self.stdout.write(_as_json(broken) if options["as_json"] else _in_words(broken))
        sys.exit(1 if broken else 0)


def _as_json(broken: list[BrokenConsent]) -> str:
    return json.dumps({"broken": [asdict(one) for one in broken], "ok": not broken})


def _in_words(broken: list[BrokenConsent]) -> str:
    lines = [f"konto o id {one.account_id}, wpis {one.number}: {WORDS[one.fault]}" for one in broken]
    return "\n".join([*lines, "zgody naruszone" if broken else "zgody ok"])
