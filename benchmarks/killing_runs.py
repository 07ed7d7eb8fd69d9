"""G2 for invoices by e-mail: a run that is killed with -9 and run again sends each invoice once, and none is lost."""

import csv
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from benchmarks.databases import ROOT
from benchmarks.killing import Place
from ebok.foundation.crash_points import CRASH_AT, KILLED
from ebok.jobs.demo import bulk, consents

POINTS: Final = (
    "invoice_runs.documents_made",
    "invoice_runs.before_commit",
    "invoice_runs.after_commit",
)
COMMAND: Final = "send_invoices"
SECONDS_AT_MOST: Final = 300
ISSUED_BEFORE: Final = timedelta(days=40)
"""The files' invoices are issued a month before the day they are written for; acceptances count from today."""
_WORDING: Final = "Zgoda na e-faktury\n\nZgadzam się.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bills:
    """A bill day below `folder`: accounts, every second of them with e-invoices, and an invoice for each."""

    folder: Path

    def write(self, *, accounts: int) -> None:
        """Make the files."""
        today = datetime.now(tz=UTC).date()
        bulk.write_registry(self.folder / "registry", accounts=accounts, readings_each=1, on=today)
        bulk.write_invoices(self.folder / "invoices", count=accounts, accounts=accounts, on=today + ISSUED_BEFORE)
        (self.folder / "wording.txt").write_text(_WORDING, "utf-8")
        numbers = [row["account_number"] for row in _rows(self.folder / "registry" / "accounts.csv")]
        with (self.folder / "consents.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";")
            writer.writerow(consents.HEADER)
            for number in numbers[::2]:
                given_on = today - timedelta(days=2)
                writer.writerow([number, number, "e_invoice", given_on, "", f"k{number}@poczta.example", "1", ""])

    def book(self, place: Place) -> None:
        """Import everything into the place, and leave the invoices to be sent."""
        wording = ["publish_terms", str(self.folder / "wording.txt"), "--kind", "e_invoice", "--version", "1"]
        for command in (
            ["import_registry", str(self.folder / "registry")],
            [*wording, "--title", "Zgoda na e-faktury"],
            ["import_consents", str(self.folder / "consents.csv")],
            ["import_invoices", str(self.folder / "invoices")],
        ):
            done = run(command, place)
            if done.returncode:
                raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")


def run(command: Sequence[str], place: Place, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command of eBOK there."""
    return subprocess.run(
        [sys.executable, "-m", "django", *command],
        env=place.environ(EBOK_PRINT="billing", **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_AT_MOST,
    )


def dies_at(place: Place, point: str) -> bool:
    """Send invoices with a death at a named point; whether it came there."""
    return run([COMMAND], place, **{CRASH_AT: point}).returncode == KILLED


def dies_some_time(place: Place, *, within: float, chance: random.Random) -> bool:
    """Send invoices and be killed somewhere within so many seconds; whether it was still running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "django", COMMAND],
        env=place.environ(EBOK_PRINT="billing"),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(chance.uniform(0.0, within))
    process.kill()
    return process.wait() == -signal.SIGKILL


def wrong_after(place: Place) -> list[str]:
    """Send what is left, and say what is not as if nothing had been; nothing is right."""
    again = run([COMMAND], place)
    checked = run(["check_ledger"], place)
    wrong = [one.stdout + one.stderr for one in (again, checked) if one.returncode]
    with psycopg.connect(place.url) as connected:
        for what, query in _COUNTS.items():
            row = connected.execute(query).fetchone()
            if row is None or row[0] != row[1]:
                wrong.append(f"{what}: {row}")
    return wrong


_COUNTS: Final = {
    "invoices to be mailed and mailings": "SELECT (SELECT count(*) FROM einvoicing_invoicetransmission"
    " WHERE channel = 'email'), (SELECT count(*) FROM einvoicing_mailing WHERE number = 1)",
    "mailings and messages": "SELECT (SELECT count(*) FROM einvoicing_mailing),"
    " (SELECT count(*) FROM notifications_outgoingmessage WHERE group_id IS NOT NULL)",
    "mailings and messages of their keys": "SELECT (SELECT count(*) FROM einvoicing_mailing), (SELECT count(*)"
    " FROM einvoicing_mailing m JOIN notifications_outgoingmessage o ON o.key = m.message_key)",
    "invoices left": "SELECT (SELECT count(*) FROM einvoicing_sending WHERE state <> 'handed'), 0",
    "invoices to be mailed, and some": "SELECT (SELECT count(*) > 0 FROM einvoicing_mailing), true",
}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))
