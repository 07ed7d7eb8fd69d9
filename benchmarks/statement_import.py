"""P8: import of bank statements against the bare COPY of the same rows into the same indexed tables."""

import argparse
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, ratio_at_least
from benchmarks.databases import against_copy, copy_in, migrated, release

ON: Final = date(2026, 11, 22)
GOAL: Final = 0.5
ACCOUNTS, MOVEMENTS, ROUNDS = 5_000, 50_000, 3
QUICK_ACCOUNTS, QUICK_MOVEMENTS, QUICK_ROUNDS = 1_000, 5_000, 1


def measure(*, format_name: str, accounts: int, movements: int, rounds: int) -> Figure:
    """Book one statement of so many payments of known accounts, and COPY what it wrote."""
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from ebok.audit.domain import Actor, ActorKind
        from ebok.foundation import clock
        from ebok.foundation.intake import expand
        from ebok.interchange.operations.registry import import_registry
        from ebok.interchange.operations.statements import import_statements
        from ebok.jobs.demo import bulk

        acting, folder = Actor(kind=ActorKind.COMMAND, name="bench"), Path(scratch)
        bulk.write_registry(folder / "registry", accounts=accounts, readings_each=1, on=ON)
        statement = folder / f"statement.{format_name}"
        write = bulk.mt940_statement if format_name == "mt940" else bulk.camt_statement
        statement.write_bytes(write(movements=movements, accounts=accounts, on=ON))
        base.use()
        registry = expand([folder / "registry"], suffixes=frozenset({".csv"}))
        import_registry(files=registry, acting=acting, now=clock.now())
        release()

        def ours() -> None:
            files = expand([statement], suffixes=frozenset())
            report = import_statements(files=files, acting=acting, now=clock.now())
            assert (report.new, report.parked, report.refused) == (movements, 0, []), report

        spent, bare = against_copy(base=base, ours=ours, bare=copy_in, rounds=rounds)
    what = f"{format_name} statement of {movements} movements against COPY of the rows it writes"
    return ratio_at_least(id="P8", what=what, ours=movements / spent, bare=movements / bare, goal=GOAL, unit="rows/s")


def figures(*, quick: bool) -> list[Figure]:
    """What this benchmark measures."""
    sizes = (QUICK_ACCOUNTS, QUICK_MOVEMENTS, QUICK_ROUNDS) if quick else (ACCOUNTS, MOVEMENTS, ROUNDS)
    accounts, movements, rounds = sizes
    return [
        measure(format_name=name, accounts=accounts, movements=movements, rounds=rounds) for name in ("mt940", "camt")
    ]


def main() -> None:
    """Print the figures, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    for figure in figures(quick=parser.parse_args().quick):
        print(figure.line())


if __name__ == "__main__":
    main()
