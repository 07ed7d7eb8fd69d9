"""G10: everybody else's addresses, in every way of asking."""

import logging
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures, say
from benchmarks.databases import migrated, release

MONTHS: Final = 12


def figures(*, quick: bool) -> list[Figure]:
    """Book a small demo, fill the matrix; for `quick` without the cells that repeat others."""
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data"):
        from django.conf import settings

        from benchmarks.hostile import DEMO
        from benchmarks.matrix import look, two_accounts
        from benchmarks.small import book_demo

        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.ALLOWED_HOSTS.append("testserver")
        logging.disable(logging.CRITICAL)
        book_demo(Path(scratch), demo=replace(DEMO, months=MONTHS))
        owner, other = two_accounts()
        seen = look(owner_number=owner, other_number=other, thin=quick)
        release()
    for wrong in seen.wrong:
        say(wrong)
    return [
        Figure(
            id="G10",
            what="addresses × people × ways of asking",
            seen=f"{seen.cells} cells, {seen.foreign} of them a stranger's, {len(seen.wrong)} wrong",
            goal="0 wrong (≥ 2,000 cells for the whole product)",
            ok=not seen.wrong,
        )
    ]


if __name__ == "__main__":
    print_figures(figures)
