"""Two real connections at once: one works beside the test in a thread, and the test can tell when it waits."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, connections

T = TypeVar("T")
LONGEST_SECONDS = 20


@contextmanager
def beside() -> Iterator[Callable[[Callable[[], T]], Future[T]]]:
    """Start functions in threads of their own, each with its own connection; all have ended afterwards."""

    def alone(function: Callable[[], T]) -> T:
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as threads:
        yield lambda function: threads.submit(alone, function)


def until_it_waits(running: Future[T], *, waiting: int = 1) -> None:
    """Return when so many connections wait for a lock; fail when what runs has ended or never waits."""
    ends = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < ends:
        if running.done():
            raise AssertionError(f"ended without waiting: {running.result()!r}")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_clear_snapshot(), (SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock')"
            )
            if cursor.fetchone()[1] >= waiting:
                return
    raise AssertionError("nobody waits")
