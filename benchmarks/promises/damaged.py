"""G3: damaged files through every import."""

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures, say
from benchmarks.databases import migrated, release

FILES, QUICK_FILES = 20_000, 2_000
ROUND: Final = 2_000
"""Files a database sees before the next one begins, so that every file meets a ledger of the same size."""


def figures(*, quick: bool) -> list[Figure]:
    """Import the files of as many seeds, a round in each database."""
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from benchmarks.fuzz import Fuzz, Tally
        from benchmarks.hostile import GoodFiles

        tally, good = Tally(), GoodFiles()
        for first in range(0, QUICK_FILES if quick else FILES, ROUND):
            release()
            base.copy("damaged").use()
            fuzz = Fuzz(good=good, folder=Path(scratch))
            fuzz.prepare()
            tally.add(fuzz.run(range(first, first + ROUND)))
            say(f"{tally.files} damaged files, {len(tally.faults)} faults")
        for fault in tally.faults:
            say(fault)
        release()
    seen = (
        f"{tally.files} files of {len(tally.kinds)} kinds, {sum(tally.taken.values())} of them still taken "
        f"({tally.rows} rows): {len(tally.crashes)} crashes, {len(tally.half_booked)} half-bookings, "
        f"{len(tally.not_same_again)} of {tally.again} not the same again, {len(tally.broken)} broken promises"
    )
    return [
        Figure(
            id="G3", what="damaged files through the imports", seen=seen,
            goal=f"0 faults in ≥ {QUICK_FILES if quick else FILES} files", ok=not tally.faults,
        )
    ]  # fmt: skip


if __name__ == "__main__":
    print_figures(figures)
