"""What the `ebok` command does besides its database: settings read, tables up to date, then the command itself."""

import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, ManagementUtility, call_command, get_commands
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from environs import EnvError

from ebok.config import postgres


def run(argv: Sequence[str], *, migrate: bool) -> None:
    """Run a management command, once settings are read.

    :raises ImproperlyConfigured: when the database cannot be used; the text is a Polish sentence.
    """
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


def set_up() -> None:
    """Read the settings and load the applications. Touches neither files nor the database.

    :raises ImproperlyConfigured: when settings cannot be used; the text is a Polish sentence.
    """
    try:
        django.setup()
    except EnvError as error:
        raise ImproperlyConfigured(
            f"Ustawienie {_named_in(error)} ma złą wartość. Popraw ją według tabeli ustawień w README "
            "i uruchom ponownie."
        ) from error
    except ValueError as error:
        raise ImproperlyConfigured(f"Ustawienia mają błąd. Popraw je i uruchom ponownie. Powód: {error}") from error


def known(command: str) -> str:
    """Return the command, if there is one of this name.

    :raises ImproperlyConfigured: when there is none.
    """
    if command not in get_commands():
        raise ImproperlyConfigured(f"Nie ma polecenia „{command}”. Listę poleceń pokaże: ebok help")
    return command


def tell(argv: Sequence[str]) -> None:
    """Hand the arguments to Django."""
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


def _named_in(error: EnvError) -> str:
    found = re.search(r'"(\w+)"', str(error))
    return found[1] if found else "w środowisku"


def _waiting() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_database(error: Exception) -> NoReturn:
    told = str(error).strip().splitlines()
    raise ImproperlyConfigured(
        "Baza danych nie odpowiada albo przerwała pracę. Sprawdź, czy działa i czy DATABASE_URL na nią wskazuje, "
        f"potem uruchom ponownie. Powód: {told[0] if told else type(error).__name__}"
    ) from error
