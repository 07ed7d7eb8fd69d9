"""What the `ebok` command does once its database is there: tables up to date, then the command itself."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, ManagementUtility, call_command
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from environs import EnvError

from ebok.config import postgres


def run(argv: Sequence[str], *, migrate: bool) -> None:
    """Run a management command.

    :raises ImproperlyConfigured: when settings or the database cannot be used; the text is a Polish sentence.
    """
    _set_up()
    try:
        if migrate:
            bring_up_to_date()
        # Lets a refusal through as it is, so that people read its sentence and not the name of a class.
        tell([*argv, "--traceback"])
    except CommandError as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(refusal.returncode)
    except (OperationalError, InterfaceError) as error:
        _refuse_database(error)


def tell(argv: Sequence[str]) -> None:
    """Hand the arguments to Django. Help needs neither settings nor a database."""
    utility = ManagementUtility(list(argv))
    utility.prog_name = "ebok"
    utility.execute()


def bring_up_to_date() -> None:
    """Migrate when a migration waits; two commands that start together do it once."""
    if not _waiting():
        return
    with postgres.alone(url=os.environ["DATABASE_URL"]):
        if _waiting():
            call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)


def _set_up() -> None:
    try:
        django.setup()
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"Ustawienia mają błąd: {error}. Popraw je i uruchom ponownie.") from error


def _waiting() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_database(error: Exception) -> NoReturn:
    told = str(error).strip().splitlines()
    raise ImproperlyConfigured(
        "Baza danych nie odpowiada albo przerwała pracę. Sprawdź, czy działa i czy DATABASE_URL na nią wskazuje, "
        f"potem uruchom ponownie. Powód: {told[0] if told else type(error).__name__}"
    ) from error
