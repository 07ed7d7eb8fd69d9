"""`ebok remove_factors LOGIN REASON`: help somebody who lost their phone, key and recovery codes."""

import json
import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand

from ebok.access.operations.lost_factors import UnknownLogin, remove_factors
from ebok.audit.domain import Actor, ActorKind
from ebok.foundation import clock

SHORTEST_REASON: Final = 3


class Command(BaseCommand):
    """Takes every second factor from a login, after the office has made sure who asks."""

    help = "Usuwa loginowi klucze, kody z aplikacji i kody zapasowe, gdy jego właściciel je zgubił."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the login, and how it was made sure who asks."""
        parser.add_argument("login")
        parser.add_argument("reason", metavar="REASON", help="jak sprawdzono, kto prosi; trafia do audytu")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them, or say that there is no such login."""
        acting = Actor(kind=ActorKind.COMMAND, name="remove_factors")
        login, reason, as_json = options["login"], options["reason"].strip(), options["as_json"]
        if len(reason) < SHORTEST_REASON:
            self.stderr.write("Napisz, jak sprawdzono, kto prosi: co najmniej 3 znaki.")
            sys.exit(2)
        try:
            count = remove_factors(username=login, reason=reason[:512], acting=acting, now=clock.now())
        except UnknownLogin:
            if as_json:
                self.stdout.write(json.dumps({"error": "unknown_login"}))
            self.stderr.write("Nie ma takiego loginu.")
            sys.exit(1)
        told = f"Usunięte: {count}. Login jest wylogowany." if count else "Ten login nic takiego nie miał."
        self.stdout.write(json.dumps({"removed": count}) if as_json else told)
