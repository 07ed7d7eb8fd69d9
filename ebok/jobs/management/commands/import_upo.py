"""`ebok import_upo PATH…`: KSeF receipts (UPO v4-2, v4-3): the KSeF number of each invoice."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from ebok.audit.domain import Actor
from ebok.foundation.intake import SourceFile
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.receipts import import_receipts
from ebok.jobs.imports import ImportCommand


class Command(ImportCommand):
    """Takes KSeF receipts (UPO v4-2, v4-3): the KSeF number of each invoice."""

    help = "Wczytuje UPO z KSeF (wersje 4-2 i 4-3): numer KSeF każdej faktury."
    suffixes: ClassVar[frozenset[str]] = frozenset({".xml"})

    def take(self, *, files: Iterator[SourceFile], now: datetime, acting: Actor) -> ImportReport:
        """Import the files."""
        return import_receipts(files=files, acting=acting, now=now)
