"""`ebok review_readings`: the readings that wait for a person, and that person's word on them."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.metering.domain.readings import HeldReading
from ebok.metering.operations.review import (
    UnableToReviewReading,
    WhyNotReviewed,
    accept_reading,
    reject_reading,
)
from ebok.metering.queries import held_readings

SENTENCES: Final = {
    WhyNotReviewed.NOT_HELD: "Ten odczyt nie czeka na sprawdzenie.",
    WhyNotReviewed.NO_REASON: "Podaj powód odrzucenia: --reason. Zobaczy go klient.",
}


class Command(BaseCommand):
    """Lists held readings, accepts or rejects one."""

    help = "Wypisuje odczyty do sprawdzenia; --accept ID przyjmuje, --reject ID --reason TEKST odrzuca."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do with which reading."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--accept", type=int, metavar="ID")
        which.add_argument("--reject", type=int, metavar="ID")
        parser.add_argument("--reason", default="", help="powód odrzucenia, który przeczyta klient")
        parser.add_argument("--json", action="store_true", dest="as_json", help="wypisz listę jako JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked, then list what still waits."""
        acting = Actor(kind=ActorKind.COMMAND, name="review_readings")
        try:
            if options["accept"] is not None:
                accept_reading(reading_id=options["accept"], acting=acting, now=clock.now())
            elif options["reject"] is not None:
                reject_reading(reading_id=options["reject"], reason=options["reason"], acting=acting, now=clock.now())
        except UnableToReviewReading as unable:
            raise CommandError(SENTENCES[unable.reason]) from unable
        self._list(acting=acting, as_json=options["as_json"])

    def _list(self, *, acting: Actor, as_json: bool) -> None:
        held = held_readings(scope=CustomerScope.whole(acting="review_readings"))
        _note(held, acting)
        if as_json:
            self.stdout.write(json.dumps({"held": [_row(one) for one in held]}, ensure_ascii=False))
            return
        for one in held:
            self.stdout.write(
                f"{one.id}  wodomierz {one.serial_number}, {one.read_on}: {one.value_m3:f} m³ "
                f"({one.finding}; powód klienta: {one.declared_reason})"
            )
        self.stdout.write(f"czeka: {len(held)}")


def _note(held: Sequence[HeldReading], acting: Actor) -> None:
    """Leave a trace of the look, if there is something to see."""
    if held:
        fact = AuditFact(
            action="metering.held_viewed", subject="readings:held", details={"readings": [one.id for one in held]}
        )
        record(facts=[fact], acting=acting, now=clock.now())


def _row(one: HeldReading) -> dict[str, Any]:
    return {
        "id": one.id,
        "serial_number": one.serial_number,
        "read_on": one.read_on.isoformat(),
        "value_m3": f"{one.value_m3:f}",
        "submitted_at": one.submitted_at.isoformat(),
        "held_at": one.held_at.isoformat(),
        "finding": one.finding,
        "declared_reason": one.declared_reason,
        "note": one.note,
    }
