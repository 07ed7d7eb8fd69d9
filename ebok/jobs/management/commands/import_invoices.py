"""`ebok import_invoices PATH…`: FA(3) invoices, with the PDF of the same stem beside them."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from ebok.audit.domain import Actor
from ebok.foundation.intake import SourceFile
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.invoices import import_invoices
from ebok.jobs.imports import ImportCommand


class Command(ImportCommand):
    """Takes FA(3) files."""

    help = "Wczytuje faktury FA(3) w XML; plik PDF o tej samej nazwie zostaje dokumentem faktury."
    suffixes: ClassVar[frozenset[str]] = frozenset({".xml", ".pdf"})

    def take(self, *, files: Iterator[SourceFile], now: datetime, acting: Actor) -> ImportReport:
        """Import the files."""
        return import_invoices(files=files, acting=acting, now=now)
