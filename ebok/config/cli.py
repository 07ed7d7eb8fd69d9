"""The `ebok` command: brings up what a command needs, runs it, leaves everything as it found it."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

from django.core.exceptions import ImproperlyConfigured

from ebok import __version__
from ebok.config import environment, guide, postgres

UNUSABLE: Final = 2
"""Exit code when nothing could be done: settings, data folder, database, no such command."""
WITHOUT_DATABASE: Final = frozenset(
    {"check", "demo", "diffsettings", "makemessages", "compilemessages", "collectstatic", "findstatic", "make_seal"}
)
VERSION: Final = frozenset({"version", "--version"})
MIGRATES_ITSELF: Final = frozenset({"migrate", "sqlmigrate", "showmigrations", "makemigrations"})


def main() -> NoReturn:
    """Run the command that the arguments name."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        try:
            _run_or_refuse(sys.argv)
        finally:
            # Here rather than when Python ends, where nobody could catch that the reader has gone.
            sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()
        sys.exit(128 + signal.SIGPIPE)
    sys.exit(0)


def _run_or_refuse(argv: Sequence[str]) -> None:
    try:
        _run(argv)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except (ImproperlyConfigured, postgres.UnableToStartPostgres) as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(UNUSABLE)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    # Raised rather than dying at once, so that the database is given back.
    sys.exit(128 + number)


def _write_nowhere() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def _run(argv: Sequence[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ebok.config.settings")
    topic = guide.topic_of(argv)
    if topic is not None:
        _help(topic)
    elif argv[1] in VERSION:
        sys.stdout.write(f"eBOK {__version__}\n")
    else:
        _work(argv)


def _help(topic: str) -> None:
    if not topic:
        sys.stdout.write(guide.overview())
        return
    environment.forget()
    from ebok.config import startup

    startup.set_up()
    startup.tell(["ebok", "help"] if topic == guide.EVERYTHING else ["ebok", startup.known(topic), "--help"])


def _work(argv: Sequence[str]) -> None:
    environment.load()
    if _starts_demo(argv):
        _prepare_demo()
    from ebok.config import startup

    # Settings first: a command that cannot run leaves no database behind in a wrong folder.
    startup.set_up()
    command, needed = startup.known(argv[1]), _needs_database(argv)
    with _database(needed=needed):
        startup.run(argv, migrate=needed and command not in MIGRATES_ITSELF)


def _starts_demo(argv: Sequence[str]) -> bool:
    asked = os.environ.get("EBOK_DEMO", "").lower() not in environment.NO
    return (argv[1] == "serve" and "--demo" in argv) or (asked and not environment.says_how_to_run(os.environ))


def _prepare_demo() -> None:
    data = environment.data_folder()
    try:
        data.mkdir(parents=True, exist_ok=True)
        environment.make_demo()
    except OSError as error:
        raise postgres.unusable_folder(data, error) from error
    environment.load_demo()


def _needs_database(argv: Sequence[str]) -> bool:
    if argv[1] == "check":
        return "--database" in argv
    return argv[1] not in WITHOUT_DATABASE


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
