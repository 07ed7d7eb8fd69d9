"""`ebok import_bounces PATH…`: notices of mail servers that a message came back, waits, or was delivered (DSN)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

from ebok.audit.domain import Actor
from ebok.foundation.intake import SourceFile, expand, file_at
from ebok.interchange.domain import ImportReport
from ebok.jobs.imports import ImportCommand
from ebok.notifications.operations import take_bounces

MAILDIR: Final = ("new", "cur")
"""Where a maildir keeps its messages, each under a name with no suffix of its own."""


class Command(ImportCommand):
    """Takes delivery status notifications: files, folders, ZIPs, or a maildir."""

    help = "Wczytuje zwroty poczty (DSN): które wiadomości wróciły, czekają albo doszły. Pliki, foldery albo maildir."
    suffixes: ClassVar[frozenset[str]] = frozenset({".eml", ".msg", ".txt", ".dsn", ""})
    may_be_empty: ClassVar[bool] = True

    def found(self, paths: Iterable[Path]) -> list[SourceFile]:
        """The files to take: all of a maildir, else those named as mails are."""
        return [file for path in paths for file in _of(path, self.suffixes)]

    def take(self, *, files: Iterator[SourceFile], now: datetime, acting: Actor) -> ImportReport:
        """Import the files."""
        taken = take_bounces(files=files, acting=acting, now=now)
        report = ImportReport(files=taken.files, new=taken.new, same=taken.same)
        for one in taken.refused:
            report.refuse_file(one.file, one.refusal)
        return report


def _of(path: Path, suffixes: frozenset[str]) -> Iterator[SourceFile]:
    folders = [path] if path.name in MAILDIR else [path / name for name in MAILDIR]
    try:
        names = [str(file) for folder in folders for file in sorted(folder.iterdir()) if file.is_file()]
    except OSError:
        # Not a maildir, or one we may not look into: then this says so.
        yield from expand([path], suffixes=suffixes)
        return
    yield from map(file_at, names)
