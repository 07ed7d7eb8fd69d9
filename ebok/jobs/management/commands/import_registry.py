"""`ebok import_registry DIR`: accounts, service points, meters and readings from the billing system."""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Final

from ebok.audit.domain import Actor
from ebok.foundation.intake import SourceFile
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.registry import import_registry
from ebok.jobs.imports import ImportCommand

ROWS_SHOWN: Final = 10_000


class Command(ImportCommand):
    """Takes accounts.csv, service_points.csv, meters.csv and readings.csv from a folder or a ZIP."""

    help = "Wczytuje rejestr: accounts.csv, service_points.csv, meters.csv, readings.csv (folder albo ZIP)."
    suffixes: ClassVar[frozenset[str]] = frozenset({".csv"})

    def take(self, *, files: Iterator[SourceFile], now: datetime, acting: Actor) -> ImportReport:
        """Import the files, showing on a terminal how many rows are done."""
        shown = sys.stderr.isatty()
        return import_registry(files=files, acting=acting, now=now, progress=self._show if shown else None)

    def _show(self, name: str, rows: int) -> None:
        if rows % ROWS_SHOWN == 0:
            self.stderr.write(f"\r{name}: {rows} wierszy", ending="")
            self.stderr.flush()
