"""G2: imports killed with -9, at named points and at any moment, then run again: the end is as if nothing had been."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.bench import say
from benchmarks.databases import ROOT
from benchmarks.state import digests, kept_documents
from ebok.foundation.crash_points import CRASH_AT, KILLED
from ebok.jobs.demo import bulk

ON: Final = date(2026, 11, 20)
POINTS: Final[Mapping[str, Sequence[str]]] = {
    "import_registry": (
        "import_registry.batch_taken",
        "import_registry.batch_taken:3",
        "import_registry.before_remembered",
        "import_registry.before_waiting_booked",
    ),
    "import_invoices": (
        "import_invoices.documents_stored",
        "import_invoices.before_commit",
        "import_invoices.after_commit",
        "import_invoices.before_commit:2",
    ),
    "import_statement": ("import_statement.before_commit", "import_statement.after_commit"),
}
COMMANDS: Final = tuple(POINTS)
SECONDS_AT_MOST: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What is imported: a folder for each command, in the order of the commands."""

    folder: Path

    def write(self, *, accounts: int, invoices: int, movements: int) -> None:
        """Make the files."""
        bulk.write_registry(self.folder / "import_registry", accounts=accounts, readings_each=2, on=ON)
        bulk.write_invoices(self.folder / "import_invoices", count=invoices, accounts=accounts, on=ON)
        statements = self.folder / "import_statement"
        statements.mkdir()
        mt940 = bulk.mt940_statement(movements=movements, accounts=accounts, on=ON)
        camt = bulk.camt_statement(movements=movements, accounts=accounts, on=ON)
        (statements / "a.sta").write_bytes(mt940)
        (statements / "b.xml").write_bytes(camt)

    def command(self, name: str) -> list[str]:
        """The command as a process of its own."""
        return [sys.executable, "-m", "django", name, str(self.folder / name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A database and a folder for documents, which a process uses through its environment."""

    url: str
    data: Path

    def environ(self, **more: str) -> dict[str, str]:
        """The environment of a process that works here."""
        own = {"DATABASE_URL": self.url, "EBOK_DATA": str(self.data), "PYTHONPATH": str(ROOT)}
        return {k: v for k, v in os.environ.items() if k != CRASH_AT} | own | more


def imported(journey: Journey, name: str, place: Place) -> int:
    """Run one import undisturbed; its exit code."""
    return _run(journey.command(name), place.environ()).returncode


def killed_at(journey: Journey, name: str, place: Place, *, point: str) -> bool:
    """Run one import that dies at a named point; whether it came there."""
    return _run(journey.command(name), place.environ(**{CRASH_AT: point})).returncode == KILLED


def killed_some_time(journey: Journey, name: str, place: Place, *, within: float, random: Random) -> bool:
    """Run one import and kill it somewhere within so many seconds; whether it was still running."""
    process = subprocess.Popen(
        journey.command(name), env=place.environ(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(random.uniform(0.0, within))
    process.kill()
    return process.wait() == -signal.SIGKILL


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """What an import left: the meaning of every table, and whether each document it names lies in the folder."""

    tables: Mapping[str, str]
    documents_missing: int


def end_of(place: Place) -> End:
    """Look at what is there now."""
    folder = place.data / "documents"
    there = sum(1 for path in folder.rglob("*") if path.is_file()) if folder.exists() else 0
    return End(tables=digests(place.url), documents_missing=max(0, kept_documents(place.url) - there))


def differing(one: End, other: End) -> list[str]:
    """The tables that do not say the same, and the word for a document that is missing."""
    tables = sorted(name for name in one.tables.keys() | other.tables.keys() if one.tables[name] != other.tables[name])
    return tables + (["documents"] if one.documents_missing != other.documents_missing else [])


def _run(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS_AT_MOST
    )
    if done.returncode not in {0, KILLED}:
        say(done.stdout[-2000:] + done.stderr[-2000:])
    return done
