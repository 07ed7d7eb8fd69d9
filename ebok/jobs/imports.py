"""What every import command shares: paths in, progress on a terminal, one report out, an exit code."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand

from ebok.audit.domain import Actor, ActorKind
from ebok.foundation import clock
from ebok.foundation.intake import NothingThere, SourceFile, expand
from ebok.interchange.domain import ExitCode, ImportReport


class ImportCommand(BaseCommand):
    """A command that takes files, folders and ZIPs and prints a report."""

    suffixes: ClassVar[frozenset[str]]
    may_be_empty: ClassVar[bool] = False
    """Whether a folder without files is as it should be, so that cron reports nothing."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take paths and `--json`."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--json", action="store_true", dest="as_json", help="wypisz raport jako JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, print the report, exit with its code."""
        name = self.__module__.rsplit(".", 1)[-1]
        acting = Actor(kind=ActorKind.COMMAND, name=name)
        try:
            files = self.found(options["paths"])
        except NothingThere as missing:
            self._refuse_all(missing, as_json=options["as_json"])
        if not files and not self.may_be_empty:
            self.stderr.write(self._no_files())
        report = self.take(files=self.counted(files), now=clock.now(), acting=acting)
        self.print_report(report, as_json=options["as_json"])
        sys.exit(report.exit_code if files or not self.may_be_empty else ExitCode.NOTHING_REFUSED)

    def _no_files(self) -> str:
        kinds = ", ".join(sorted(self.suffixes - {""}))
        return f"Nie ma tu plików do wczytania ({kinds}). Sprawdź ścieżkę."

    def _refuse_all(self, missing: NothingThere, *, as_json: bool) -> NoReturn:
        # No code of a refusal says that there is no such path, so the report is empty and the exit code tells.
        if as_json:
            self.stdout.write(json.dumps(ImportReport().as_json()))
        self.stderr.write(
            f"Nie ma takiego pliku ani folderu: {missing}. "
            "Nic nie wczytano, także z pozostałych ścieżek. Popraw tę ścieżkę i uruchom ponownie."
        )
        sys.exit(ExitCode.NOTHING_TAKEN)

    def found(self, paths: Iterable[Path]) -> list[SourceFile]:
        """The files to take.

        :raises NothingThere: when a path does not exist.
        """
        return list(expand(paths, suffixes=self.suffixes))

    def take(self, *, files: Iterator[SourceFile], now: datetime, acting: Actor) -> ImportReport:
        """Import the files. Each command says how."""
        raise NotImplementedError

    def counted(self, files: list[SourceFile]) -> Iterator[SourceFile]:
        """Pass the files on, showing on a terminal how far the import is."""
        shown = sys.stderr.isatty()
        for done, file in enumerate(files):
            if shown and done % 100 == 0:
                self.stderr.write(f"\r{done}/{len(files)} plików", ending="")
                self.stderr.flush()
            yield file
        if shown:
            self.stderr.write(f"\r{len(files)}/{len(files)} plików")

    def print_report(self, report: ImportReport, *, as_json: bool) -> None:
        """Write the report: JSON alone on stdout, or words."""
        for notice in report.notices:
            self.stderr.write(notice)
        if as_json:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
            return
        self.stdout.write(
            f"nowe: {report.new}, bez zmian: {report.same}, zmienione: {report.changed}, "
            f"odłożone: {report.parked}, odrzucone: {len(report.refused)}"
        )
        for r in report.refused:
            where = r.file if r.refusal.line is None else f"{r.file}, wiersz {r.refusal.line}"
            self.stdout.write(f"  {where}: {r.refusal.reason} [{r.refusal.code}]")
