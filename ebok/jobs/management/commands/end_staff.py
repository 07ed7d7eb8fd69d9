"""`ebok end_staff LOGIN`: end a post in the office."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ebok.access.operations import UnableToPost, end_staff
from ebok.audit.domain import Actor, ActorKind
from ebok.foundation import clock
from ebok.jobs.staff import refuse_post


class Command(BaseCommand):
    """Ends the post of a login; its next request in the office is refused."""

    help = "Kończy stanowisko loginu w biurze."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the login."""
        parser.add_argument("login")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        """End the post, or say why not."""
        acting = Actor(kind=ActorKind.COMMAND, name="end_staff")
        try:
            end_staff(username=options["login"], acting=acting, now=clock.now())
        except UnableToPost as refusal:
            refuse_post(self, refusal, as_json=options["as_json"])
        self.stdout.write(json.dumps({"ended": True}) if options["as_json"] else "Stanowisko zakończone.")
