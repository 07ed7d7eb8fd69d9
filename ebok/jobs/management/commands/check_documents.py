"""`ebok check_documents`: reads every stored file anew and names those that are not what was stored."""

import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from ebok.einvoicing.domain.documents import DamagedDocument, FileFault
from ebok.einvoicing.ports import SealUnavailable
from ebok.einvoicing.queries.documents import damaged_documents

WORDS: Final = {
    FileFault.MISSING: "nie ma pliku",
    FileFault.DAMAGED: "plik jest inny niż zapisany",
    FileFault.UNREADABLE: "pliku nie można odczytać",
    FileFault.SEAL: "pieczęć się nie zgadza",
}
NEXT: Final = (
    "Przywróć te pliki z kopii zapasowej folderu EBOK_DOCUMENTS. "
    "Przy pieczęci sprawdź najpierw, czy EBOK_SEAL_PAST wymienia wcześniejsze."
)


class Command(BaseCommand):
    """Prints a line for each file at fault, with its invoices; exit 1 when there is any."""

    help = "Sprawdza wszystkie zapisane dokumenty i nazywa uszkodzone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--seals`."""
        parser.add_argument("--seals", action="store_true", help="sprawdź też pieczęć każdej faktury")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, print, exit."""
        found = 0
        try:
            for damaged in damaged_documents(seals=options["seals"]):
                found += 1
                self.stdout.write(_line(damaged))
        except SealUnavailable as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"uszkodzone: {found}" if found else "dokumenty ok")
        if found:
            self.stderr.write(NEXT)
        sys.exit(1 if found else 0)


def _line(damaged: DamagedDocument) -> str:
    numbers = ", ".join(damaged.invoice_numbers)
    return f"{damaged.sha256.hex()} {WORDS[damaged.fault]}" + (f" (faktura {numbers})" if numbers else "")
