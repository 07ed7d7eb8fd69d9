"""`ebok revoke LOGIN ACCOUNT`: close a customer account to a login."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ebok.access.operations import UnableToGrant, revoke
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.jobs.grants import refuse


class Command(BaseCommand):
    """Closes one account to one login; its next request finds it closed."""

    help = "Odbiera loginowi dostęp do konta klienta."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the login and the account."""
        parser.add_argument("login")
        parser.add_argument("account", metavar="ACCOUNT")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the grant back, or say why not."""
        try:
            revoke(
                scope=CustomerScope.whole(acting="command:revoke"),
                username=options["login"],
                account_number=options["account"],
                acting=Actor(kind=ActorKind.COMMAND, name="revoke"),
                now=clock.now(),
            )
        except UnableToGrant as refusal:
            refuse(self, refusal, options)
        self.stdout.write(json.dumps({"revoked": True}) if options["as_json"] else "Dostęp odebrany.")
