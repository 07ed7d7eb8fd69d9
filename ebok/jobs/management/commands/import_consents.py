"""`ebok import_consents PATH…`: consents the billing system keeps, as CSV."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from ebok.audit.domain import Actor
from ebok.foundation import clock
from ebok.foundation.intake import SourceFile
from ebok.interchange.domain import ImportReport
from ebok.interchange.operations.consents import import_consents
from ebok.jobs.imports import ImportCommand


class Command(ImportCommand):
    """Takes acceptances of e-invoices and consents to notices, given and withdrawn, as CSV."""

    help = "Wczytuje z CSV zgody z systemu bilingowego: na e-faktury i powiadomienia, udzielone i wycofane."
    suffixes: ClassVar[frozenset[str]] = frozenset({".csv"})

    def take(self, *, files: Iterator[SourceFile], now: datetime, acting: Actor) -> ImportReport:
        """Import the files."""
        return import_consents(files=files, today=clock.today(), acting=acting, now=now)
