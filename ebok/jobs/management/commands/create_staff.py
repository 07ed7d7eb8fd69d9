"""`ebok create_staff LOGIN --role ROLE`: give a login a post in the office, making the login when there is none."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ebok.access.domain import StaffMember, StaffRole
from ebok.access.operations import UnableToCreateUser, UnableToPost, create_user, make_staff
from ebok.access.queries import login_of
from ebok.audit.domain import Actor, ActorKind
from ebok.foundation import clock
from ebok.jobs.logins import add_password_source, password_of, refuse
from ebok.jobs.staff import refuse_post

ACTING = Actor(kind=ActorKind.COMMAND, name="create_staff")


class Command(BaseCommand):
    """Gives a login a post in the office."""

    help = "Daje loginowi stanowisko w biurze; login zakłada, gdy go nie ma."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the login, the role, and where the password of a new login comes from."""
        parser.add_argument("login")
        roles = ", ".join(f"{role.value} ({role.word})" for role in StaffRole)
        parser.add_argument(
            "--role", type=StaffRole, choices=list(StaffRole), required=True, metavar="ROLE", help=roles
        )
        parser.add_argument("--email", default="", help="dla nowego loginu")
        parser.add_argument("--name", default="", help="imię i nazwisko, dla nowego loginu")
        add_password_source(parser)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Post the login, or say why not. Nothing is made when any of it cannot be."""
        try:
            made = _posted(options)
        except UnableToCreateUser as refusal:
            refuse(self, refusal, as_json=options["as_json"])
        except UnableToPost as refusal:
            refuse_post(self, refusal, as_json=options["as_json"])
        except OSError as error:
            self.stderr.write(f"Nie można przeczytać pliku z hasłem: {error.strerror}")
            sys.exit(2)
        said = {"login": made.username, "id": made.user_id, "role": made.role.value}
        self.stdout.write(json.dumps(said) if options["as_json"] else f"Stanowisko nadane: {made.role.word}.")


@transaction.atomic
def _posted(options: dict[str, Any]) -> StaffMember:
    username, now = options["login"], clock.now()
    if login_of(username=username) is None:
        password = password_of(options)
        create_user(
            username=username, password=password, email=options["email"], full_name=options["name"], acting=ACTING,
            now=now,
        )  # fmt: skip
    return make_staff(username=username, role=options["role"], acting=ACTING, now=now)
