"""`ebok export_consents`: what customers decided, for the billing system, from a cursor on."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final, TextIO, cast

from django.core.management.base import BaseCommand, CommandError

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.terms.domain import ConsentEntry
from ebok.terms.queries import consents_after

ROWS_AT_ONCE: Final = 1_000
MAX_DIGITS: Final = 18
COLUMNS: Final = (
    "id", "consent_id", "account_number", "decision", "deed", "given_on", "effective_from", "address", "channel",
    "basis", "wording_sha256", "evidence", "recorded_at", "sha256",
)  # fmt: skip
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, str]


class Command(BaseCommand):
    """Writes entries in the order they were recorded; the cursor names the last one written."""

    help = "Wypisuje zgody, zmiany adresów i wycofania po kursorze jako JSON albo CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the cursor and the format."""
        parser.add_argument("--cursor", default="", help="gdzie skończył się poprzedni eksport; pusty: od początku")
        parser.add_argument("--format", choices=["json", "csv"], default="json", dest="shape")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream the entries; JSON carries the new cursor, CSV prints it on stderr."""
        position = _position(options["cursor"])
        write = _write_json if options["shape"] == "json" else _write_csv
        reached = write(cast(TextIO, self.stdout), position)
        _note(position, reached)
        if options["shape"] == "csv":
            self.stderr.write(_cursor(reached))


def _position(cursor: str) -> int:
    if not (not cursor or (cursor.isascii() and cursor.isdigit() and len(cursor) <= MAX_DIGITS)):
        raise CommandError(f"Tego kursora eBOK nie wydał: {cursor[:40]}. Podaj kursor z poprzedniego eksportu.")
    return int(cursor or 0)


def _cursor(position: int) -> str:
    return str(position) if position else ""


def _note(position: int, reached: int) -> None:
    """Leave a trace of what went out, if anything did."""
    if reached > position:
        details = {"after": position, "up_to": reached}
        fact = AuditFact(action="consent.exported", subject="consents", details=details)
        record(facts=[fact], acting=Actor(kind=ActorKind.COMMAND, name="export_consents"), now=clock.now())


def _entries(position: int) -> Iterator[tuple[ConsentEntry, str]]:
    scope = CustomerScope.whole(acting="export_consents")
    while page := consents_after(scope=scope, position=position, limit=ROWS_AT_ONCE):
        yield from page
        position = page[-1][0].id


def _row(entry: ConsentEntry, account_number: str) -> Row:
    return {
        "id": str(entry.id),
        "consent_id": entry.reference,
        "account_number": account_number,
        "decision": entry.decision.value,
        "deed": entry.deed.value,
        "given_on": entry.given_on.isoformat(),
        "effective_from": entry.effective_from.isoformat(),
        "address": entry.address,
        "channel": entry.channel.value,
        "basis": entry.basis.value,
        "wording_sha256": entry.wording_sha256.hex(),
        "evidence": entry.evidence,
        "recorded_at": entry.recorded_at.isoformat(),
        "sha256": entry.sha256.hex(),
    }


def _write_json(out: TextIO, position: int) -> int:
    """Write one JSON object; the entries go first, since the cursor is known only after the last of them."""
    out.write('{"consents": [')
    for separator, (entry, number) in zip(chain([""], iter(lambda: ", ", "")), _entries(position), strict=False):
        out.write(separator + json.dumps(_row(entry, number), ensure_ascii=False))
        position = entry.id
    out.write(f'], "cursor": {json.dumps(_cursor(position))}}}\n')
    return position


def _write_csv(out: TextIO, position: int) -> int:
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for entry, number in _entries(position):
        writer.writerow({name: _cell(name, value) for name, value in _row(entry, number).items()})
        position = entry.id
    return position


def _cell(name: str, value: str) -> str:
    """What a spreadsheet would run as a formula becomes text; a phone number is left a number."""
    is_phone = name == "address" and value[1:].isdigit()
    return f"'{value}" if value.startswith(_RUNS) and not is_phone else value
