"""`ebok send_invoices`: a run that sends by e-mail every invoice that waits for it."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, Protocol

from django.core.management.base import BaseCommand, CommandError

from ebok.audit.domain import Actor, ActorKind
from ebok.einvoicing.domain import RunProgress
from ebok.einvoicing.operations.documents import UnableToMakeDocuments
from ebok.einvoicing.operations.runs import (
    RunRefusal,
    UnableToChangeRun,
    UnableToStartRun,
    advance_runs,
    resume_run,
    start_run,
    stop_run,
)
from ebok.einvoicing.queries.runs import open_runs, run_progress, runs, to_send
from ebok.foundation import clock
from ebok.foundation.bulk import alone_with
from ebok.foundation.formats import moment
from ebok.foundation.locks import Lock

ACTING: Final = Actor(kind=ActorKind.COMMAND, name="send_invoices")
STOPPED: Final = 1
"""The exit code when a stopped run keeps another one from starting, or documents cannot be made."""
WHY_NOT: Final = {
    RunRefusal.ONE_IS_STOPPED: "Wysyłka jest wstrzymana. Wznów ją: ebok send_invoices --resume.",
    RunRefusal.NOTHING_TO_SEND: "Żadna faktura nie czeka na wysłanie e-mailem.",
}


class Change(Protocol):
    """Stopping or resuming one run."""

    def __call__(self, *, run_id: int, acting: Actor, now: datetime) -> None:
        """Do it."""
        ...


class Command(BaseCommand):
    """Starts a run, or stops, resumes or shows the open ones; the mail itself is sent by the worker."""

    help = "Rozpoczyna wysyłkę faktur e-mailem; pokazuje postęp, wstrzymuje ją i wznawia."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do and the format."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--status", action="store_true", help="pokaż trwające wysyłki i nic nie zmieniaj")
        what.add_argument("--stop", action="store_true", help="wstrzymaj trwające wysyłki")
        what.add_argument("--resume", action="store_true", help="wznów wstrzymane wysyłki")
        parser.add_argument("--json", action="store_true", dest="as_json", help="wypisz wynik jako JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, show where the runs stand, exit 0, or 1 when something keeps invoices from going out."""
        code, ids = 0, [one.run_id for one in open_runs()]
        if options["stop"]:
            self._stop()
        elif options["resume"]:
            self._resume()
            code = self._advance(quiet=options["as_json"])
        elif not options["status"]:
            code, started = self._start(quiet=options["as_json"])
            ids += started
        shown = ids or [one.run_id for one in runs(limit=1)]
        found = [one for run_id in shown if (one := run_progress(run_id=run_id)) is not None]
        self.stdout.write(_as_json(found) if options["as_json"] else _in_words(found))
        sys.exit(code)

    def _start(self, *, quiet: bool) -> tuple[int, list[int]]:
        try:
            started = [start_run(acting=ACTING, now=clock.now())]
        except UnableToStartRun as unable:
            if unable.reason is RunRefusal.ONE_IS_STOPPED:
                raise CommandError(WHY_NOT[unable.reason], returncode=STOPPED) from unable
            started = []
            self.stderr.write(WHY_NOT[unable.reason])
        return self._advance(quiet=quiet), started

    def _advance(self, *, quiet: bool) -> int:
        """Make the messages here, unless the worker is at it; it goes on anyway."""
        with alone_with(Lock.INVOICE_RUNS) as ours:
            try:
                total = 0
                while ours and (done := advance_runs(clock=clock.now)):
                    total += done
                    if not quiet:
                        self.stderr.write(f"Przygotowane wiadomości: {total}")
            except UnableToMakeDocuments as error:
                self.stderr.write(str(error))
                return STOPPED
        return 0

    def _stop(self) -> None:
        self._change([one for one in open_runs() if one.stopped_at is None], stop_run)

    def _resume(self) -> None:
        self._change([one for one in open_runs() if one.stopped_at is not None], resume_run)

    def _change(self, found: Sequence[RunProgress], change: Change) -> None:
        for one in found:
            # Somebody may have done the same in the office, or the run may have ended: then it is as it should be.
            with suppress(UnableToChangeRun):
                change(run_id=one.run_id, acting=ACTING, now=clock.now())


def _as_json(found: Sequence[RunProgress]) -> str:
    waiting = to_send()
    oldest = waiting.oldest.isoformat() if waiting.oldest else None
    rows = [_row(one) for one in found]
    return json.dumps({"runs": rows, "waiting": {"count": waiting.count, "oldest": oldest}}, ensure_ascii=False)


def _row(one: RunProgress) -> dict[str, Any]:
    row = asdict(one)
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _in_words(found: Sequence[RunProgress]) -> str:
    waiting = to_send()
    since = f" Najstarsza od {moment(waiting.oldest)}." if waiting.oldest else ""
    return "\n".join([*map(_line, found), f"Czeka na następną wysyłkę: {waiting.count}.{since}"])


def _line(one: RunProgress) -> str:
    parts = (
        ("w kolejce", one.queued),
        ("wysyłane", one.sending),
        ("wysłane", one.sent),
        ("doręczone", one.delivered),
        ("do ponowienia", one.temporary),
        ("niedoręczone", one.permanent),
        ("nieprzygotowane", one.stuck),
        ("na papierze", one.paper),
    )
    counts = ", ".join(f"{word}: {count}" for word, count in parts if count or word in {"w kolejce", "wysłane"})
    return f"Wysyłka {one.run_id} z {moment(one.started_at)}{_standing(one)}: faktur {one.taken}; {counts}."


def _standing(one: RunProgress) -> str:
    if one.ended_at is not None:
        return " (zakończona)"
    return f" (wstrzymana {moment(one.stopped_at)})" if one.stopped_at is not None else ""
