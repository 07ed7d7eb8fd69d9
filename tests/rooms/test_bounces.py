"""Mail that comes back changes where its message stands, once, and only for the recipient we wrote to."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from ebok.adapters.mail import FakeTransport
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.foundation import ports
from ebok.foundation.intake import SourceFile
from ebok.kernel.refusals import RefusalCode
from ebok.notifications.domain import NEEDED, BounceReport, DeliveryState, MessageKind, MessageToQueue, Outcome
from ebok.notifications.models import DeliveryAttempt, OutgoingMessage, TakenNotice
from ebok.notifications.operations import (
    DELIVERY_FAILED,
    deliver_due,
    deliver_groups,
    open_group,
    queue_message,
    queue_messages,
    take_bounces,
)
from ebok.notifications.ports import DeliveryFailed, FailureKind, MessageTransport
from ebok.notifications.queries import deliveries, undelivered
from tests.notices import ALL, EXIM, OF_THE_ENVELOPE, POSTFIX, notice

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACTING = Actor(kind=ActorKind.COMMAND, name="tests")
CONTEXT = dict.fromkeys(NEEDED[MessageKind.INVOICE], "x")
WHO = "anna@example.com"


@pytest.fixture(autouse=True)
def transport() -> Iterator[FakeTransport]:
    fake = FakeTransport()
    before, made = dict(ports._factories), dict(ports._made)
    ports.provide(MessageTransport, lambda: fake)
    yield fake
    ports._factories.clear()
    ports._factories.update(before)
    ports._made.clear()
    ports._made.update(made)


def queued() -> UUID:
    key = uuid4()
    message = MessageToQueue(key=key, recipient=WHO, context=CONTEXT)
    group = open_group(name="wysyłka", now=NOW)
    queue_messages(kind=MessageKind.INVOICE, messages=[message], group_id=group, now=NOW)
    return key


def sent() -> UUID:
    """An invoice the server has taken; its key."""
    key = queued()
    deliver_groups(clock=lambda: NOW)
    return key


def taken(*contents: bytes, now: datetime = NOW) -> BounceReport:
    def opened(data: bytes) -> SourceFile:
        return SourceFile(name="zwrot.eml", size=len(data), open=lambda: BytesIO(data))

    return take_bounces(files=iter([opened(data) for data in contents]), acting=ACTING, now=now)


def state(key: UUID) -> DeliveryState:
    return deliveries(keys=[key])[key].state


def told_of() -> list[str]:
    jobs = ProcrastinateJob.objects.filter(task_name=DELIVERY_FAILED.name).order_by("id")
    return [job.args["message_key"] for job in jobs]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ALL))
def test_an_invoice_that_came_back_is_lost_and_told_of_once(name: str) -> None:
    key = sent()
    data = notice(ALL[name], key=key, recipient=WHO)
    report = taken(data, data)
    assert (report.files, report.new, report.same, report.refused) == (2, 1, 1, [])
    assert state(key) is DeliveryState.PERMANENT
    assert told_of() == [str(key)]
    assert [one.outcome for one in undelivered()] == [Outcome.BOUNCED]
    assert taken(data).same == 1
    assert AuditRow.objects.filter(action="import.bounces").count() == 1


@pytest.mark.django_db
def test_a_second_notice_of_the_same_loss_is_kept_and_told_of_no_more() -> None:
    key = sent()
    report = taken(notice(POSTFIX, key=key, recipient=WHO), notice(EXIM, key=key, recipient=WHO))
    assert report.new == 2
    assert told_of() == [str(key)]
    assert len(deliveries(keys=[key])[key].attempts) == 3
    assert len(undelivered()) == 1


@pytest.mark.django_db
def test_a_notice_of_delivery_says_when_it_reached_the_mailbox() -> None:
    key = sent()
    taken(notice(OF_THE_ENVELOPE, key=key, recipient=WHO, action="delivered"), now=NOW + timedelta(minutes=5))
    trace = deliveries(keys=[key])[key]
    assert (trace.state, trace.delivered_at) == (DeliveryState.DELIVERED, NOW + timedelta(minutes=5))
    assert told_of() == []


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded"])
def test_news_on_the_way_changes_nothing_but_is_kept(action: str) -> None:
    key = sent()
    assert taken(notice(POSTFIX, key=key, recipient=WHO, action=action)).new == 1
    assert state(key) is DeliveryState.SENT
    assert len(deliveries(keys=[key])[key].attempts) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["failed", "delivered"])
def test_a_message_whose_end_was_unknown_is_not_sent_again_once_a_notice_tells(
    transport: FakeTransport, action: str
) -> None:
    key = queued()
    transport.failure = DeliveryFailed(FailureKind.TEMPORARY, "nie wiadomo")
    deliver_groups(clock=lambda: NOW)
    transport.failure = None
    taken(notice(POSTFIX, key=key, recipient=WHO, action=action))
    assert deliver_groups(clock=lambda: NOW + timedelta(days=1)) == 0
    assert told_of() == ([str(key)] if action == "failed" else [])


@pytest.mark.django_db
def test_what_a_server_refused_and_then_also_returns_is_one_loss(transport: FakeTransport) -> None:
    key = queued()
    transport.failure = DeliveryFailed(FailureKind.PERMANENT, "550 no such user")
    deliver_groups(clock=lambda: NOW)
    taken(notice(POSTFIX, key=key, recipient=WHO))
    assert told_of() == [str(key)]
    assert len(undelivered()) == 1


@pytest.mark.django_db
def test_a_code_that_came_back_is_forgotten_and_listed_for_a_person() -> None:
    key = queue_message(kind=MessageKind.LOGIN_CODE, recipient=WHO, context={"code": "123456"}, now=NOW)
    deliver_due(clock=lambda: NOW)
    taken(notice(POSTFIX, key=key, recipient=WHO))
    assert [(one.kind, one.outcome) for one in undelivered()] == [(MessageKind.LOGIN_CODE, Outcome.BOUNCED)]
    assert OutgoingMessage.objects.get().context == {"code": ""}
    assert told_of() == []


@pytest.mark.django_db
def test_what_tells_nothing_of_ours_is_refused_with_its_reason_and_changes_nothing() -> None:
    key = sent()
    report = taken(
        b"Subject: Urlop\r\n\r\nNie ma mnie.",
        notice(POSTFIX, key=uuid4(), recipient=WHO),
        notice(POSTFIX, key=key, recipient="jan@example.com"),
    )
    codes = [refused.refusal.code for refused in report.refused]
    assert codes == [RefusalCode.NOT_A_NOTICE, RefusalCode.UNKNOWN_MESSAGE, RefusalCode.OTHER_RECIPIENT]
    assert (report.new, state(key), DeliveryAttempt.objects.count()) == (0, DeliveryState.SENT, 1)
    assert TakenNotice.objects.count() == 0


def run(*arguments: str) -> tuple[int, Any]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("import_bounces", *arguments, "--json", stdout=out, stderr=io.StringIO())
    return int(end.value.code or 0), json.loads(out.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize("below", ["", "new"])
def test_the_command_reads_a_maildir_and_leaves_it_as_it_was(tmp_path: Path, below: str) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    first, second = sent(), sent()
    (tmp_path / "new" / "1763812800.M1P2.host").write_bytes(notice(POSTFIX, key=first, recipient=WHO))
    (tmp_path / "cur" / "1763812801.M1P3.host:2,S").write_bytes(notice(EXIM, key=second, recipient=WHO))
    (tmp_path / "tmp" / "1763812802.M1P4.host").write_bytes(b"half")
    code, report = run(str(tmp_path / below))
    assert (code, report["new"], report["refused"]) == (0, 1 if below else 2, [])
    assert len(list(tmp_path.rglob("*host*"))) == 3
    code, report = run(str(tmp_path))
    assert (code, report["new"] + report["same"]) == (0, 2)


@pytest.mark.django_db
def test_the_command_reads_files_of_a_folder_and_says_what_it_could_not_take(tmp_path: Path) -> None:
    key = sent()
    (tmp_path / "a.eml").write_bytes(notice(POSTFIX, key=key, recipient=WHO))
    (tmp_path / "b.eml").write_bytes(b"Subject: Urlop\r\n\r\nNie ma mnie.")
    code, report = run(str(tmp_path))
    assert (code, report["new"], [one["code"] for one in report["refused"]]) == (1, 1, ["not_a_notice"])
    assert run(str(tmp_path / "b.eml"))[0] == 2


@pytest.mark.django_db
def test_a_mailbox_to_which_nothing_came_back_is_as_it_should_be(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "cur").mkdir()
    code, report = run(str(tmp_path))
    assert (code, report["new"], report["refused"]) == (0, 0, [])
    assert run(str(tmp_path / "new"))[0] == 0
