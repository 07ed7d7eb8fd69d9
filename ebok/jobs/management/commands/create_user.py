"""`ebok create_user LOGIN`: make a login."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ebok.access.operations import UnableToCreateUser, create_user
from ebok.audit.domain import Actor, ActorKind
from ebok.foundation import clock
from ebok.jobs.logins import add_password_source, password_of, refuse


class Command(BaseCommand):
    """Makes a login; `ebok grant` then opens accounts to it."""

    help = "Zakłada login. Hasło czyta z pliku, ze standardowego wejścia albo pyta o nie."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the login and where its password comes from; never the password itself."""
        parser.add_argument("login")
        parser.add_argument("--email", default="")
        parser.add_argument("--name", default="", help="imię i nazwisko albo nazwa, do powitania")
        add_password_source(parser)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the login, or say why not."""
        try:
            made = create_user(
                username=options["login"],
                password=password_of(options),
                email=options["email"],
                full_name=options["name"],
                acting=Actor(kind=ActorKind.COMMAND, name="create_user"),
                now=clock.now(),
            )
        except UnableToCreateUser as refusal:
            refuse(self, refusal, as_json=options["as_json"])
        except OSError as error:
            self.stderr.write(f"Nie można przeczytać pliku z hasłem: {error.strerror}")
            sys.exit(2)
        said = json.dumps({"login": made.username, "id": made.user_id}) if options["as_json"] else "Login założony."
        self.stdout.write(said)
