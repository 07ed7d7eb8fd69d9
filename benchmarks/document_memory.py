"""Memory of a process that makes documents stays flat: drawn, sealed and stored, thousands one after another."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.bench import Figure, print_figures, say
from benchmarks.databases import migrated

ON: Final = date(2026, 11, 22)
GOAL_MIB: Final = 400
GROWTH_GOAL: Final = 1.15
ACCOUNTS: Final = 200
DOCUMENTS, QUICK_DOCUMENTS = 20_000, 400
SLICE: Final = 100
"""How many documents are asked for at once, as a run does."""
WITHOUT_NUMBER: Final = 0.8
"""At least this part of the invoices needs no KSeF number; the others wait for one."""
PARTS: Final = 10
"""Growth is from the first tenth of the documents to the last."""
MAKER: Final = "benchmarks.making_documents"


def measure(*, documents: int) -> list[Figure]:
    """Book so many invoices and have a process of its own make their documents."""
    with TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from ebok.audit.domain import Actor, ActorKind
        from ebok.foundation import clock
        from ebok.foundation.intake import expand
        from ebok.interchange.operations.invoices import import_invoices
        from ebok.interchange.operations.registry import import_registry
        from ebok.jobs.demo import bulk

        base.use()
        acting, folder = Actor(kind=ActorKind.COMMAND, name="bench"), Path(scratch)
        bulk.write_registry(folder / "registry", accounts=ACCOUNTS, readings_each=1, on=ON)
        bulk.write_invoices(folder / "invoices", count=documents, accounts=ACCOUNTS, on=ON)
        files = expand([folder / "registry"], suffixes=frozenset({".csv"}))
        import_registry(files=files, acting=acting, now=clock.now())
        files = expand([folder / "invoices"], suffixes=frozenset({".xml"}))
        import_invoices(files=files, acting=acting, now=clock.now())
        say(f"making {documents} documents…")
        peaks = _peaks(os.environ | {"DATABASE_URL": base.url}, documents=documents)
    early, last = peaks[max(0, len(peaks) // PARTS - 1)], peaks[-1]
    what = f"{documents} documents drawn, sealed and stored by one process"
    return [
        Figure(id="memory", what=what, seen=f"peak {last} MiB", goal=f"≤ {GOAL_MIB} MiB", ok=last <= GOAL_MIB),
        Figure(
            id="memory", what=f"{what}, the end against the first tenth",
            seen=f"peak {last} MiB and {early} MiB, ratio {last / early:.2f}", goal=f"≤ {GROWTH_GOAL}",
            ok=last / early <= GROWTH_GOAL,
        ),
    ]  # fmt: skip


def _peaks(environ: dict[str, str], *, documents: int) -> list[int]:
    """The most memory the process had after each slice, in MiB."""
    command = [sys.executable, "-m", MAKER, str(SLICE)]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert int(lines[-1][0]) >= documents * WITHOUT_NUMBER, lines[-1]
    return [int(peak) for _, peak in lines]


def figures(*, quick: bool) -> list[Figure]:
    """What this benchmark measures."""
    return measure(documents=QUICK_DOCUMENTS if quick else DOCUMENTS)


if __name__ == "__main__":
    print_figures(figures)
