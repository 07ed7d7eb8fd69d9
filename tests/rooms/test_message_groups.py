"""What goes to many goes in order, in batches, once each, and never in the way of what somebody waits for."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.template import engines
from procrastinate.contrib.django.models import ProcrastinateJob

from ebok.adapters.mail import Encryption, FakeTransport, SmtpTransport
from ebok.documents.operations import store
from ebok.foundation import clock, ports
from ebok.foundation.locks import Lock
from ebok.jobs.tasks import deliver_message_groups, retry_message_groups
from ebok.notifications.domain import (
    EVERYBODY_REFUSED,
    NEEDED,
    RETRY_AFTER,
    AttachedDocument,
    DeliverGroups,
    DeliveryState,
    GroupProgress,
    MessageKind,
    MessageToQueue,
    Outcome,
    RenderedMessage,
    UnfitMessage,
    state_of,
)
from ebok.notifications.models import DeliveryAttempt, OutgoingMessage
from ebok.notifications.operations import (
    DELIVERY_FAILED,
    deliver_due,
    deliver_groups,
    give_back_claims,
    hold_group,
    open_group,
    queue_message,
    queue_messages,
    release_group,
)
from ebok.notifications.operations.delivery import LEASE
from ebok.notifications.operations.doubts import PROBES, REFUSED_IN_A_ROW
from ebok.notifications.ports import CarrierDown, DeliveryFailed, FailureKind, MessageTransport
from ebok.notifications.queries import blocked_messages, deliveries, group_progress, undelivered
from tests.concurrency import beside
from tests.smtp import CONTENT, StubServer, stub_server

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONTEXT = dict.fromkeys(NEEDED[MessageKind.INVOICE], "x") | {"period": "październik 2026", "due": "30 listopada 2026"}


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


@pytest.fixture
def wired() -> Iterator[None]:
    """Ports as they were before the test."""
    before, made = dict(ports._factories), dict(ports._made)
    yield
    ports._factories.clear()
    ports._factories.update(before)
    ports._made.clear()
    ports._made.update(made)


@pytest.fixture
def transport(wired: None) -> FakeTransport:
    fake = FakeTransport()
    ports.provide(MessageTransport, lambda: fake)
    return fake


@pytest.fixture
def server(wired: None) -> Iterator[StubServer]:
    """A mail server on loopback; it gets what hangs for a third of a second."""
    with stub_server() as stub:
        ports.provide(
            MessageTransport,
            lambda: SmtpTransport(
                host="127.0.0.1", port=stub.port, encryption=Encryption.NONE, timeout=0.3, patience=0.3
            ),
        )
        yield stub


def bill(n: int = 0, *, thread: str = "", **changes: Any) -> MessageToQueue:
    values: dict[str, Any] = {"key": uuid4(), "recipient": f"p{n}@example.com", "context": CONTEXT, "thread": thread}
    return MessageToQueue(**(values | changes))


def queued(*messages: MessageToQueue, group: int | None = None, now: datetime = NOW) -> int:
    """Queue them in a group, a new one unless said; its id."""
    group = open_group(name="wysyłka", now=now) if group is None else group
    queue_messages(kind=MessageKind.INVOICE, messages=messages, group_id=group, now=now)
    return group


def bills(count: int) -> list[MessageToQueue]:
    return [bill(n, thread=str(n)) for n in range(count)]


def recipients(transport: FakeTransport) -> list[str]:
    return [message.recipient for message in transport.sent]


@pytest.mark.django_db
def test_a_group_goes_out_once_in_order_over_one_connection(transport: FakeTransport) -> None:
    messages = bills(250)
    group = queued(*messages)
    assert group_progress(group_id=group) == GroupProgress(queued=250)
    assert deliver_groups(clock=at(NOW)) == 250
    assert deliver_groups(clock=at(NOW + timedelta(days=3))) == 0
    assert recipients(transport) == [message.recipient for message in messages]
    assert group_progress(group_id=group) == GroupProgress(sent=250)
    trace = deliveries(keys=[messages[0].key])[messages[0].key]
    assert (trace.state, trace.sent_at, trace.delivered_at) == (DeliveryState.SENT, NOW, None)
    assert [(a.outcome, a.words) for a in trace.attempts] == [(Outcome.SENT, "kept")]
    assert transport.closed == 2


@pytest.mark.django_db
def test_queueing_a_thousand_messages_asks_for_one_run_only() -> None:
    group = queued(*bills(5))
    queued(*bills(5), group=group)
    assert ProcrastinateJob.objects.filter(task_name="notifications.deliver_groups").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"recipient": "nobody"}, {"context": {}}, {"context": CONTEXT | {"amount": 12}}])
def test_one_message_that_is_not_fit_queues_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnfitMessage), transaction.atomic():
        queued(bill(1), bill(2, **wrong))
    assert OutgoingMessage.objects.count() == 0


@pytest.mark.django_db
def test_a_key_is_queued_once() -> None:
    message = bill()
    group = queued(message)
    with pytest.raises(IntegrityError), transaction.atomic():
        queued(message, group=group)


@pytest.mark.django_db
def test_a_held_group_waits_and_a_released_one_goes_on(transport: FakeTransport) -> None:
    group, other = queued(*bills(3)), queued(bill(9))
    hold_group(group_id=group, now=NOW)
    assert deliver_groups(clock=at(NOW)) == 1
    assert recipients(transport) == ["p9@example.com"]
    ProcrastinateJob.objects.all().delete()
    release_group(group_id=group, now=NOW)
    assert ProcrastinateJob.objects.filter(task_name="notifications.deliver_groups").count() == 1
    assert deliver_groups(clock=at(NOW)) == 3
    assert group_progress(group_id=other).sent == 1


@pytest.mark.django_db
def test_a_run_stops_after_the_message_in_hand_when_its_group_is_held(wired: None) -> None:
    group, other = queued(*bills(5)), queued(bill(9))

    class Stopping(FakeTransport):
        def send(self, message: RenderedMessage) -> str:
            if len(self.sent) == 1:
                hold_group(group_id=group, now=NOW)
            return super().send(message)

    fake = Stopping()
    ports.provide(MessageTransport, lambda: fake)
    assert deliver_groups(clock=at(NOW)) == 3
    assert recipients(fake) == ["p0@example.com", "p1@example.com", "p9@example.com"]
    assert group_progress(group_id=group) == GroupProgress(queued=3, sent=2)
    assert group_progress(group_id=other) == GroupProgress(sent=1)


@pytest.mark.django_db
def test_a_worker_told_to_end_gives_back_what_it_has_not_sent(transport: FakeTransport) -> None:
    group = queued(*bills(5))
    assert deliver_groups(clock=at(NOW), stop=lambda: len(transport.sent) == 2) == 2
    assert group_progress(group_id=group) == GroupProgress(queued=3, sent=2)
    assert deliver_groups(clock=at(NOW)) == 3


@pytest.mark.django_db
def test_no_message_goes_before_an_earlier_one_of_its_thread(transport: FakeTransport) -> None:
    first, second, stranger = bill(1, thread="a"), bill(2, thread="a"), bill(3, thread="b")
    queued(first, second, stranger)
    transport.failure = DeliveryFailed(FailureKind.TEMPORARY, "451 later")
    deliver_groups(clock=at(NOW))
    assert DeliveryAttempt.objects.count() == 2
    transport.failure = None
    later = NOW + RETRY_AFTER[0]
    deliver_groups(clock=at(later))
    assert [r for r in recipients(transport) if r != "p3@example.com"] == ["p1@example.com", "p2@example.com"]


@pytest.mark.django_db
@pytest.mark.parametrize("lax", [False, True])
def test_a_lost_message_lets_the_next_of_its_thread_go_and_is_told_of(server: StubServer, *, lax: bool) -> None:
    server.lax = lax
    lost, next_one = bill(1, thread="a"), bill(2, thread="a")
    queued(lost, next_one)
    server.answers, server.refused = {"RCPT": "550 5.1.1 no such user"}, {"p1@example.com"}
    deliver_groups(clock=at(NOW))
    assert [taken.recipient for taken in server.taken] == ["p2@example.com"]
    assert server.for_nobody == int(lax)
    assert deliveries(keys=[lost.key])[lost.key].state is DeliveryState.PERMANENT
    [job] = ProcrastinateJob.objects.filter(task_name=DELIVERY_FAILED.name)
    assert job.args == {"message_key": str(lost.key), "words": "550 5.1.1 no such user"}
    assert [(one.words, one.group) for one in undelivered()] == [("550 5.1.1 no such user", "wysyłka")]
    assert undelivered(groups=False) == []


@pytest.mark.django_db
def test_no_more_goes_out_in_a_minute_than_is_allowed(transport: FakeTransport, settings: Any) -> None:
    settings.EBOK_MAIL_PER_MINUTE = 3
    queued(*bills(8))
    sent = [deliver_groups(clock=at(NOW + timedelta(seconds=second))) for second in (5, 59, 60, 61, 119, 120, 180)]
    assert sent == [3, 0, 3, 0, 0, 2, 0]


@pytest.mark.django_db
def test_codes_are_neither_slowed_down_nor_counted(transport: FakeTransport, settings: Any) -> None:
    settings.EBOK_MAIL_PER_MINUTE = 2
    queued(*bills(5))
    for n in range(4):
        queue_message(kind=MessageKind.LOGIN_CODE, recipient=f"c{n}@example.com", context={"code": "123456"}, now=NOW)
    assert deliver_due(clock=at(NOW)) == 4
    assert deliver_groups(clock=at(NOW)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("run", [lambda: deliver_message_groups(DeliverGroups()), lambda: retry_message_groups(0)])
def test_one_run_at_a_time_takes_over_what_a_dead_one_had_in_hand(
    transport: FakeTransport, run: Callable[[], None]
) -> None:
    group = queued(*bills(3), now=clock.now())
    OutgoingMessage.objects.update(claimed_at=clock.now(), due_at=clock.now() + LEASE)
    assert group_progress(group_id=group) == GroupProgress(sending=3)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [Lock.BULK_DELIVERIES.value])
        run()
        assert transport.sent == []
        other.execute("SELECT pg_advisory_unlock(%s)", [Lock.BULK_DELIVERIES.value])
    run()
    assert len(transport.sent) == 3
    assert give_back_claims() == 0


@pytest.mark.django_db
def test_what_a_dead_run_had_in_hand_is_taken_after_its_lease_by_any_other(transport: FakeTransport) -> None:
    queued(*bills(3))
    OutgoingMessage.objects.update(claimed_at=NOW, due_at=NOW + LEASE)
    assert deliver_groups(clock=at(NOW)) == 0
    assert deliver_groups(clock=at(NOW + LEASE)) == 3


# The carrier fails.


@pytest.mark.django_db
def test_a_server_that_is_not_there_costs_one_message_a_try_and_the_others_nothing(server: StubServer) -> None:
    group = queued(*bills(20))
    server.down()
    assert deliver_groups(clock=at(NOW)) == 1
    assert group_progress(group_id=group) == GroupProgress(queued=19, temporary=1)
    server.up()
    assert deliver_groups(clock=at(NOW + timedelta(minutes=1))) == 20
    assert len(server.taken) == 20


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [
        {"greeting": "421 too busy"},
        {"MAIL": "421 closing"},
        {"RCPT": "421 closing"},
        {CONTENT: "421 closing"},
    ],
)
def test_a_server_that_closes_ends_the_run(server: StubServer, answers: dict[str, str]) -> None:
    group = queued(*bills(5))
    server.answers = answers
    assert deliver_groups(clock=at(NOW)) == 1
    assert group_progress(group_id=group) == GroupProgress(queued=4, temporary=1)
    [words] = DeliveryAttempt.objects.values_list("words", flat=True)
    assert words.startswith(next(iter(answers.values())))
    server.answers = {}
    assert deliver_groups(clock=at(NOW + timedelta(minutes=1))) == 5


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [{"MAIL": "530 sign in first"}, {"greeting": "554 go away"}])
def test_a_server_that_does_not_let_us_in_ends_the_run_and_no_message_is_given_up_for_it(
    server: StubServer, answers: dict[str, str]
) -> None:
    group, moment = queued(*bills(2)), NOW
    server.answers = answers
    for _ in range(2 * len(RETRY_AFTER) + 4):
        assert deliver_groups(clock=at(moment)) == 1
        moment += timedelta(hours=12)
    assert group_progress(group_id=group) == GroupProgress(temporary=2)
    [told] = blocked_messages()
    assert (told.words, told.count) == (next(iter(answers.values())), 2)
    server.answers = {}
    assert deliver_groups(clock=at(moment)) == 2
    assert (group_progress(group_id=group), blocked_messages()) == (GroupProgress(sent=2), [])


@pytest.mark.django_db
def test_the_log_of_a_server_that_closes_names_nobody(server: StubServer, caplog: pytest.LogCaptureFixture) -> None:
    queued(bill(1))
    server.answers = {"RCPT": "421 4.7.1 <P1@example.com>: too much for p1@example.com"}
    with caplog.at_level(logging.WARNING):
        deliver_groups(clock=at(NOW))
    assert "421 4.7.1" in caplog.text
    assert "p1@" not in caplog.text.lower()
    assert "P1@example.com" in DeliveryAttempt.objects.get().words


@pytest.mark.django_db
def test_a_server_that_says_later_for_an_hour_gets_every_message_afterwards(server: StubServer) -> None:
    group, moment = queued(*bills(5)), NOW
    server.answers = {"RCPT": "451 4.7.1 greylisted"}
    while moment < NOW + timedelta(hours=1):
        deliver_groups(clock=at(moment))
        moment += timedelta(minutes=1)
    assert group_progress(group_id=group) == GroupProgress(temporary=5)
    server.answers = {}
    while group_progress(group_id=group).waiting:
        deliver_groups(clock=at(moment))
        moment += timedelta(minutes=1)
    assert len({taken.message_id for taken in server.taken}) == len(server.taken) == 5
    assert moment <= NOW + timedelta(hours=3)
    assert OutgoingMessage.objects.order_by("-tries").first().tries <= 6  # type: ignore[union-attr]


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["DATA", CONTENT])
@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_that_hangs_is_left_and_tried_again(server: StubServer, place: str, *, pipelining: bool) -> None:
    group = queued(*bills(3))
    server.hangs_at, server.pipelining = place, pipelining
    assert deliver_groups(clock=at(NOW)) == 1
    assert "timed out" in DeliveryAttempt.objects.get().words
    assert group_progress(group_id=group) == GroupProgress(queued=2, temporary=1)
    server.hangs_at = ""
    assert deliver_groups(clock=at(NOW + timedelta(minutes=1))) == 3


@pytest.mark.django_db
def test_a_server_that_dies_with_the_message_gets_it_again_under_the_same_name(server: StubServer) -> None:
    [message] = messages = [bill()]
    queued(*messages)
    server.dies_at, server.keeps_what_it_dies_with = CONTENT, True
    deliver_groups(clock=at(NOW))
    [attempt] = DeliveryAttempt.objects.all()
    assert attempt.outcome == Outcome.AWAY.value
    assert "nie wiadomo, czy serwer ją przyjął" in attempt.words
    server.dies_at = ""
    deliver_groups(clock=at(NOW + timedelta(minutes=1)))
    assert [taken.message_id for taken in server.taken] == [f"<{message.key}@opwik.example>"] * 2
    assert server.taken[0].content == server.taken[1].content


@pytest.mark.django_db
def test_a_connection_the_server_has_let_go_of_is_opened_again_within_the_run(server: StubServer) -> None:
    queued(*bills(3))
    carrier = SmtpTransport(host="127.0.0.1", port=server.port, encryption=Encryption.NONE, timeout=0.3)

    class LetGo:
        def send(self, message: RenderedMessage) -> str:
            words = carrier.send(message)
            server.drop_connections()
            return words

        def close(self) -> None:
            carrier.close()

    ports.provide(MessageTransport, LetGo)
    assert deliver_groups(clock=at(NOW)) == 3
    assert (len(server.taken), server.connections) == (3, 3)
    assert set(DeliveryAttempt.objects.values_list("outcome", flat=True)) == {Outcome.SENT.value}


@pytest.mark.django_db
def test_after_three_days_a_message_is_given_up_and_told_of(server: StubServer) -> None:
    [message] = messages = [bill()]
    queued(*messages)
    server.answers = {"RCPT": "450 mailbox busy"}
    while (due := OutgoingMessage.objects.get().due_at) is not None:
        deliver_groups(clock=at(due))
    trace = deliveries(keys=[message.key])[message.key]
    assert trace.attempts[-1].at <= NOW + timedelta(hours=72)
    assert (trace.state, trace.attempts[-1].outcome) == (DeliveryState.PERMANENT, Outcome.GIVEN_UP)
    [job] = ProcrastinateJob.objects.filter(task_name=DELIVERY_FAILED.name)
    assert job.args["words"] == "450 mailbox busy"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [{"greeting": "421 busy"}, {"MAIL": "451 4.3.0 try later"}, {"MAIL": "421 closing"}, {CONTENT: "421 closing"}],
)
def test_a_message_given_up_though_the_server_never_spoke_of_it_says_so(
    server: StubServer, answers: dict[str, str]
) -> None:
    [message] = messages = [bill()]
    queued(*messages)
    server.answers = answers
    while (due := OutgoingMessage.objects.get().due_at) is not None:
        deliver_groups(clock=at(due))
    outcomes = [one.outcome for one in deliveries(keys=[message.key])[message.key].attempts]
    assert outcomes == [Outcome.AWAY] * len(RETRY_AFTER) + [Outcome.UNREACHED]
    assert [one.outcome for one in undelivered()] == [Outcome.UNREACHED]


NOBODY = {"RCPT": "554 5.7.1 Client host blocked"}
MINUTE = timedelta(minutes=1)


@pytest.mark.django_db
def test_a_server_that_refuses_everybody_ends_the_run_and_what_is_refused_after_that_waits(server: StubServer) -> None:
    group = queued(*bills(REFUSED_IN_A_ROW + PROBES + 10))
    server.answers = NOBODY
    assert deliver_groups(clock=at(NOW)) == REFUSED_IN_A_ROW
    assert deliver_groups(clock=at(NOW + MINUTE)) == PROBES
    assert group_progress(group_id=group) == GroupProgress(queued=10, temporary=PROBES, permanent=REFUSED_IN_A_ROW)
    [told] = blocked_messages()
    assert (told.words, told.count) == (EVERYBODY_REFUSED, PROBES)
    assert deliver_groups(clock=at(NOW + 1.5 * MINUTE)) == PROBES
    server.answers = {}
    assert deliver_groups(clock=at(NOW + 3 * MINUTE)) == PROBES + 10
    assert group_progress(group_id=group) == GroupProgress(sent=PROBES + 10, permanent=REFUSED_IN_A_ROW)
    assert blocked_messages() == []


@pytest.mark.django_db
def test_twenty_addresses_in_a_row_that_are_truly_dead_stop_a_bill_day_for_one_run_only(server: StubServer) -> None:
    dead = REFUSED_IN_A_ROW + PROBES - 2
    group = queued(*bills(60))
    server.answers, server.refused = {"RCPT": "550 no such user"}, {f"p{n}@example.com" for n in range(dead)}
    deliver_groups(clock=at(NOW))
    assert deliver_groups(clock=at(NOW + MINUTE)) == 60 - REFUSED_IN_A_ROW
    assert group_progress(group_id=group) == GroupProgress(
        sent=60 - dead, temporary=PROBES - 2, permanent=dead - PROBES + 2
    )
    deliver_groups(clock=at(NOW + 2 * MINUTE))
    assert group_progress(group_id=group) == GroupProgress(sent=60 - dead, permanent=dead)


@pytest.mark.django_db
def test_dead_addresses_among_living_ones_and_one_address_many_times_stop_nothing(server: StubServer) -> None:
    server.answers = {"RCPT": "550 no such user"}
    server.refused = {f"p{n}@example.com" for n in range(100) if n % REFUSED_IN_A_ROW}
    queued(*bills(100))
    assert deliver_groups(clock=at(NOW)) == 100
    queued(*(bill(99) for _ in range(30)))
    assert deliver_groups(clock=at(NOW)) == 30


@pytest.mark.django_db
def test_what_a_server_refuses_that_refuses_everybody_for_three_days_is_held_against_no_address(
    server: StubServer,
) -> None:
    queued(*bills(REFUSED_IN_A_ROW))
    server.answers = NOBODY
    deliver_groups(clock=at(NOW))
    late = bill(99)
    queued(late)
    while (due := OutgoingMessage.objects.get(key=late.key).due_at) is not None:
        deliver_groups(clock=at(due))
    trace = deliveries(keys=[late.key])[late.key]
    assert (trace.attempts[-1].outcome, trace.attempts[-1].at <= NOW + timedelta(hours=72)) == (Outcome.UNREACHED, True)


@pytest.mark.django_db
def test_one_try_that_met_no_server_is_enough_to_leave_the_address_alone(server: StubServer) -> None:
    queued(bill())
    server.down()
    deliver_groups(clock=at(NOW))
    server.up()
    server.answers = {"RCPT": "450 mailbox busy"}
    while (due := OutgoingMessage.objects.get().due_at) is not None:
        deliver_groups(clock=at(due))
    assert OutgoingMessage.objects.get().last_outcome == Outcome.UNREACHED


@pytest.mark.django_db
def test_a_day_without_a_server_loses_repeats_and_reorders_nothing_and_codes_go_before(server: StubServer) -> None:
    customers, each = 40, 3
    messages = [bill(n % customers, thread=str(n % customers)) for n in range(customers * each)]
    group, moment = queued(*messages), NOW
    server.down()
    while moment < NOW + timedelta(hours=24):
        assert deliver_groups(clock=at(moment)) <= 1
        moment += timedelta(minutes=30)
    server.up()
    queue_message(kind=MessageKind.LOGIN_CODE, recipient="code@example.com", context={"code": "123456"}, now=moment)
    assert deliver_due(clock=at(moment)) == 1
    while group_progress(group_id=group).waiting and moment < NOW + timedelta(hours=48):
        deliver_groups(clock=at(moment))
        moment += timedelta(minutes=10)
    assert group_progress(group_id=group).sent == len(messages)
    assert server.taken[0].recipient == "code@example.com"
    came = [taken.message_id for taken in server.taken[1:]]
    assert sorted(came) == sorted(f"<{message.key}@opwik.example>" for message in messages)
    for n in range(customers):
        mine = [f"<{message.key}@opwik.example>" for message in messages if message.thread == str(n)]
        assert [one for one in came if one in mine] == mine


@pytest.mark.django_db
def test_a_code_waits_for_no_server_that_is_down_more_than_once_a_run(server: StubServer) -> None:
    for n in range(5):
        queue_message(kind=MessageKind.LOGIN_CODE, recipient=f"c{n}@example.com", context={"code": "123456"}, now=NOW)
    server.down()
    assert deliver_due(clock=at(NOW)) == 1
    server.up()
    assert deliver_due(clock=at(NOW + timedelta(minutes=1))) == 5


# What we ourselves break.


def broken(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Have a template fail as one with a mistake in it does."""
    mistaken = engines["django"].from_string("{{ number|date:nothing }}")
    whole = engines["django"].get_template
    monkeypatch.setattr(engines["django"], "get_template", lambda asked: mistaken if asked == name else whole(asked))


@pytest.mark.django_db
def test_a_broken_template_stops_its_kind_and_no_other(
    transport: FakeTransport, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    group = queued(*bills(3))
    context = dict.fromkeys(NEEDED[MessageKind.E_INVOICE_FAILED], "x")
    other = bill(9, context=context)
    queue_messages(kind=MessageKind.E_INVOICE_FAILED, messages=[other], group_id=group, now=NOW)
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        broken(patch, "notifications/pl/invoice/body.txt")
        assert deliver_groups(clock=at(NOW)) == 2
    assert recipients(transport) == ["p9@example.com"]
    assert group_progress(group_id=group) == GroupProgress(queued=2, temporary=1, sent=1)
    [told] = blocked_messages()
    assert (told.kind, told.count) == (MessageKind.INVOICE, 1)
    assert told.words.startswith("Szablon wiadomości jest uszkodzony: notifications/pl/invoice/body.txt")
    assert deliver_groups(clock=at(NOW + timedelta(hours=1))) == 3
    assert blocked_messages() == []


@pytest.mark.django_db
def test_a_document_goes_with_its_message_byte_for_byte(server: StubServer) -> None:
    [digest] = store(contents=[b"%PDF-1.7\n" + bytes(range(256)) * 300], media_type="application/pdf", now=NOW)
    attached = AttachedDocument(sha256=digest, name="faktura.pdf", media_type="application/pdf")
    queued(bill(documents=(attached,)))
    deliver_groups(clock=at(NOW))
    from email import message_from_bytes, policy

    [file] = message_from_bytes(server.taken[0].content, policy=policy.default).iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("faktura.pdf", "application/pdf")
    assert file.get_content() == b"%PDF-1.7\n" + bytes(range(256)) * 300


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["damaged", "missing"])
def test_a_document_that_cannot_be_read_holds_its_message_back_until_it_is_mended(
    transport: FakeTransport, settings: Any, harm: str
) -> None:
    [digest] = store(contents=[b"%PDF-1.7 " + harm.encode()], media_type="application/pdf", now=NOW)
    place: Path = settings.EBOK_DOCUMENTS / digest.hex()[:2] / digest.hex()[2:4] / digest.hex()
    kept = place.read_bytes()
    place.chmod(0o600)
    place.write_bytes(b"%PDF-1.7 other") if harm == "damaged" else place.unlink()
    attached = AttachedDocument(sha256=digest, name="faktura.pdf", media_type="application/pdf")
    group, moment = queued(bill(1, documents=(attached,)), bill(2)), NOW
    for _ in range(len(RETRY_AFTER) + 3):
        deliver_groups(clock=at(moment))
        moment += timedelta(hours=24)
    assert recipients(transport) == ["p2@example.com"]
    assert group_progress(group_id=group) == GroupProgress(temporary=1, sent=1)
    [told] = blocked_messages()
    assert told.words == f"Załącznika nie da się odczytać: {digest.hex()}"
    place.write_bytes(kept)
    deliver_groups(clock=at(moment))
    assert group_progress(group_id=group) == GroupProgress(sent=2)


@pytest.mark.parametrize("name", ["", "a b.pdf", "../a.pdf", "a\r\nBcc: x", 'a".pdf', "ż.pdf", "a" * 101])
def test_a_file_that_would_break_a_header_is_refused(name: str) -> None:
    with pytest.raises(UnfitMessage):
        AttachedDocument(sha256=b"0" * 32, name=name, media_type="application/pdf")


def test_where_a_message_stands_follows_from_three_facts() -> None:
    def state(last: Outcome | None, *, waits: bool, claimed: bool = False) -> DeliveryState:
        return state_of(waits=waits, claimed=claimed, last=last)

    assert state(None, waits=True) is DeliveryState.QUEUED
    assert state(None, waits=True, claimed=True) is DeliveryState.SENDING
    assert state(Outcome.TEMPORARY, waits=True) is DeliveryState.TEMPORARY
    assert state(Outcome.BLOCKED, waits=True) is DeliveryState.TEMPORARY
    assert state(Outcome.TEMPORARY, waits=True, claimed=True) is DeliveryState.SENDING
    assert state(Outcome.SENT, waits=False) is DeliveryState.SENT
    assert state(Outcome.DELIVERED, waits=False) is DeliveryState.DELIVERED
    assert state(Outcome.AWAY, waits=True) is DeliveryState.TEMPORARY
    for lost in (Outcome.PERMANENT, Outcome.BOUNCED, Outcome.GIVEN_UP, Outcome.UNREACHED, Outcome.EXPIRED):
        assert state(lost, waits=False) is DeliveryState.PERMANENT


def test_a_carrier_that_is_down_is_a_temporary_failure_of_any_message() -> None:
    assert CarrierDown("421 closing").kind is FailureKind.TEMPORARY


def test_a_trace_of_a_key_nobody_queued_is_left_out(db: None) -> None:
    assert deliveries(keys=[UUID(int=1)]) == {}


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_share_a_group_and_keep_each_thread_in_order(server: StubServer) -> None:
    messages = [bill(n % 20, thread=str(n % 20)) for n in range(60)]
    group = queued(*messages, now=clock.now())
    with beside() as start:
        runs = [start(lambda: deliver_groups(clock=clock.now)) for _ in range(2)]
    assert sum(run.result() for run in runs) == 60
    assert group_progress(group_id=group).sent == 60
    came = [taken.message_id for taken in server.taken]
    assert len(set(came)) == len(came) == 60
    for n in range(20):
        mine = [f"<{message.key}@opwik.example>" for message in messages if message.thread == str(n)]
        assert [one for one in came if one in mine] == mine
