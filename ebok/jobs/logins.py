"""What the commands that make logins share: where a password comes from, and why a login cannot be made."""

import getpass
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final, NoReturn

from django.core.management.base import BaseCommand

from ebok.access.operations import LoginRefusal, UnableToCreateUser

SENTENCES: Final = {
    LoginRefusal.BAD_USERNAME: "Podaj login z małych liter bez ogonków, cyfr i znaków @ . + _ -; co najmniej 2 znaki.",
    LoginRefusal.BAD_EMAIL: "Podaj e-mail w całości, na przykład anna@poczta.pl.",
    LoginRefusal.BAD_NAME: "Podaj imię i nazwisko albo nazwę, bez adresów stron i e-maili.",
    LoginRefusal.WEAK_PASSWORD: "Hasło jest za słabe.",
    LoginRefusal.TAKEN: "Ten login albo e-mail już jest w użyciu. Podaj inny.",
    LoginRefusal.DEMO_OUTSIDE_DEMO: "Loginy pokazowe działają tylko z EBOK_DEMO=1.",
}


def add_password_source(parser: ArgumentParser) -> None:
    """Take where the password comes from; never the password itself."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--password-stdin", action="store_true", help="przeczytaj hasło ze standardowego wejścia")
    source.add_argument("--password-file", type=Path, default=None, help="przeczytaj hasło z pliku")


def password_of(options: dict[str, Any]) -> str:
    """Read the password, or ask for it.

    Without a terminal there is nobody to ask: says so and exits with 2.

    :raises OSError: when its file cannot be read.
    """
    if options["password_stdin"]:
        return sys.stdin.readline().rstrip("\r\n")
    file: Path | None = options["password_file"]
    if file is not None:
        return file.read_text(encoding="utf-8").splitlines()[0] if file.stat().st_size else ""
    if not sys.stdin.isatty():
        sys.stderr.write("Nie ma kogo zapytać o hasło. Podaj je przez --password-stdin albo --password-file.\n")
        sys.exit(2)
    return getpass.getpass("Hasło: ")


def refuse(command: BaseCommand, refusal: UnableToCreateUser, *, as_json: bool) -> NoReturn:
    """Say why no login was made, and exit with 1."""
    if as_json:
        faults = [str(fault) for fault in refusal.faults]
        command.stdout.write(json.dumps({"error": refusal.reason.value, "faults": faults}))
    command.stderr.write(" ".join([SENTENCES[refusal.reason], *(fault.sentence for fault in refusal.faults)]))
    sys.exit(1)
