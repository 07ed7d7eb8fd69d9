"""Memory of an import stays flat with the size of its input: peak of the process with N and with ten times N rows."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures, say
from benchmarks.databases import Database, migrated, release

ON: Final = date(2026, 11, 22)
GOAL: Final = 1.3
TIMES: Final = 10
ACCOUNTS: Final = 200
READINGS_EACH, QUICK_READINGS_EACH = 100, 25
INVOICES, QUICK_INVOICES = 2_000, 300
MOVEMENTS, QUICK_MOVEMENTS = 5_000, 1_000
MIB: Final = 1024


def _peak(database: Database, command: str, path: Path) -> float:
    """Run the command on a copy of the database; the most memory its process had, in MiB."""
    release()
    copy = database.copy("memory")
    environ = os.environ | {"DATABASE_URL": copy.url}
    process = subprocess.Popen(
        [Path(sys.executable).with_name("ebok"), command, str(path), "--json"], env=environ, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (command, process.returncode)
    return usage.ru_maxrss / MIB


def _compare(database: Database, command: str, what: str, write: Callable[[int], Path], rows: int) -> Figure:
    say(f"memory of {command}…")
    small, large = (_peak(database, command, write(count)) for count in (rows, rows * TIMES))
    ratio = large / small
    return Figure(
        id="memory", what=f"{command}, {what}: {rows * TIMES} rows against {rows}",
        seen=f"peak {large:.0f} MiB and {small:.0f} MiB, ratio {ratio:.2f}", goal=f"≤ {GOAL}", ok=ratio <= GOAL,
    )  # fmt: skip


def measure(*, readings_each: int, invoices: int, movements: int) -> list[Figure]:
    """Import each kind at two sizes, each run in a process of its own on a fresh copy of the database."""
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from ebok.audit.domain import Actor, ActorKind
        from ebok.foundation import clock
        from ebok.foundation.intake import expand
        from ebok.interchange.operations.registry import import_registry
        from ebok.jobs.demo import bulk

        folder = Path(scratch)

        def registry(count: int) -> Path:
            target = folder / f"registry-{count}"
            bulk.write_registry(target, accounts=ACCOUNTS, readings_each=count // ACCOUNTS, on=ON)
            return target

        def fa3(count: int) -> Path:
            target = folder / f"invoices-{count}"
            bulk.write_invoices(target, count=count, accounts=ACCOUNTS, on=ON)
            return target

        def mt940(count: int) -> Path:
            target = folder / f"statement-{count}.sta"
            target.write_bytes(bulk.mt940_statement(movements=count, accounts=ACCOUNTS, on=ON))
            return target

        def camt(count: int) -> Path:
            target = folder / f"statement-{count}.xml"
            target.write_bytes(bulk.camt_statement(movements=count, accounts=ACCOUNTS, on=ON))
            return target

        found = [_compare(base, "import_registry", "readings", registry, ACCOUNTS * readings_each)]
        base.use()
        known = expand([registry(ACCOUNTS)], suffixes=frozenset({".csv"}))
        import_registry(files=known, acting=Actor(kind=ActorKind.COMMAND, name="bench"), now=clock.now())
        return [
            *found,
            _compare(base, "import_invoices", "files", fa3, invoices),
            _compare(base, "import_statement", "one MT940 file", mt940, movements),
            _compare(base, "import_statement", "one camt.053 file", camt, movements),
        ]


def figures(*, quick: bool) -> list[Figure]:
    """What this benchmark measures."""
    if quick:
        return measure(readings_each=QUICK_READINGS_EACH, invoices=QUICK_INVOICES, movements=QUICK_MOVEMENTS)
    return measure(readings_each=READINGS_EACH, invoices=INVOICES, movements=MOVEMENTS)


if __name__ == "__main__":
    print_figures(figures)
