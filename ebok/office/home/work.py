"""The work that waits: how much of each kind, and how long the oldest has waited."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ebok.access.domain import StaffAction, StaffMember
from ebok.access.queries import waiting_requests
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import waiting_data_changes
from ebok.einvoicing.domain import Backlog
from ebok.einvoicing.queries.backlog import failures_waiting
from ebok.einvoicing.queries.printing import paper_waiting
from ebok.einvoicing.queries.reports import open_reports
from ebok.einvoicing.queries.runs import to_send
from ebok.enrolment.queries import letters_waiting
from ebok.enrolment.queries.applications import applications
from ebok.foundation.formats import moment
from ebok.notifications.queries import undelivered
from ebok.office.words import counted, waiting_for

UNDELIVERED_FOR: Final = timedelta(days=30)
"""How far back the home of the office looks for messages that were not delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One kind of work: how many things wait and since when the oldest does (None when nothing waits)."""

    word: str
    url: str
    icon: str
    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """A queue in words. `age` is empty when nothing waits; `kind` colours it when something waits too long."""

    word: str
    url: str
    icon: str
    count: str
    age: str
    since: str
    kind: str


LATE_AFTER: Final = timedelta(days=3)


def waiting_work(*, staff: StaffMember, now: datetime) -> list[QueueLine]:
    """The queues this role works on."""
    return [_line(make(now), now) for action, make in QUEUES if staff.may(action)]


def _line(queue: Queue, now: datetime) -> QueueLine:
    waits = None if queue.oldest is None else now - queue.oldest
    return QueueLine(
        word=queue.word,
        url=queue.url,
        icon=queue.icon,
        count=counted(queue.count, "sprawa", "sprawy", "spraw") if queue.count else "nic nie czeka",
        age="" if waits is None else waiting_for(waits),
        since="" if queue.oldest is None else moment(queue.oldest),
        kind="done" if waits is None else "late" if waits > LATE_AFTER else "soon",
    )


def _queue(word: str, url: str, icon: str, moments: Iterable[datetime]) -> Queue:
    known = list(moments)
    return Queue(word=word, url=url, icon=icon, count=len(known), oldest=min(known, default=None))


def _applications(now: datetime) -> Queue:
    return _queue("Wnioski", "/biuro/wnioski/", "document", (one.waits_since for one in applications()))


def _requests(now: datetime) -> Queue:
    asked = waiting_requests(scope=_everywhere())
    return _queue("Prośby o dostęp", "/biuro/prosby/", "key", (one.asked_at for one in asked))


def _changes(now: datetime) -> Queue:
    asked = waiting_data_changes(scope=_everywhere())
    return _queue("Zmiany danych z umowy", "/biuro/zmiany/", "person", (one.asked_at for one in asked))


def _letters(now: datetime) -> Queue:
    waiting = letters_waiting(now=now)
    return _queue("Listy do wydruku", "/biuro/listy/", "mail", (one.ordered_at for one in waiting))


def _undelivered(now: datetime) -> Queue:
    lost = undelivered(since=now - UNDELIVERED_FOR, groups=False)
    return _queue("Wiadomości, które nie doszły", "/biuro/niedoreczone/", "alarm", (one.ended_at for one in lost))


def _to_send(now: datetime) -> Queue:
    return _backlog("Faktury do wysłania", "/biuro/wysylka/", "invoice", to_send())


def _to_print(now: datetime) -> Queue:
    return _backlog("Faktury do druku", "/biuro/druk/", "print", paper_waiting())


def _failures(now: datetime) -> Queue:
    return _backlog("Nieudane wysyłki", "/biuro/wysylka/nieudane/", "late", failures_waiting())


def _suspects(now: datetime) -> Queue:
    reported = (one.first_at for one in open_reports())
    return _queue("Podejrzane faktury", "/biuro/podejrzane/", "alarm", reported)


def _backlog(word: str, url: str, icon: str, waits: Backlog) -> Queue:
    return Queue(word=word, url=url, icon=icon, count=waits.count, oldest=waits.oldest)


def _everywhere() -> CustomerScope:
    return CustomerScope.for_staff(None, reason="office:queues")


QUEUES: Final[tuple[tuple[StaffAction, Callable[[datetime], Queue]], ...]] = (
    (StaffAction.DECIDE_APPLICATIONS, _applications),
    (StaffAction.DECIDE_ACCESS, _requests),
    (StaffAction.DECIDE_DATA_CHANGES, _changes),
    (StaffAction.SEND_INVOICES, _to_send),
    (StaffAction.PRINT_INVOICES, _to_print),
    (StaffAction.SEND_INVOICES, _failures),
    (StaffAction.SEND_INVOICES, _suspects),
    (StaffAction.PRINT_LETTERS, _letters),
    (StaffAction.SEARCH_CUSTOMERS, _undelivered),
)
