"""`ebok check_audit`: prove that the audit chain is unbroken."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ebok.audit.domain import AuditReport
from ebok.audit.queries import prove_chain
from ebok.foundation import clock


class Command(BaseCommand):
    """Recomputes every seal; exit code 1 when one does not hold or a row waits too long for its own."""

    help = "Sprawdza łańcuch wpisów audytu i nazywa wpisy bez pieczęci od ponad minuty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--json`."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="wypisz wynik jako JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove the chain, say what was found."""
        report = prove_chain(now=clock.now())
        self.stdout.write(_as_json(report) if options["as_json"] else _in_words(report))
        sys.exit(0 if report.holds else 1)


def _as_json(report: AuditReport) -> str:
    return json.dumps(
        {
            "proved": report.proved,
            "head": report.head.hex(),
            "broken_at": report.broken_at,
            "overdue": list(report.overdue),
            "ok": report.holds,
        }
    )


def _in_words(report: AuditReport) -> str:
    lines = [f"sprawdzone pieczęcie: {report.proved}", f"ostatni skrót: {report.head.hex()}"]
    if report.broken_at is not None:
        lines.append(f"łańcuch pęka na pozycji {report.broken_at}")
    if report.overdue:
        lines.append("bez pieczęci od ponad minuty: " + ", ".join(map(str, report.overdue)))
    return "\n".join([*lines, "I9 ok" if report.holds else "I9 złamane"])
