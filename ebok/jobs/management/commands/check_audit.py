"""`ebok check_audit`: prove that the audit chain is unbroken."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ebok.audit.domain import AuditReport, ChainHead
from ebok.audit.queries import prove_chain
from ebok.foundation import clock


class Command(BaseCommand):
    """Recomputes every seal; exit code 1 when one does not hold, the noted head is gone or a row waits too long."""

    help = "Sprawdza łańcuch wpisów audytu i nazywa wpisy bez pieczęci od ponad minuty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the head noted earlier, and `--json`."""
        parser.add_argument(
            "--head", metavar="POZYCJA:SKRÓT", help="koniec łańcucha zapisany wcześniej; sprawdź, czy go nie ucięto"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="wypisz wynik jako JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove the chain, say what was found."""
        report = prove_chain(now=clock.now(), noted=_noted(options["head"]) if options["head"] else None)
        self.stdout.write(_as_json(report) if options["as_json"] else _in_words(report))
        sys.exit(0 if report.holds else 1)


def _noted(text: str) -> ChainHead:
    try:
        return ChainHead.parse(text)
    except ValueError as error:
        raise CommandError("To nie jest koniec łańcucha. Przepisz go tak: 123:4f5a…", returncode=2) from error


def _head(report: AuditReport) -> str:
    return str(ChainHead(position=report.proved, chain_hash=report.head))


def _as_json(report: AuditReport) -> str:
    return json.dumps(
        {
            "proved": report.proved,
            "head": report.head.hex(),
            "broken_at": report.broken_at,
            "cut": report.cut,
            "overdue": list(report.overdue),
            "ok": report.holds,
        }
    )


def _in_words(report: AuditReport) -> str:
    lines = [f"sprawdzone pieczęcie: {report.proved}", f"koniec łańcucha: {_head(report)}"]
    if report.broken_at is not None:
        lines.append(f"łańcuch pęka na pozycji {report.broken_at}")
    if report.cut:
        lines.append("łańcuch nie ma zapisanego końca: ucięto go albo zrobiono od nowa")
    if report.overdue:
        lines.append("bez pieczęci od ponad minuty: " + ", ".join(map(str, report.overdue)))
    return "\n".join([*lines, "I9 ok" if report.holds else "I9 złamane"])
