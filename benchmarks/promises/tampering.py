"""G19: single bytes of the audit trail, and of the ledgers of consents, changed behind eBOK's back."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from benchmarks.bench import Figure, print_figures, say
from benchmarks.databases import migrated, release

if TYPE_CHECKING:
    from benchmarks.tamper import Tampering

EDITS, QUICK_EDITS = 1_000, 200
ROWS: Final = 60
ACCOUNTS: Final = 10
SEED: Final = 19
TRAIL: Final = "single-byte edits, deletions and swaps of audit rows and seals, triggers off"
CONSENTS: Final = "edits, deletions, insertions and swaps of entries of consent ledgers, chains made anew, triggers off"


def figures(*, quick: bool) -> list[Figure]:
    """Change one byte, prove the chain, take the change back; as often as that."""
    wanted = QUICK_EDITS if quick else EDITS
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as base:
        from benchmarks import tamper, tamper_consents

        base.use()
        tamper.unguard()
        tamper.write_trail(ROWS)
        random = Random(SEED)  # noqa: S311
        made = [tamper.tamper(random, rows=ROWS) for _ in range(wanted)]
        tamper_consents.unguard()
        entries = tamper_consents.write_ledgers(ACCOUNTS)
        consents = [tamper_consents.tamper_consent(random, entries=entries) for _ in range(wanted)]
        release()
    return [_figure(TRAIL, made, wanted), _figure(CONSENTS, consents, wanted)]


def _figure(what: str, made: "Sequence[Tampering]", wanted: int) -> Figure:
    for one in made:
        if not one.found:
            say(f"not found: {one.what}")
    kinds = Counter(one.what.rpartition(" at ")[0] for one in made)
    found = sum(one.found for one in made)
    return Figure(
        id="G19", what=what, seen=f"{found} of {len(made)} found, {len(kinds)} kinds of edit",
        goal=f"{wanted} of {wanted}", ok=found == len(made) == wanted,
    )  # fmt: skip


if __name__ == "__main__":
    print_figures(figures)
