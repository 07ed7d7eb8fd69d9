"""`ebok create_user LOGIN`: make a login."""

import getpass
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand

from ebok.access.operations import LoginRefusal, UnableToCreateUser, create_user
from ebok.audit.domain import Actor, ActorKind
from ebok.foundation import clock

SENTENCES: Final = {
    LoginRefusal.BAD_USERNAME: "Podaj login z małych liter bez ogonków, cyfr i znaków @ . + _ -; co najmniej 2 znaki.",
    LoginRefusal.BAD_EMAIL: "Podaj e-mail w całości, na przykład anna@poczta.pl.",
    LoginRefusal.WEAK_PASSWORD: "Hasło jest za słabe.",
    LoginRefusal.TAKEN: "Ten login albo e-mail już jest w użyciu. Podaj inny.",
    LoginRefusal.DEMO_OUTSIDE_DEMO: "Loginy pokazowe działają tylko z EBOK_DEMO=1.",
}


class Command(BaseCommand):
    """Makes a login; `ebok grant` then opens accounts to it."""

    help = "Zakłada login. Hasło czyta z pliku, ze standardowego wejścia albo pyta o nie."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the login and where its password comes from; never the password itself."""
        parser.add_argument("login")
        parser.add_argument("--email", default="")
        parser.add_argument("--name", default="", help="imię i nazwisko albo nazwa, do powitania")
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--password-stdin", action="store_true", help="przeczytaj hasło ze standardowego wejścia")
        source.add_argument("--password-file", type=Path, default=None, help="przeczytaj hasło z pliku")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the login, or say why not."""
        try:
            made = create_user(
                username=options["login"],
                password=_password(options),
                email=options["email"],
                full_name=options["name"],
                acting=Actor(kind=ActorKind.COMMAND, name="create_user"),
                now=clock.now(),
            )
        except UnableToCreateUser as refusal:
            self._refuse(refusal, as_json=options["as_json"])
        except OSError as error:
            self.stderr.write(f"Nie można przeczytać pliku z hasłem: {error.strerror}")
            sys.exit(2)
        said = json.dumps({"login": made.username, "id": made.user_id}) if options["as_json"] else "Login założony."
        self.stdout.write(said)

    def _refuse(self, refusal: UnableToCreateUser, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"error": refusal.reason.value, "faults": [str(f) for f in refusal.faults]}))
        self.stderr.write(" ".join([SENTENCES[refusal.reason], *(fault.sentence for fault in refusal.faults)]))
        sys.exit(1)


def _password(options: dict[str, Any]) -> str:
    if options["password_stdin"]:
        return sys.stdin.readline().rstrip("\r\n")
    file: Path | None = options["password_file"]
    if file is not None:
        return file.read_text(encoding="utf-8").splitlines()[0] if file.stat().st_size else ""
    return getpass.getpass("Hasło: ")
