"""G5: the mail server is down for 24 hours (by the clock the runs are given) while a bill day waits."""

import socket
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final
from uuid import UUID

from benchmarks.bench import Figure, print_figures
from benchmarks.databases import migrated
from benchmarks.mailing import queue_bills, stored_pdfs
from benchmarks.sink import sink

MESSAGES, QUICK_MESSAGES = 5_000, 300
CUSTOMERS_SHARE: Final = 2
DOWN: Final = timedelta(hours=24)
AFTERWARDS: Final = timedelta(hours=13)
"""A mail that was in hand several times meanwhile waits up to 12 hours for its next try."""
EVERY, QUICK_EVERY = timedelta(minutes=1), timedelta(minutes=15)
REPEATED_AT_MOST: Final = 0.001
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _send_by(port: int) -> None:
    from ebok.adapters.mail import Encryption, SmtpTransport
    from ebok.foundation.ports import provide
    from ebok.notifications.ports import MessageTransport

    provide(MessageTransport, lambda: SmtpTransport(host="127.0.0.1", port=port, encryption=Encryption.NONE))


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _runs(*, begins: datetime, ends: datetime, every: timedelta) -> int:
    """A run every so often; how many messages were tried."""
    from ebok.notifications.operations import deliver_groups

    tried, moment = 0, begins
    while moment < ends:
        tried += deliver_groups(clock=lambda: moment)  # noqa: B023 - called at once
        moment += every
    return tried


def _code_first(now: datetime) -> str:
    """Ask for a code and deliver what somebody waits for; its key."""
    from ebok.notifications.domain import MessageKind
    from ebok.notifications.operations import deliver_due, queue_message

    key = queue_message(kind=MessageKind.LOGIN_CODE, recipient="kod@example.com", context={"code": "123456"}, now=now)
    deliver_due(clock=lambda: now)
    return str(key)


def _out_of_order(keys: Sequence[UUID], came: Sequence[str], customers: int) -> int:
    """How many messages came before an earlier one of their customer."""
    first = {name: place for place, name in reversed(list(enumerate(came)))}
    threads = defaultdict[int, list[int]](list)
    for n, key in enumerate(keys):
        threads[n % customers].append(first.get(str(key), -1))
    return sum(later < earlier for places in threads.values() for earlier, later in pairwise(places))


def figures(*, quick: bool) -> list[Figure]:
    """A day without a server, then one; count what came."""
    count = QUICK_MESSAGES if quick else MESSAGES
    customers, every = count // CUSTOMERS_SHARE, QUICK_EVERY if quick else EVERY
    with (
        tempfile.TemporaryDirectory() as scratch,
        migrated(Path(scratch) / "data"),
        sink(Path(scratch) / "taken") as place,
    ):
        _, keys = queue_bills(count=count, pdfs=stored_pdfs(now=NOW), customers=customers, now=NOW)
        _send_by(_closed_port())
        tried = _runs(begins=NOW, ends=NOW + DOWN, every=every)
        _send_by(place.port)
        code = _code_first(NOW + DOWN)
        _runs(begins=NOW + DOWN, ends=NOW + DOWN + AFTERWARDS, every=every)
        came = [name for name, _ in place.taken()]
    counted = Counter(came)
    lost = sum(str(key) not in counted for key in keys)
    repeated = sum(times - 1 for times in counted.values())
    disorder = _out_of_order(keys, came, customers)
    kept = not lost and not disorder and repeated <= count * REPEATED_AT_MOST and came[0] == code
    return [
        Figure(
            id="G5",
            what=f"mail server down for 24 h, {count:,} invoice mails waiting, {tried} tries meanwhile",
            seen=f"{lost} lost, {repeated} repeated, {disorder} out of their customer's order, "
            f"a code {'first' if came[0] == code else 'late'}",
            goal="0 lost, ≤ 0.1 % repeated, order kept, a code first",
            ok=kept,
        )
    ]


if __name__ == "__main__":
    print_figures(figures)
