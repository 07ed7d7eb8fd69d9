"""`ebok export_readings`: accepted readings for the billing system, from a cursor on."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final, TextIO, cast

from django.core.management.base import BaseCommand, CommandError

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.metering.domain.readings import ExportedReading
from ebok.metering.queries import exported_after

ROWS_AT_ONCE: Final = 1_000
MAX_DIGITS: Final = 18
COLUMNS: Final = ("id", "serial_number", "read_on", "value_m3", "source", "submitted_at")


class Command(BaseCommand):
    """Writes readings in the order they were accepted; the cursor names the last one written."""

    help = "Wypisuje przyjęte odczyty po kursorze jako JSON albo CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the cursor and the format."""
        parser.add_argument("--cursor", default="", help="gdzie skończył się poprzedni eksport; pusty: od początku")
        parser.add_argument("--format", choices=["json", "csv"], default="json", dest="shape")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream the readings; JSON carries the new cursor, CSV prints it on stderr."""
        position = self._position(options["cursor"])
        write = _write_json if options["shape"] == "json" else _write_csv
        out = cast(TextIO, self.stdout)
        cursor = write(out, _readings(position), options["cursor"])
        _note(position, cursor)
        if options["shape"] == "csv":
            self.stderr.write(cursor)

    def _position(self, cursor: str) -> int:
        if not cursor:
            return 0
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= MAX_DIGITS):
            raise CommandError(f"Tego kursora eBOK nie wydał: {cursor[:40]}. Podaj kursor z poprzedniego eksportu.")
        return int(cursor)


def _note(position: int, cursor: str) -> None:
    """Leave a trace of what went out, if anything did."""
    if cursor and int(cursor) > position:
        fact = AuditFact(
            action="metering.exported", subject="readings", details={"after": position, "up_to": int(cursor)}
        )
        record(facts=[fact], acting=Actor(kind=ActorKind.COMMAND, name="export_readings"), now=clock.now())


def _readings(position: int) -> Iterator[ExportedReading]:
    scope = CustomerScope.whole(acting="export_readings")
    while page := exported_after(scope=scope, position=position, limit=ROWS_AT_ONCE):
        yield from page
        position = page[-1].position


def _row(reading: ExportedReading) -> dict[str, Any]:
    return {
        "id": reading.id,
        "serial_number": reading.serial_number,
        "read_on": reading.read_on.isoformat(),
        "value_m3": f"{reading.value_m3:f}",
        "source": reading.source,
        "submitted_at": reading.submitted_at.isoformat(),
    }


def _write_json(out: TextIO, readings: Iterable[ExportedReading], cursor: str) -> str:
    """Write one JSON object; the readings go first, since the cursor is known only after the last of them."""
    out.write('{"readings": [')
    for separator, reading in zip(chain([""], iter(lambda: ", ", "")), readings, strict=False):
        out.write(separator + json.dumps(_row(reading), ensure_ascii=False))
        cursor = str(reading.position)
    out.write(f'], "cursor": {json.dumps(cursor)}}}\n')
    return cursor


def _write_csv(out: TextIO, readings: Iterable[ExportedReading], cursor: str) -> str:
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for reading in readings:
        writer.writerow(_row(reading))
        cursor = str(reading.position)
    return cursor
