"""`ebok compare_balances FILE`: lists accounts whose balance differs from the billing system's."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from ebok.audit.domain import Actor, ActorKind
from ebok.foundation import clock
from ebok.foundation.intake import NothingThere, expand
from ebok.interchange.domain import ExitCode
from ebok.interchange.operations.balances import ComparisonReport, compare_file
from ebok.kernel.money import plain


class Command(BaseCommand):
    """Compares balances; exit 1 on any difference."""

    help = "Porównuje salda z bilingiem (CSV: account_number; balance; as_of) i wypisuje różne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one file and `--json`."""
        parser.add_argument("path", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", dest="as_json", help="wypisz raport jako JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, print, exit with the report's code."""
        report = self._compare(options["path"], as_json=options["as_json"])
        if options["as_json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self._tell(report)
        sys.exit(report.exit_code)

    def _compare(self, path: Path, *, as_json: bool) -> ComparisonReport:
        acting = Actor(kind=ActorKind.COMMAND, name="compare_balances")
        try:
            files = list(expand([path], suffixes=frozenset({".csv"})))
        except NothingThere as missing:
            self._refuse(f"Nie ma takiego pliku: {missing}. Niczego nie porównano.", as_json=as_json)
        if len(files) != 1:
            self._refuse(f"Podaj jeden plik CSV: {path} ma ich {len(files)}.", as_json=as_json)
        return compare_file(file=files[0], acting=acting, now=clock.now())

    def _refuse(self, sentence: str, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps(ComparisonReport().as_json()))
        self.stderr.write(sentence)
        sys.exit(ExitCode.NOTHING_TAKEN)

    def _tell(self, report: ComparisonReport) -> None:
        self.stdout.write(f"porównane: {report.compared}, różne: {len(report.differing)}")
        for d in report.differing:
            c = d.compared
            self.stdout.write(f"  {d.account_number}: u nas {plain(c.ours)}, w bilingu {plain(c.theirs)} ({c.as_of})")
        for refused in report.intake.refused:
            self.stdout.write(f"  wiersz {refused.refusal.line}: {refused.refusal.reason} [{refused.refusal.code}]")
