"""The outbox keeps every message until it is delivered, refused for good, or given up."""

import json
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from ebok.access.operations import create_user
from ebok.adapters.mail import Encryption, FakeTransport, SmtpTransport
from ebok.adapters.sms import FakeSms
from ebok.audit.domain import Actor, ActorKind
from ebok.audit.models import AuditRow
from ebok.foundation import clock, ports
from ebok.foundation.locks import Lock
from ebok.foundation.utility import utility
from ebok.jobs.management.commands import undelivered as undelivered_command
from ebok.jobs.tasks import deliver_messages, retry_messages
from ebok.notifications.domain import (
    BY_SMS,
    LOST,
    NEEDED,
    ONLY_BY_SMS,
    RETRY_AFTER,
    SMS_MAX_LENGTH,
    SUBJECT_MAX_LENGTH,
    Channel,
    DeliverMessages,
    MessageKind,
    Outcome,
    RenderedMessage,
    RenderedSms,
    UnfitMessage,
    next_try,
    plain_letters,
    readable_code,
)
from ebok.notifications.models import DeliveryAttempt, OutgoingMessage
from ebok.notifications.operations import deliver_due, queue_message
from ebok.notifications.ports import DeliveryFailed, FailureKind, MessageTransport, SmsTransport
from ebok.notifications.queries import render, render_sms, sms_available, undelivered, waiting

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = UUID(int=1)
SAMPLES = {
    "code": "012345",
    "meter_serial": "<12345678>",
    "value": "125 m³",
    "read_on": "22.11.2026",
    "status": "Przyjęty & zapisany",
    "when": "22.11.2026, 12:00",
    "until": "22.12.2026, 12:00",
    "new_hint": "…0700",
    "account_hint": "…0124",
    "role": "pełny dostęp",
    "question": "Czyj to podpis?\n\nBrakuje <skanu>.",
    "reason": "Brak zgody & podpisu",
    "number": "W/2026/000123",
    "period": "październik 2026",
    "amount": "1 123,45 zł",
    "due": "30 listopada 2026",
    "nrb": "12 1140 2004 0000 3002 0135 5387",
    "title": "FV/2026/10/000123",
    "page": "/faktury/1/",
    "check_page": "/sprawdz-fakture/",
    "withdraw_page": "/efaktura/rezygnacja/1/ABC/",
    "instead": "Wrócimy do papierowych.",
    "file": "faktura-2026-10.pdf",
    "corrects": "FV/2026/09/000100",
    "change": "do zapłaty mniej o 22,00 zł",
    "address": "a...@example.com",
    "address_hint": "a...@example.com",
    "price_effect": "opłata mniejsza o 2 zł miesięcznie",
    "what": "faktury e-mailem",
    "since": "23 listopada 2026",
}
BILLS = {MessageKind.INVOICE, MessageKind.CORRECTION}
OTHERWISE = "Żółć & <b>Gęśl</b>"
WORST = "Świętopełk-Brzęczyszczykiewicz [Łękołody] {Ω} " * 7
"""What a person may type where we cannot know how long it is."""
LONGEST = {"code": "7KQ2MXR4VD9WTHB3F8JC", "when": "22.11.2026, 12:00", "until": "22.12.2026, 12:00"}
LONG_CODES = {MessageKind.INVITATION, MessageKind.APPLICATION_RECEIVED}
BY_EMAIL = sorted(set(MessageKind) - ONLY_BY_SMS)
FORBIDDEN = (
    "konta w ebok",
    "niniejsz",
    "nieprawidłow",
    "prosimy",
    "przepraszamy",
    "ups",
    "w przypadku gdy",
    "{{",
    "{%",
    "none",
)


@pytest.fixture
def transport() -> Iterator[FakeTransport]:
    fake = FakeTransport()
    before, made = dict(ports._factories), dict(ports._made)
    ports.provide(MessageTransport, lambda: fake)
    yield fake
    ports._factories.clear()
    ports._factories.update(before)
    ports._made.clear()
    ports._made.update(made)


@pytest.fixture
def phones(transport: FakeTransport) -> FakeSms:
    """The carrier of SMS, beside that of e-mail."""
    fake = FakeSms()
    ports.provide(SmsTransport, lambda: fake)
    return fake


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def queue_code(expires_at: datetime | None = None) -> None:
    queue_message(
        kind=MessageKind.PASSWORD_RESET_CODE,
        recipient="anna@example.com",
        context={"code": "123456"},
        now=NOW,
        expires_at=expires_at,
    )


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.skip = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skip = tag == "title" or ("hidden", None) in attrs
        self.text += " "

    def handle_endtag(self, tag: str) -> None:
        self.skip = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self.skip else data


def rendered(kind: MessageKind, otherwise: str = OTHERWISE) -> RenderedMessage:
    context = {name: SAMPLES.get(name, otherwise) for name in NEEDED[kind]}
    return render(key=KEY, kind=kind, language="pl", recipient="anna@example.com", context=context, queued_at=NOW)


def sms(kind: MessageKind, context: dict[str, str]) -> RenderedSms:
    return render_sms(key=KEY, kind=kind, language="pl", recipient="+48600700800", context=context, queued_at=NOW)


@pytest.mark.parametrize("kind", BY_EMAIL)
@pytest.mark.parametrize("otherwise", [OTHERWISE, WORST, ""])
def test_every_kind_says_the_same_in_text_and_in_html(kind: MessageKind, otherwise: str) -> None:
    message = rendered(kind, otherwise)
    words = Words()
    words.feed(message.html)
    assert words.text.split() == message.text.split()
    assert "<b>" not in message.html


@pytest.mark.parametrize("kind", BY_EMAIL)
def test_every_kind_speaks_plain_polish_under_a_short_subject(kind: MessageKind) -> None:
    message = rendered(kind)
    assert len(message.subject) <= SUBJECT_MAX_LENGTH
    said = (message.subject + message.text).lower()
    assert [word for word in FORBIDDEN if re.search(rf"(^|\W){re.escape(word)}", said)] == []
    words = message.text.partition(utility().name)[0]
    assert max(len(sentence.split()) for sentence in re.split(r"[.!?:]\s|\n", words)) <= 15


def bill(kind: MessageKind, **changes: str) -> RenderedMessage:
    context = {name: SAMPLES.get(name, "x") for name in NEEDED[kind]} | changes
    return render(key=KEY, kind=kind, language="pl", recipient="anna@example.com", context=context, queued_at=NOW)


@pytest.mark.parametrize("kind", sorted(BILLS))
def test_the_subject_of_a_bill_says_period_sum_and_day_and_nothing_else_of_the_person(kind: MessageKind) -> None:
    word = "Faktura" if kind is MessageKind.INVOICE else "Korekta"
    assert bill(kind).subject == f"{word} za październik: 1 123,45 zł do 30 listopada"
    long = bill(kind, period="od września do października 2026", amount="1 234 567,89 zł")
    assert long.subject == f"{word}: 1 234 567,89 zł do 30 listopada"
    assert bill(kind, due="").subject == f"{word} za październik: nic nie płacisz"
    others = dict.fromkeys(NEEDED[kind] - {"period", "amount", "due"}, "Anna Nowak")
    assert bill(kind, **others).subject == bill(kind).subject


@pytest.mark.parametrize("kind", sorted(BILLS))
def test_a_bill_says_how_to_pay_how_to_check_it_and_how_to_stop_it(kind: MessageKind) -> None:
    said = bill(kind).text
    for needed in ("12 1140 2004", "Tytuł: FV/2026/10/000123", "Nie płać", "Zrezygnuj z e-faktury: http", "eBOK"):
        assert needed in said
    assert "w załączniku: faktura-2026-10.pdf" in said
    assert "w załączniku" not in bill(kind, file="").text
    nothing = bill(kind, due="").text
    assert "Nic nie musisz płacić." in nothing
    assert "przelew" not in nothing


@pytest.mark.parametrize("kind", BY_EMAIL)
def test_no_message_loads_anything_that_would_tell_us_it_was_opened(kind: MessageKind) -> None:
    assert not re.search(r"<(img|link|script|iframe|object)|url\(|src=", rendered(kind).html, re.IGNORECASE)


@pytest.mark.parametrize("kind", sorted(set(BY_EMAIL) - {MessageKind.READING_RECEIVED} - BILLS))
def test_a_subject_shows_nothing_of_the_person_on_a_locked_screen(kind: MessageKind) -> None:
    one, other = (rendered(kind, otherwise).subject for otherwise in ("Anna", WORST))
    assert one == other
    assert not [value for value in SAMPLES.values() if value in one]


@pytest.mark.parametrize("kind", BY_EMAIL)
def test_a_message_leads_to_the_front_door_only_and_names_our_phone(kind: MessageKind) -> None:
    message = rendered(kind)
    site = "http://localhost:8000"
    own = {site + SAMPLES[page] for page in ("page", "check_page", "withdraw_page")} if kind in BILLS else set()
    assert set(re.findall(r"https?://[^\s\"<]+", message.text)) <= own | {site}
    assert set(re.findall(r'href="([^"]*)"', message.html)) <= own | {f"{site}/"}
    assert utility().phone in message.text


@pytest.mark.parametrize("kind", sorted(set(BY_EMAIL) - {MessageKind.READING_RECEIVED}))
def test_every_message_about_safety_says_what_to_do_if_it_was_not_you(kind: MessageKind) -> None:
    assert re.search(r"[Tt]o nie (Ty|Tw)|Nie (znasz|wiesz)", rendered(kind).text)


@pytest.mark.parametrize("kind", BY_EMAIL)
def test_an_empty_reason_leaves_no_label_behind(kind: MessageKind) -> None:
    if "reason" in NEEDED[kind] and kind is not MessageKind.APPLICATION_REFUSED:
        context = dict.fromkeys(NEEDED[kind], "x") | {"reason": ""}
        message = render(key=KEY, kind=kind, language="pl", recipient="a@example.com", context=context, queued_at=NOW)
        assert "Powód" not in message.text + message.html


def test_a_number_that_was_taken_away_leaves_no_label_behind_either() -> None:
    said = sms(MessageKind.PHONE_CHANGED, {"new_hint": ""}).text
    assert "Zostal usuniety." in said
    assert "konczy" not in said
    message = render(
        key=KEY, kind=MessageKind.PHONE_CHANGED, language="pl", recipient="a@example.com", context={"new_hint": ""},
        queued_at=NOW,
    )  # fmt: skip
    assert "Numer jest usunięty." in message.text
    assert "Nowy numer" not in message.text + message.html


@pytest.mark.parametrize("code", ["012345", "7KQ2MXR4VD9WTHB3F8JC", "7KQ2M-XR4VD-9WTHB-3F8JC"])
def test_a_code_stands_in_groups_that_can_be_copied(code: str) -> None:
    shown = readable_code(code)
    assert shown == readable_code(shown)
    assert re.sub(r"[ -]", "", shown) == code.replace("-", "")
    assert max(len(group) for group in re.split(r"[ -]", shown)) <= 5


@pytest.mark.parametrize("kind", sorted(BY_SMS))
@pytest.mark.parametrize("otherwise", [OTHERWISE, WORST, ""])
def test_an_sms_is_one_part_of_plain_letters_whatever_it_tells(
    kind: MessageKind, otherwise: str, settings: Any
) -> None:
    settings.EBOK_UTILITY = replace(utility(), short_name="Wodociągi Żółć", phone="+48 22 000 00 00")
    settings.EBOK_PUBLIC_URL = "https://ebok.wodociagi-podwarszawskie.example"
    code = LONGEST["code"] if kind in LONG_CODES else "012345"
    known = LONGEST | {"code": code} if otherwise is WORST else SAMPLES
    text = sms(kind, {name: known.get(name, otherwise) for name in NEEDED[kind]}).text
    assert len(text) <= SMS_MAX_LENGTH
    assert text.isascii()
    assert "+48 22 000 00 00" in text
    assert [word for word in FORBIDDEN if re.search(rf"(^|\W){re.escape(plain_letters(word))}", text.lower())] == []
    if "code" in NEEDED[kind]:
        assert readable_code(code if otherwise is WORST else "012345") in text
    if kind is not MessageKind.INVITATION:
        assert re.search(r"[Tt]o nie Ty|Zdecyduj", text)


@given(st.text())
def test_plain_letters_are_those_an_sms_counts_once(text: str) -> None:
    plain = plain_letters(text)
    assert re.fullmatch(r"[ -Z_a-z]*", plain)
    assert plain == plain_letters(plain)


def test_polish_letters_lose_only_their_marks() -> None:
    assert plain_letters("Zażółć gęślą jaźń, ŁÓDŹ – „tak”…") == 'Zazolc gesla jazn, LODZ - "tak"...'


@given(st.text(min_size=1))
def test_what_a_customer_typed_never_breaks_a_header(text: str) -> None:
    values = {"meter_serial": text, "value": text, "read_on": "22.11.2026", "status": text}
    try:
        message = render(
            key=KEY,
            kind=MessageKind.READING_RECEIVED,
            language="pl",
            recipient="a@example.com",
            context=values,
            queued_at=NOW,
        )
    except UnfitMessage:
        return
    assert message.subject.isprintable()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "recipient", ["anna@example.com\r\nBcc: x@example.com", "anna", "a b@example.com", "", "a@b@c", "x@" + "y" * 400]
)
def test_an_address_that_is_none_is_refused(recipient: str) -> None:
    with pytest.raises(UnfitMessage):
        queue_message(kind=MessageKind.PASSWORD_CHANGED, recipient=recipient, context={}, now=NOW)


@pytest.mark.django_db
def test_a_context_must_be_what_the_kind_needs() -> None:
    for context in ({}, {"code": "1", "more": "2"}, {"code": 123456}):
        with pytest.raises(UnfitMessage):
            queue_message(
                kind=MessageKind.PASSWORD_RESET_CODE,
                recipient="a@example.com",
                context=context,  # type: ignore[arg-type]
                now=NOW,
            )


@pytest.mark.django_db
def test_a_delivered_message_is_sent_once_and_its_secret_forgotten(transport: FakeTransport) -> None:
    queue_code()
    assert deliver_due(clock=at(NOW)) == 1
    assert deliver_due(clock=at(NOW + timedelta(days=3))) == 0
    assert [m.recipient for m in transport.sent] == ["anna@example.com"]
    assert "123 456" in transport.sent[0].text
    row = OutgoingMessage.objects.get()
    assert (row.context, row.due_at) == ({"code": ""}, None)
    assert list(DeliveryAttempt.objects.values_list("outcome", flat=True)) == [Outcome.SENT.value]
    assert transport.closed == 2


@pytest.mark.django_db
def test_an_expired_message_is_not_sent(transport: FakeTransport) -> None:
    queue_code(expires_at=NOW + timedelta(minutes=10))
    deliver_due(clock=at(NOW + timedelta(minutes=10)))
    assert transport.sent == []
    assert DeliveryAttempt.objects.get().outcome == Outcome.EXPIRED.value
    assert OutgoingMessage.objects.get().context == {"code": ""}


@pytest.mark.django_db
def test_a_server_that_comes_back_after_a_day_gets_the_message(transport: FakeTransport) -> None:
    queue_code()
    transport.failure = DeliveryFailed(FailureKind.TEMPORARY, "451 later")
    moment = NOW
    while moment < NOW + timedelta(hours=24):
        deliver_due(clock=at(moment))
        moment = OutgoingMessage.objects.get().due_at or pytest.fail("given up too early")
    transport.failure = None
    deliver_due(clock=at(moment))
    assert len(transport.sent) == 1


@pytest.mark.django_db
def test_after_the_last_try_a_message_waits_for_a_person(transport: FakeTransport) -> None:
    queue_code()
    transport.failure = DeliveryFailed(FailureKind.TEMPORARY, "451 later")
    while (due := OutgoingMessage.objects.get().due_at) is not None:
        deliver_due(clock=at(due))
        last = due
    assert last <= NOW + timedelta(hours=72)
    assert [a.outcome for a in undelivered()] == [Outcome.GIVEN_UP.value]
    assert DeliveryAttempt.objects.count() == len(RETRY_AFTER) + 1


@pytest.mark.django_db
def test_a_refused_recipient_is_not_tried_again(transport: FakeTransport) -> None:
    queue_code()
    transport.failure = DeliveryFailed(FailureKind.PERMANENT, "550 no such user")
    deliver_due(clock=at(NOW))
    assert OutgoingMessage.objects.get().due_at is None
    assert [(a.outcome, a.words) for a in undelivered()] == [("permanent", "550 no such user")]


@pytest.mark.django_db
def test_the_command_lists_for_a_person_who_did_not_get_what_and_leaves_a_trace(
    transport: FakeTransport, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("undelivered", "--json")
    assert json.loads(capsys.readouterr().out) == {"undelivered": [], "blocked": []}
    acting = Actor(kind=ActorKind.COMMAND, name="tests")
    create_user(
        username="anna", password="zielony traktor liczy gwiazdy", email="Anna@example.com", full_name="Anna Nowak",
        acting=acting, now=NOW,
    )  # fmt: skip
    queue_code()
    transport.failure = DeliveryFailed(FailureKind.PERMANENT, "550 no such user")
    deliver_due(clock=at(NOW))
    call_command("undelivered", "--json")
    [told] = json.loads(capsys.readouterr().out)["undelivered"]
    assert (told["name"], told["recipient"], told["kind"]) == ("Anna Nowak", "anna@example.com", "password_reset_code")
    assert (told["outcome"], told["words"]) == ("permanent", "550 no such user")
    assert "code" not in told
    call_command("undelivered")
    assert "Anna Nowak, anna@example.com: kod do zmiany hasła, odrzucona. 550" in capsys.readouterr().out
    call_command("undelivered", "--since", "2026-11-23")
    assert capsys.readouterr().out.strip() == "niedoręczone: 0"
    with pytest.raises(CommandError, match="To nie jest dzień"):
        call_command("undelivered", "--since", "wczoraj")
    looks = AuditRow.objects.filter(action="notifications.undelivered_viewed")
    assert list(looks.values_list("actor_name", "details")) == [("undelivered", {"count": 1})] * 2


def queue_phone_code(**more: Any) -> None:
    values: dict[str, Any] = {
        "kind": MessageKind.PHONE_CHANGE_CODE,
        "recipient": "+48600700800",
        "context": {"code": "123456"},
        "now": NOW,
        "channel": Channel.SMS,
    }
    queue_message(**(values | more))


@pytest.mark.django_db
def test_an_sms_goes_by_phone_in_its_turn_and_its_secret_is_forgotten(
    transport: FakeTransport, phones: FakeSms
) -> None:
    queue_code()
    queue_phone_code()
    assert deliver_due(clock=at(NOW)) == 2
    assert len(transport.sent) == 1
    assert [(one.recipient, "123 456" in one.text) for one in phones.sent] == [("+48600700800", True)]
    assert set(OutgoingMessage.objects.values_list("due_at", "context__code")) == {(None, "")}


@pytest.mark.django_db
def test_an_sms_that_fails_is_tried_again_and_in_the_end_waits_for_a_person(
    phones: FakeSms, capsys: pytest.CaptureFixture[str]
) -> None:
    queue_phone_code()
    phones.failure = DeliveryFailed(FailureKind.TEMPORARY, "bramka zajęta")
    while (due := OutgoingMessage.objects.get().due_at) is not None:
        deliver_due(clock=at(due))
    assert DeliveryAttempt.objects.count() == len(RETRY_AFTER) + 1
    call_command("undelivered", "--json")
    [told] = json.loads(capsys.readouterr().out)["undelivered"]
    assert (told["channel"], told["recipient"], told["words"]) == ("sms", "+48600700800", "bramka zajęta")
    call_command("undelivered")
    assert "SMS +48600700800: kod do zmiany numeru telefonu, bez skutku" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"recipient": "600700800"},
        {"recipient": "+48 600 700 800"},
        {"recipient": "+48600700800\x00"},
        {"recipient": "anna@example.com"},
        {"recipient": ""},
        {"kind": MessageKind.LOGIN_CODE},
        {"channel": Channel.EMAIL, "recipient": "anna@example.com"},
    ],
)
def test_what_cannot_go_by_phone_or_only_can_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnfitMessage):
        queue_phone_code(**wrong)
    assert OutgoingMessage.objects.count() == 0


@pytest.mark.django_db
def test_without_a_carrier_no_sms_is_taken_and_those_that_wait_keep_no_run_busy(phones: FakeSms, settings: Any) -> None:
    queue_phone_code()
    settings.EBOK_SMS_URL = ""
    assert not sms_available()
    with pytest.raises(UnfitMessage):
        queue_phone_code()
    assert (len(waiting(now=NOW)), deliver_due(clock=at(NOW))) == (0, 0)
    settings.EBOK_SMS_URL = "file:///srv/sms"
    assert (len(waiting(now=NOW)), deliver_due(clock=at(NOW)), len(phones.sent)) == (1, 1, 1)


@pytest.mark.django_db
def test_the_database_itself_refuses_an_sms_to_no_number(phones: FakeSms) -> None:
    queue_phone_code()
    with pytest.raises(DatabaseError, match="outgoing_sms_number"), transaction.atomic():
        OutgoingMessage.objects.update(recipient="600 700 800")


def test_every_kind_and_every_failure_has_words_for_the_list() -> None:
    assert set(undelivered_command.KINDS) == set(MessageKind)
    assert set(undelivered_command.OUTCOMES) == LOST


@pytest.mark.django_db
def test_tries_on_record_never_change(transport: FakeTransport) -> None:
    queue_code()
    deliver_due(clock=at(NOW))
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        DeliveryAttempt.objects.update(words="other")


@given(failed=st.integers(1, 20), luck=st.floats(0, 1))
def test_waits_follow_the_schedule(failed: int, luck: float) -> None:
    again = next_try(failed=failed, now=NOW, luck=luck)
    assert (again is None) == (failed > len(RETRY_AFTER))
    if again is not None:
        assert RETRY_AFTER[failed - 1] * 0.9 <= again - NOW <= RETRY_AFTER[failed - 1]


class Post:
    """An SMTP server's handler that counts what it took for whom."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.update(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture
def post() -> Iterator[Post]:
    """A server on loopback, and the port of transports wired to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    before, made = dict(ports._factories), dict(ports._made)
    ports.provide(MessageTransport, lambda: SmtpTransport(host="127.0.0.1", port=port, encryption=Encryption.NONE))
    yield handler
    controller.stop()
    ports._factories.clear()
    ports._factories.update(before)
    ports._made.clear()
    ports._made.update(made)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_every_message_once_each_over_a_connection_of_its_own(post: Post) -> None:
    people = [f"person{n}@example.com" for n in range(60)]
    for person in people:
        queue_message(kind=MessageKind.PASSWORD_CHANGED, recipient=person, context={}, now=clock.now())

    def run(_: int) -> int:
        try:
            return deliver_due(clock=clock.now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == len(people)
    assert post.taken == Counter(people)
    assert set(DeliveryAttempt.objects.values_list("outcome", flat=True)) == {Outcome.SENT.value}
    assert OutgoingMessage.objects.filter(due_at__isnull=False).count() == 0


@pytest.mark.django_db
def test_a_slow_server_never_makes_another_run_repeat_what_this_one_still_has_to_send(transport: FakeTransport) -> None:
    for n in range(12):
        queue_message(kind=MessageKind.PASSWORD_CHANGED, recipient=f"p{n}@example.com", context={}, now=NOW)
    moment = [NOW]

    class Slow(FakeTransport):
        def send(self, message: RenderedMessage) -> str:
            moment[0] += timedelta(minutes=1)
            answer = super().send(message)
            if len(self.sent) == 11:
                deliver_due(clock=lambda: moment[0])
            return answer

    slow = Slow()
    ports.provide(MessageTransport, lambda: slow)
    deliver_due(clock=lambda: moment[0])
    assert sorted(Counter(m.recipient for m in slow.sent).values()) == [1] * 12


@pytest.mark.django_db
@pytest.mark.parametrize("run", [lambda: deliver_messages(DeliverMessages()), lambda: retry_messages(0)])
def test_one_delivery_runs_at_a_time_so_that_a_hanging_server_never_takes_both_hands_of_a_worker(
    transport: FakeTransport, run: Callable[[], None]
) -> None:
    queue_message(kind=MessageKind.PASSWORD_CHANGED, recipient="a@example.com", context={}, now=clock.now())
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [Lock.DELIVERIES.value])
        run()
        assert transport.sent == []
        # Closing alone frees it a moment later.
        other.execute("SELECT pg_advisory_unlock(%s)", [Lock.DELIVERIES.value])
    run()
    assert len(transport.sent) == 1
    assert DeliveryAttempt.objects.count() == 1
