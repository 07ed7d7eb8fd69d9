"""P9, G2: the worker that sends a bill day is killed with -9 every two seconds; nothing is lost."""

import subprocess
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.bench import Figure, print_figures
from benchmarks.databases import Database, migrated
from benchmarks.mail_worker import start
from benchmarks.mailing import queue_bills, stored_pdfs
from benchmarks.sink import Sink, sink

MESSAGES, QUICK_MESSAGES = 10_000, 600
KILL_AFTER_SECONDS: Final = 2.0
RUNS_AT_MOST: Final = 1_000
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _killed_until_done(place: Sink, database: Database, group: int) -> int:
    """Start run after run, each killed two seconds after it began unless it has ended; how many were killed."""
    from ebok.notifications.queries import group_progress

    kills = 0
    for _ in range(RUNS_AT_MOST):
        with start(url=database.url, port=place.port) as run:
            assert run.stdout is not None
            run.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                run.wait(timeout=KILL_AFTER_SECONDS)
            kills += run.poll() is None
            run.kill()
        if not group_progress(group_id=group).waiting:
            break
    return kills


def figures(*, quick: bool) -> list[Figure]:
    """Send, kill, go on; then count what the mail server has."""
    count = QUICK_MESSAGES if quick else MESSAGES
    with (
        tempfile.TemporaryDirectory() as scratch,
        migrated(Path(scratch) / "data") as database,
        sink(Path(scratch) / "taken") as place,
    ):
        group, keys = queue_bills(count=count, pdfs=stored_pdfs(now=NOW), customers=count // 2, now=NOW)
        kills = _killed_until_done(place, database, group)
        came = Counter(name for name, _ in place.taken())
    lost = sum(str(key) not in came for key in keys)
    repeated = sum(times - 1 for times in came.values())
    return [
        Figure(
            id="P9",
            what=f"{count:,} invoice mails, the worker killed with -9 every {KILL_AFTER_SECONDS:.0f} s",
            seen=f"{kills} kills, {lost} lost, {repeated} came twice under the same Message-ID",
            goal="0 lost, 0 twice",
            ok=not lost and not repeated,
        )
    ]


if __name__ == "__main__":
    print_figures(figures)
