"""`ebok export_contacts`: what customers changed and asked for, for the billing system, from a cursor on."""

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
from ebok.customers.domain import ADDRESS_LENGTHS, ContactChange, CustomerScope, DataChange
from ebok.customers.queries import approved_data_changes_after, contact_changes_after
from ebok.foundation import clock

ROWS_AT_ONCE: Final = 1_000
COLUMNS: Final = ("id", "account_number", "field", "value", *ADDRESS_LENGTHS, "why", "at")
_CURSOR: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"\+[0-9]+")

Row = dict[str, str]


@dataclass(slots=True, kw_only=True)
class Places:
    """How far an export is: the last change of a contact, the last decision, and how many rows it wrote."""

    contacts: int
    decisions: int
    written: int = 0

    @property
    def cursor(self) -> str:
        """What the next export starts from."""
        return f"{self.contacts}.{self.decisions}"


class Command(BaseCommand):
    """Writes changed contacts, then approved requests, each in the order of time; the cursor names the last ones."""

    help = "Wypisuje zmienione kontakty i przyjęte prośby o zmianę danych po kursorze jako JSON albo CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the cursor and the format."""
        parser.add_argument("--cursor", default="", help="gdzie skończył się poprzedni eksport; pusty: od początku")
        parser.add_argument("--format", choices=["json", "csv"], default="json", dest="shape")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream the changes; JSON carries the new cursor, CSV prints it on stderr."""
        places = _places(options["cursor"])
        write = _write_json if options["shape"] == "json" else _write_csv
        write(cast(TextIO, self.stdout), places)
        _note(places)
        if options["shape"] == "csv":
            self.stderr.write(places.cursor)


def _places(cursor: str) -> Places:
    found = _CURSOR.fullmatch(cursor or "0.0")
    if found is None:
        raise CommandError(f"Tego kursora eBOK nie wydał: {cursor[:40]}. Podaj kursor z poprzedniego eksportu.")
    return Places(contacts=int(found[1]), decisions=int(found[2]))


def _note(places: Places) -> None:
    """Leave a trace of what went out, if anything did."""
    if places.written:
        details = {"count": places.written, "up_to": places.cursor}
        fact = AuditFact(action="customers.contacts_exported", subject="contacts", details=details)
        record(facts=[fact], acting=Actor(kind=ActorKind.COMMAND, name="export_contacts"), now=clock.now())


def _rows(places: Places) -> Iterator[Row]:
    scope = CustomerScope.whole(acting="export_contacts")
    while changes := contact_changes_after(scope=scope, position=places.contacts, limit=ROWS_AT_ONCE):
        for change in changes:
            places.contacts, places.written = change.id, places.written + 1
            yield _changed(change)
    while decided := approved_data_changes_after(scope=scope, position=places.decisions, limit=ROWS_AT_ONCE):
        for position, request in decided:
            places.decisions, places.written = position, places.written + 1
            yield _asked(request)


def _changed(change: ContactChange) -> Row:
    parts = change.new if isinstance(change.new, dict) else {}
    return {
        "id": f"contact:{change.id}",
        "account_number": change.account_number,
        "field": change.field.value,
        "value": change.new if isinstance(change.new, str) else "",
        **{name: parts.get(name, "") for name in ADDRESS_LENGTHS},
        "why": "",
        "at": change.at.isoformat(),
    }


def _asked(request: DataChange) -> Row:
    return {
        "id": f"data:{request.id}",
        "account_number": request.account_number,
        "field": request.what.value,
        "value": request.wanted,
        **dict.fromkeys(ADDRESS_LENGTHS, ""),
        "why": request.why,
        "at": request.decided_at.isoformat() if request.decided_at else "",
    }


def _write_json(out: TextIO, places: Places) -> None:
    """Write one JSON object; the changes go first, since the cursor is known only after the last of them."""
    out.write('{"changes": [')
    for separator, row in zip(chain([""], iter(lambda: ", ", "")), _rows(places), strict=False):
        out.write(separator + json.dumps(row, ensure_ascii=False))
    out.write(f'], "cursor": {json.dumps(places.cursor)}}}\n')


def _write_csv(out: TextIO, places: Places) -> None:
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in _rows(places):
        writer.writerow({name: _cell(value) for name, value in row.items()})


def _cell(value: str) -> str:
    """What a spreadsheet would run as a formula becomes text; a phone number is left a number."""
    return f"'{value}" if value.startswith(_RUNS) and not _NUMBER.fullmatch(value) else value
