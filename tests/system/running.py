"""Starts the real `ebok` command in a folder of its own and watches its processes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
EBOK = Path(sys.executable).with_name("ebok")
PATIENCE_SECONDS = 60


def environment(data: Path, **changed: str | None) -> dict[str, str]:
    """What a person's shell would have: nothing of the test run's own settings; None leaves a name out."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("EBOK_", "DATABASE_", "DJANGO_"))}
    said = {"EBOK_DATA": str(data), "EBOK_CONFIG": os.devnull, "EBOK_DEMO": "1"} | changed
    return kept | {name: value for name, value in said.items() if value is not None}


def ebok(data: Path, *arguments: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [EBOK, *arguments], env=environment(data, **changed), cwd=ROOT, capture_output=True, text=True, check=False
    )


def ebok_without_a_reader(data: Path, *arguments: str) -> tuple[int, str]:
    """Run a command whose output nobody reads any more. Returns its exit code and what it said besides."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as out:
        done = subprocess.run(
            [EBOK, *arguments],
            env=environment(data),
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    return done.returncode, done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], *, what: str, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder with a short path, since a socket lives in it; nothing that ran there outlives it."""
    folder = Path(tempfile.mkdtemp(prefix="ebok-", dir="/tmp")).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for process in processes_of(folder):
            with suppress(psutil.Error):
                process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def processes_of(folder: Path) -> list[psutil.Process]:
    """Every living process that serves this folder: ours by environment, the database by working folder."""
    return [process for process in psutil.process_iter() if _serves(process, folder)]


def _serves(process: psutil.Process, folder: Path) -> bool:
    with suppress(psutil.Error, OSError):
        if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
            return False
        if process.name() == "postgres":
            return Path(process.cwd()) == folder / "postgres"
        return process.environ().get("EBOK_DATA") == str(folder)
    return False


class Serving:
    """One `ebok serve`."""

    def __init__(self, data: Path, *, port: int | None = None, **changed: str) -> None:
        self.data, self.port, self.errors = data, port or free_port(), data / "stderr.txt"
        command = [EBOK, "serve", "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(
            command,
            env=environment(data, EBOK_LOG_LEVEL="ERROR", **changed),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self.errors.open("a"),
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline()
        assert self.first_line, self.errors.read_text("utf-8")

    def answers(self, path: str = "/zdrowie/?pelne") -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def leader(self, part: str) -> int | None:
        """The number of the oldest process whose command has this word, None while there is none."""
        found = [(p.create_time(), p.pid) for p in processes_of(self.data) if self._has(p, part)]
        return min(found)[1] if found else None

    @staticmethod
    def _has(process: psutil.Process, part: str) -> bool:
        with suppress(psutil.Error):
            return any(word == part or word.endswith(f"/{part}") for word in process.cmdline())
        return False

    def stop(self) -> int:
        """Send TERM to the group, as Ctrl-C sends INT, and wait."""
        os.killpg(self.process.pid, signal.SIGTERM)
        return self.process.wait(timeout=20)
