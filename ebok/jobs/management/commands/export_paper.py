"""`ebok export_paper`: invoices that the billing system has to print, from a cursor on."""

import csv
import json
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, TextIO, cast

from django.core.management.base import BaseCommand, CommandError

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.einvoicing.operations.ways import ways_are_decided
from ebok.einvoicing.queries.paper import PaperToPrint, paper_decided_after, paper_fallen_back_after
from ebok.foundation import clock

ROWS_AT_ONCE: Final = 1_000
COLUMNS: Final = ("invoice_number", "kind", "account_number", "issue_date", "reason", "since")
_CURSOR: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, str]


@dataclass(slots=True, kw_only=True)
class Places:
    """How far an export is: the last invoice decided, the last that fell back, and how many rows it wrote."""

    decided: int
    fallen_back: int
    written: int = 0

    @property
    def cursor(self) -> str:
        """What the next export starts from."""
        return f"{self.decided}.{self.fallen_back}"


class Command(BaseCommand):
    """Writes what was decided, then what fell back, each in the order of commits; the cursor names the last ones."""

    help = "Wypisuje faktury, które na papierze drukuje system rozliczeń, po kursorze jako JSON albo CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the cursor and the format."""
        parser.add_argument("--cursor", default="", help="gdzie skończył się poprzedni eksport; pusty: od początku")
        parser.add_argument("--format", choices=["json", "csv"], default="json", dest="shape")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream the invoices; JSON carries the new cursor, CSV prints it on stderr."""
        places = _places(options["cursor"])
        if not ways_are_decided():
            raise CommandError("eBOK ustala jeszcze, jak idą starsze faktury. Uruchom eksport później.")
        write = _write_json if options["shape"] == "json" else _write_csv
        write(cast(TextIO, self.stdout), places)
        _note(places)
        if options["shape"] == "csv":
            self.stderr.write(places.cursor)


def _places(cursor: str) -> Places:
    found = _CURSOR.fullmatch(cursor or "0.0")
    if found is None:
        raise CommandError(f"Tego kursora eBOK nie wydał: {cursor[:40]}. Podaj kursor z poprzedniego eksportu.")
    return Places(decided=int(found[1]), fallen_back=int(found[2]))


def _note(places: Places) -> None:
    """Leave a trace of what went out, if anything did."""
    if places.written:
        details = {"count": places.written, "up_to": places.cursor}
        fact = AuditFact(action="einvoicing.paper_exported", subject="invoices", details=details)
        record(facts=[fact], acting=Actor(kind=ActorKind.COMMAND, name="export_paper"), now=clock.now())


def _rows(places: Places) -> Iterator[Row]:
    scope = CustomerScope.whole(acting="export_paper")
    while decided := paper_decided_after(scope=scope, position=places.decided, limit=ROWS_AT_ONCE):
        for one in decided:
            places.decided, places.written = one.place, places.written + 1
            yield _row(one)
    while fallen_back := paper_fallen_back_after(scope=scope, position=places.fallen_back, limit=ROWS_AT_ONCE):
        for one in fallen_back:
            places.fallen_back, places.written = one.place, places.written + 1
            yield _row(one)


def _row(one: PaperToPrint) -> Row:
    return {
        "invoice_number": one.number,
        "kind": one.kind,
        "account_number": one.account_number,
        "issue_date": one.issue_date.isoformat(),
        "reason": one.reason,
        "since": one.since.isoformat(),
    }


def _write_json(out: TextIO, places: Places) -> None:
    """Write one JSON object; the invoices go first, since the cursor is known only after the last of them."""
    out.write('{"invoices": [')
    for separator, row in zip(chain([""], iter(lambda: ", ", "")), _rows(places), strict=False):
        out.write(separator + json.dumps(row, ensure_ascii=False))
    out.write(f'], "cursor": {json.dumps(places.cursor)}}}\n')


def _write_csv(out: TextIO, places: Places) -> None:
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in _rows(places):
        writer.writerow({name: _cell(value) for name, value in row.items()})


def _cell(value: str) -> str:
    """What a spreadsheet would run as a formula becomes text."""
    return f"'{value}" if value.startswith(_RUNS) else value
