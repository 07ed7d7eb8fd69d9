"""P4: how fast pages are while a bill day is running, against the same pages while nothing runs.

A worker makes, seals and mails the invoices of a run to a mail server on this machine. It is held and let go on
(SIGSTOP, SIGCONT) in turn, so that both sides are asked in the same minutes.
"""

import csv
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures, say
from benchmarks.databases import ROOT, Database, migrated
from benchmarks.service import Visitor, serving, signed_in
from benchmarks.sink import Sink, sink

GOAL: Final = 2.0
INVOICES, QUICK_INVOICES = 4_000, 1_200
"""One for each account: more than a worker sends while the pages are asked."""
ROUNDS, QUICK_ROUNDS = 5, 2
ASKED: Final = 150
"""How often a page is asked for in one round of one side."""
PAGES: Final = (("panel", "/panel/"), ("list of invoices", "/faktury/"))
ISSUED_BEFORE: Final = timedelta(days=32)
"""How long before the day it is given the maker of bulk files issues invoices."""
FIRST_SENT_SECONDS: Final = 300
MILLI: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BillDay:
    """A worker in the middle of a run, which can be held."""

    process: subprocess.Popen[bytes]

    def hold(self) -> None:
        """Let it do nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it work."""
        self.process.send_signal(signal.SIGCONT)


def _book(folder: Path, database: Database, invoices: int) -> None:
    """A utility whose customers accepted e-invoices before the bill day, and the invoices of that day."""
    from ebok.foundation import clock
    from ebok.jobs.demo import bulk

    today = clock.today()
    bulk.write_registry(folder / "registry", accounts=invoices, readings_each=2, on=today)
    bulk.write_invoices(folder / "invoices", count=invoices, accounts=invoices, on=today + ISSUED_BEFORE)
    _accept(folder / "consents.csv", invoices)
    for command, path in (
        ("import_registry", "registry"), ("import_consents", "consents.csv"), ("import_invoices", "invoices"),
    ):  # fmt: skip
        asked = [sys.executable, "-m", "django", command, str(folder / path)]
        environ = os.environ | {"DATABASE_URL": database.url}
        subprocess.run(asked, cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)


def _accept(path: Path, count: int) -> None:
    from ebok.foundation import clock
    from ebok.jobs.demo import bulk, consents

    today = clock.today()
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(consents.HEADER)
        for place, account in enumerate(bulk.accounts(count=count, on=today)):
            address = f"klient{place}@poczta.example"
            rows.writerow(
                [f"Z{place}", account.number, "e_invoice", today, "", address, "Akceptuję e-faktury.", "pismo"]
            )


@contextmanager
def _worker(database: Database, *, data: Path, server: Sink) -> Iterator[BillDay]:
    """The worker as it runs in production, in the middle of its run."""
    environ = os.environ | {
        "DATABASE_URL": database.url,
        "EBOK_DATA": str(data),
        "EBOK_EMAIL_URL": f"smtp://127.0.0.1:{server.port}?tls=none",
        "EBOK_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "django", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield BillDay(process=process)
    finally:
        process.kill()
        process.wait()


def _ask(visitor: Visitor, page: str) -> list[float]:
    """How long each of many asks took."""
    return [visitor.seconds(page) for _ in range(ASKED)]


def _compare(day: BillDay, visitor: Visitor, *, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """The times of each page while the worker works and while it is held."""
    busy: dict[str, list[float]] = {page: [] for _, page in PAGES}
    idle: dict[str, list[float]] = {page: [] for _, page in PAGES}
    for _ in range(rounds):
        for side, change in ((busy, day.go_on), (idle, day.hold)):
            change()
            for _, page in PAGES:
                side[page] += _ask(visitor, page)
    day.go_on()
    return {page: (busy[page], idle[page]) for _, page in PAGES}


def _p95(spent: list[float]) -> float:
    return statistics.quantiles(spent, n=20)[-1] * MILLI


def _figure(name: str, busy: list[float], idle: list[float]) -> Figure:
    ratio = _p95(busy) / _p95(idle)
    return Figure(
        id="P4", what=f"p95 of {name}, bill day / idle",
        seen=f"{_p95(busy):.1f} ms and {_p95(idle):.1f} ms, ratio {ratio:.2f}", goal=f"≤ {GOAL}", ok=ratio <= GOAL,
    )  # fmt: skip


def _sent(run_id: int, *, before: int = 0) -> tuple[int, int]:
    """How many of a run have been sent since, and how many it took."""
    from ebok.einvoicing.queries.runs import run_progress

    progress = run_progress(run_id=run_id)
    assert progress is not None
    return progress.sent + progress.delivered - before, progress.taken


def _under_way(run_id: int) -> None:
    """Wait until the first invoices are sent: documents are made, sealed and mailed side by side from then on."""
    deadline = time.monotonic() + FIRST_SENT_SECONDS
    while not _sent(run_id)[0]:
        assert time.monotonic() < deadline, "nothing was sent"
        time.sleep(1)


def _lasted(sent: int, taken: int, seconds: float) -> Figure:
    """Whether there was a bill day all the time: something was sent, and something was left."""
    seen = f"{sent} sent of {taken} ({sent / seconds:.1f} a second of work)"
    return Figure(
        id="P4", what="the bill day while pages were asked", seen=seen, goal="still running", ok=0 < sent < taken
    )


def figures(*, quick: bool) -> list[Figure]:
    """Serve, send and ask in turn."""
    from datetime import date

    os.environ |= {"EBOK_DELIVER_SINCE": f"{date.today() - timedelta(days=7)}"}  # noqa: DTZ011 (a week is wide enough)
    with tempfile.TemporaryDirectory() as scratch, migrated(Path(scratch) / "data") as database:
        from ebok.audit.domain import Actor, ActorKind
        from ebok.billing.models import Invoice
        from ebok.einvoicing.operations.runs import start_run
        from ebok.foundation import clock

        _book(Path(scratch), database, QUICK_INVOICES if quick else INVOICES)
        run_id = start_run(acting=Actor(kind=ActorKind.COMMAND, name="bench"), now=clock.now())
        session = signed_in(account=Invoice.objects.order_by("id").values_list("account_id", flat=True)[0])
        data = Path(scratch) / "data"
        with (
            sink(Path(scratch) / "taken") as server,
            serving(database, data=data, workers=2) as web,
            _worker(database, data=data, server=server) as day,
        ):
            say("warming up…")
            _under_way(run_id)
            visitor = Visitor(port=web.port, session=session)
            for _, page in PAGES:
                _ask(visitor, page)
            before, _ = _sent(run_id)
            start = time.perf_counter()
            found = _compare(day, visitor, rounds=QUICK_ROUNDS if quick else ROUNDS)
            sent, taken = _sent(run_id, before=before)
            spent = (time.perf_counter() - start) / 2
        database.release()
    lasted = _lasted(sent, taken - before, spent)
    return [*(_figure(name, *found[page]) for name, page in PAGES), lasted]


if __name__ == "__main__":
    print_figures(figures)
