"""`ebok grant LOGIN ACCOUNT`: open a customer account to a login."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from ebok.access.domain import GrantRole
from ebok.access.operations import UnableToGrant, grant
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.jobs.grants import refuse


class Command(BaseCommand):
    """Opens one account to one login, from today."""

    help = "Daje loginowi dostęp do konta klienta."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the login, the account, the role, the last day and the ground."""
        parser.add_argument("login")
        parser.add_argument("account", metavar="ACCOUNT")
        parser.add_argument(
            "--until", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD", help="bez tego dnia"
        )
        roles = ", ".join(f"{role.value} ({role.word})" for role in GrantRole)
        parser.add_argument(
            "--role", type=GrantRole, choices=list(GrantRole), default=GrantRole.OWNER, metavar="ROLE", help=roles
        )
        parser.add_argument("--ground", default="polecenie administratora", help="podstawa, na przykład pełnomocnictwo")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Give the grant, or say why not."""
        try:
            given = grant(
                scope=CustomerScope.whole(acting="command:grant"),
                username=options["login"],
                account_number=options["account"],
                role=options["role"],
                until=options["until"],
                ground=options["ground"],
                today=clock.today(),
                acting=Actor(kind=ActorKind.COMMAND, name="grant"),
                now=clock.now(),
            )
        except UnableToGrant as refusal:
            refuse(self, refusal, options)
        said = "Dostęp dany." if given.is_new else "Ten login już ma ten dostęp. Nic się nie zmieniło."
        self.stdout.write(json.dumps({"grant": given.grant_id}) if options["as_json"] else said)
