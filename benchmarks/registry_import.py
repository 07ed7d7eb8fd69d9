"""P8: import of the registry against the bare COPY of the same rows into the same indexed tables."""

import argparse
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, ratio_at_least
from benchmarks.databases import against_copy, copy_in, migrated

ON: Final = date(2026, 11, 22)
GOAL: Final = 0.5
ACCOUNTS, READINGS_EACH, ROUNDS = 10_000, 100, 3
QUICK_ACCOUNTS, QUICK_READINGS_EACH, QUICK_ROUNDS = 2_000, 25, 1


def measure(*, accounts: int, readings_each: int, rounds: int) -> Figure:
    """Import a registry of so many accounts and readings, and COPY what it wrote."""
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from ebok.audit.domain import Actor, ActorKind
        from ebok.foundation import clock
        from ebok.foundation.intake import expand
        from ebok.interchange.operations.registry import import_registry
        from ebok.jobs.demo import bulk

        folder = Path(scratch) / "registry"
        bulk.write_registry(folder, accounts=accounts, readings_each=readings_each, on=ON)
        rows = accounts * (3 + readings_each)

        def ours() -> None:
            files = expand([folder], suffixes=frozenset({".csv"}))
            report = import_registry(files=files, acting=Actor(kind=ActorKind.COMMAND, name="bench"), now=clock.now())
            assert (report.new, report.refused) == (rows, [])

        spent, bare = against_copy(base=base, ours=ours, bare=copy_in, rounds=rounds)
    what = f"registry import of {rows} rows against COPY of the rows it writes"
    return ratio_at_least(id="P8", what=what, ours=rows / spent, bare=rows / bare, goal=GOAL, unit="rows/s")


def figures(*, quick: bool) -> list[Figure]:
    """What this benchmark measures."""
    if quick:
        return [measure(accounts=QUICK_ACCOUNTS, readings_each=QUICK_READINGS_EACH, rounds=QUICK_ROUNDS)]
    return [measure(accounts=ACCOUNTS, readings_each=READINGS_EACH, rounds=ROUNDS)]


def main() -> None:
    """Print the figures, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    for figure in figures(quick=parser.parse_args().quick):
        print(figure.line())


if __name__ == "__main__":
    main()
