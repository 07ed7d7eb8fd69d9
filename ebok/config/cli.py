"""The `ebok` command: brings up what a command needs, runs it, leaves everything as it found it."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

from django.core.exceptions import ImproperlyConfigured

from ebok.config import environment, postgres

UNUSABLE: Final = 2
"""Exit code when nothing could be done: settings, data folder, database."""
WITHOUT_DATABASE: Final = frozenset(
    {
        "help",
        "version",
        "check",
        "demo",
        "diffsettings",
        "makemessages",
        "compilemessages",
        "collectstatic",
        "findstatic",
    }
)
TELLS_ABOUT_ITSELF: Final = frozenset({"help", "version"})
ASKS_FOR_HELP: Final = frozenset({"-h", "--help", "--version"})
MIGRATES_ITSELF: Final = frozenset({"migrate", "sqlmigrate", "showmigrations", "makemigrations"})


def main() -> NoReturn:
    """Run the command that the arguments name."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        _run(sys.argv)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except (ImproperlyConfigured, postgres.UnableToStartPostgres) as refusal:
        _refuse(str(refusal))
    sys.exit(0)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    # Raised rather than dying at once, so that the database is given back.
    sys.exit(128 + number)


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(UNUSABLE)


def _run(argv: Sequence[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.config.settings")
    command = argv[1] if len(argv) > 1 else "help"
    environment.load()
    if _starts_demo(command, argv):
        _prepare_demo()
    with _database(needed=_needs_database(command, argv)):
        from ebok.config import startup

        if command in TELLS_ABOUT_ITSELF or ASKS_FOR_HELP & set(argv):
            startup.tell(argv)
        else:
            startup.run(argv, migrate=_needs_database(command, argv) and command not in MIGRATES_ITSELF)


def _starts_demo(command: str, argv: Sequence[str]) -> bool:
    asked = os.environ.get("EBOK_DEMO", "").lower() not in environment.NO
    return (command == "serve" and "--demo" in argv) or (asked and not environment.says_how_to_run(os.environ))


def _prepare_demo() -> None:
    data = environment.data_folder()
    try:
        data.mkdir(parents=True, exist_ok=True)
        environment.make_demo()
    except OSError as error:
        raise postgres.unusable_folder(data, error) from error
    environment.load_demo()


def _needs_database(command: str, argv: Sequence[str]) -> bool:
    if command == "check":
        return "--database" in argv
    return command not in WITHOUT_DATABASE and not ASKS_FOR_HELP & set(argv)


@contextmanager
def _database(*, needed: bool) -> Iterator[None]:
    if not needed or os.environ.get("DATABASE_URL"):
        yield
        return
    lease = postgres.ensure(folder=postgres.folder_of(environment.data_folder()))
    os.environ["DATABASE_URL"] = lease.url
    try:
        yield
    finally:
        lease.release()
