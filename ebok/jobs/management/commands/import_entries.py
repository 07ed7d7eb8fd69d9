"""`ebok import_entries PATH…`: what only the billing system knows, as CSV."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from ebok.audit.domain import Actor
from ebok.foundation.intake import SourceFile
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.entries import import_entries
from ebok.jobs.imports import ImportCommand


class Command(ImportCommand):
    """Takes what only the billing system knows, as CSV."""

    help = "Wczytuje z CSV to, co wie tylko system bilingowy: bilans otwarcia, noty odsetkowe i inne wpisy."
    suffixes: ClassVar[frozenset[str]] = frozenset({".csv"})

    def take(self, *, files: Iterator[SourceFile], now: datetime, acting: Actor) -> ImportReport:
        """Import the files."""
        return import_entries(files=files, acting=acting, now=now)
