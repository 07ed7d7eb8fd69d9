"""A worker killed at a named point while it sends: the next run goes on, and only what hung in the air comes twice."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.db import connection

from benchmarks.mail_worker import start
from ebok.foundation import clock
from ebok.foundation.crash_points import CRASH_AT, KILLED
from ebok.notifications.domain import NEEDED, MessageKind, MessageToQueue
from ebok.notifications.operations import open_group, queue_messages
from ebok.notifications.queries import group_progress
from tests.jobs.test_twice import url
from tests.smtp import StubServer, stub_server

CONTEXT = dict.fromkeys(NEEDED[MessageKind.INVOICE], "x")
MESSAGES = 5


@pytest.fixture
def server() -> Iterator[StubServer]:
    with stub_server() as stub:
        yield stub


def queued() -> tuple[int, list[UUID]]:
    keys = [uuid4() for _ in range(MESSAGES)]
    messages = [MessageToQueue(key=key, recipient=f"p{n}@example.com", context=CONTEXT) for n, key in enumerate(keys)]
    group = open_group(name="wysyłka", now=clock.now())
    queue_messages(kind=MessageKind.INVOICE, messages=messages, group_id=group, now=clock.now())
    return group, keys


def run(server: StubServer, **more: str) -> int:
    with start(url=url(), port=server.port, **more) as process:
        return process.wait()


def until_free() -> None:
    """Wait until the server has seen that the killed worker's connection is gone, and freed its lock."""
    query = (
        "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database"
        " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        while cursor.fetchone() != (0,):
            cursor.execute(query)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("point", "repeated"),
    [("deliver_groups.claimed:3", 0), ("deliver_groups.sent:3", 1), ("deliver_groups.concluded:3", 0)],
)
def test_a_worker_killed_in_mid_run_loses_nothing_and_repeats_at_most_what_was_in_the_air(
    server: StubServer, point: str, repeated: int
) -> None:
    group, keys = queued()
    assert run(server, **{CRASH_AT: point}) == KILLED
    until_free()
    assert run(server) == 0
    came = Counter(taken.message_id for taken in server.taken)
    assert set(came) == {f"<{key}@opwik.example>" for key in keys}
    assert sum(came.values()) - MESSAGES == repeated
    assert group_progress(group_id=group).sent == MESSAGES


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(server: StubServer) -> None:
    group, _ = queued()
    with start(url=url(), port=server.port) as one, start(url=url(), port=server.port) as other:
        assert (one.wait(), other.wait()) == (0, 0)
    assert Counter(taken.recipient for taken in server.taken) == Counter(f"p{n}@example.com" for n in range(MESSAGES))
    assert group_progress(group_id=group).sent == MESSAGES
