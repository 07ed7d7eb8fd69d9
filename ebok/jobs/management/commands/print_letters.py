"""`ebok print_letters --out FILE`: the letters that wait, as one file for the printer."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from ebok.audit.domain import Actor, ActorKind
from ebok.enrolment.operations import mark_printed
from ebok.enrolment.queries import PrintRefusal, UnableToPrint, letters_pdf, letters_waiting
from ebok.foundation import clock

OWNER_ONLY: Final = 0o600
SENTENCES: Final = {
    PrintRefusal.NONE_WAITS: "Te listy wydrukował właśnie ktoś inny.",
    PrintRefusal.KEY_LOST: "Kodów nie da się odczytać: w EBOK_FIELD_KEYS nie ma ich klucza. Przywróć go.",
}


class Command(BaseCommand):
    """Writes one PDF in postal order and forgets the codes in it: the file is the only place they are left in."""

    help = "Zapisuje czekające listy z kodem jako jeden PDF i zapomina ich kody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, which must not be there yet."""
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="plik PDF, którego jeszcze nie ma")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, then mark the letters as printed."""
        now = clock.now()
        ids = [letter.id for letter in letters_waiting(now=now)]
        if not ids:
            self.stdout.write("Żaden list nie czeka na druk.")
            return
        try:
            content = letters_pdf(letter_ids=ids, now=now)
        except UnableToPrint as unable:
            raise CommandError(SENTENCES[unable.reason]) from unable
        _write(options["out"], content)
        acting = Actor(kind=ActorKind.COMMAND, name="print_letters")
        printed = mark_printed(letter_ids=ids, acting=acting, now=now)
        self.stdout.write(f"Zapisano listów: {printed}. Plik: {options['out']}. Wydrukuj go, wyślij i skasuj.")


def _write(path: Path, content: bytes) -> None:
    """Write a file only its owner can read, whole on the disk before the codes are forgotten."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise CommandError(
            f"Plik {path} już jest. Podaj inną nazwę: tu mogą być kody, których nikt nie odtworzy."
        ) from error
    except OSError as error:
        raise CommandError(f"Nie da się zapisać {path}: {error.strerror}. Listy czekają dalej.") from error
