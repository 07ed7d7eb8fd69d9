"""`ebok import_statement PATH…`: bank statements in MT940 or camt.053."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from ebok.audit.domain import Actor
from ebok.foundation.intake import SourceFile
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.statements import import_statements
from ebok.jobs.imports import ImportCommand


class Command(ImportCommand):
    """Import bank statements."""

    help = "Wczytuje wyciągi bankowe MT940 i camt.053."
    suffixes: ClassVar[frozenset[str]] = frozenset({".sta", ".mt940", ".940", ".mt9", ".txt", ".xml", ".camt"})

    def take(self, *, files: Iterator[SourceFile], now: datetime, acting: Actor) -> ImportReport:
        """Book the statements."""
        return import_statements(files=files, acting=acting, now=now)
