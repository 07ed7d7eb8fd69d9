"""G19: single bytes of the audit trail changed behind eBOK's back."""

import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.bench import Figure, print_figures, say
from benchmarks.databases import migrated, release

EDITS, QUICK_EDITS = 1_000, 200
ROWS: Final = 60
SEED: Final = 19


def figures(*, quick: bool) -> list[Figure]:
    """Change one byte, prove the chain, take the change back; as often as that."""
    wanted = QUICK_EDITS if quick else EDITS
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from benchmarks.tamper import tamper, unguard, write_trail

        base.use()
        unguard()
        write_trail(ROWS)
        random = Random(SEED)  # noqa: S311
        made = [tamper(random, rows=ROWS) for _ in range(wanted)]
        release()
    for one in made:
        if not one.found:
            say(f"not found: {one.what}")
    kinds = Counter(one.what.rpartition(" at ")[0] for one in made)
    found = sum(one.found for one in made)
    return [
        Figure(
            id="G19", what="single-byte edits, deletions and swaps of audit rows and seals, triggers off",
            seen=f"{found} of {len(made)} found, {len(kinds)} kinds of edit", goal=f"{wanted} of {wanted}",
            ok=found == len(made) == wanted,
        )
    ]  # fmt: skip


if __name__ == "__main__":
    print_figures(figures)
