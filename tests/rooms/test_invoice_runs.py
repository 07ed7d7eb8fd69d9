"""A run sends what waits, once each, can be stopped and resumed, and one bad invoice never stops the others."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from ebok.adapters.mail import FakeTransport
from ebok.adapters.seal import FakeSeal
from ebok.audit.models import AuditRow
from ebok.billing.ports import InvoiceRenderer, UnableToDraw
from ebok.einvoicing.domain import AdvanceRuns, DeliveryState
from ebok.einvoicing.models import Mailing, Sending, SendingRun
from ebok.einvoicing.operations import mailing
from ebok.einvoicing.operations import runs as running
from ebok.einvoicing.operations.documents import UnableToMakeDocuments, make_documents
from ebok.einvoicing.operations.letters import months
from ebok.einvoicing.operations.openings import opened
from ebok.einvoicing.operations.runs import (
    RunRefusal,
    UnableToChangeRun,
    UnableToStartRun,
    advance_runs,
    resume_run,
    start_run,
    stop_run,
)
from ebok.einvoicing.ports import DocumentSeal
from ebok.einvoicing.queries.documents import sealed_documents
from ebok.einvoicing.queries.failures import failures
from ebok.einvoicing.queries.proofs import broken_promises
from ebok.einvoicing.queries.runs import open_runs, run_progress, runs, to_send
from ebok.einvoicing.queries.transmissions import transmission
from ebok.foundation import ports
from ebok.foundation.bulk import alone_with
from ebok.foundation.locks import Lock
from ebok.interchange.operations.receipts import import_receipts
from ebok.jobs.tasks import advance_invoice_runs, go_on_with_invoice_runs
from ebok.kernel.periods import Period
from ebok.notifications.domain import MessageKind
from ebok.notifications.models import OutgoingMessage
from ebok.notifications.operations import deliver_groups
from ebok.portal.invoices.delivery import NEVER_MAILED, delivery_part
from ebok.terms.operations import end_consents
from ebok.web.invoice_ways import way_words
from tests.billing import ACTING, NOW, TODAY, an_account, fa3, files
from tests.concurrency import beside
from tests.einvoicing import ISSUED, accept, accounts, carriers, change, invoice, only, take, withdraw
from tests.rooms.test_billing_imports import upo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings: Settings, tmp_path: Path) -> Iterator[FakeTransport]:
    settings.EBOK_DOCUMENTS = tmp_path / "documents"
    settings.EBOK_DELIVER_SINCE = TODAY
    with carriers() as carrier:
        yield carrier


def at(moment: datetime = NOW) -> Callable[[], datetime]:
    return lambda: moment


def bills(count: int) -> list[int]:
    accounts(count)
    return take(
        *(fa3(f"FV/{place}", account=str(100_001 + place), issued=ISSUED, due=ISSUED) for place in range(count))
    )


def state(account: int, invoice_id: int) -> DeliveryState:
    told = transmission(scope=only(account), invoice_id=invoice_id)
    assert told is not None
    return told.state


def test_a_run_takes_what_waits_and_each_arrives_once_with_its_sealed_document(mailbox: FakeTransport) -> None:
    ids = bills(3)
    assert to_send().count == 3
    run_id = start_run(acting=ACTING, now=NOW)
    assert to_send().count == 0
    assert ProcrastinateJob.objects.filter(task_name="einvoicing.advance_runs").count() == 1
    assert advance_runs(clock=at()) == 3
    assert advance_runs(clock=at()) == 0
    assert deliver_groups(clock=at()) == 3
    assert [one.recipient for one in mailbox.sent] == [f"klient{place}@poczta.example" for place in range(3)]
    documents = sealed_documents(invoice_ids=ids)
    assert {one.transmission_id: bytes(one.document_sha256) for one in Mailing.objects.all()} == documents
    [attachment] = mailbox.sent[0].attachments
    assert (attachment.name, attachment.content[:5]) == ("faktura-FV-0.pdf", b"%PDF-")
    progress = run_progress(run_id=run_id)
    assert progress is not None
    assert (progress.taken, progress.sent, progress.queued, progress.stuck) == (3, 3, 0, 0)
    advance_runs(clock=at())
    assert [one.ended_at for one in runs()] == [NOW]
    assert broken_promises() == []


def test_the_message_says_what_to_pay_and_leads_to_the_page_the_check_and_the_way_out(mailbox: FakeTransport) -> None:
    entry = accept(an_account())
    invoice_id = invoice(nrb="08102010550000000000012445", period=(TODAY.replace(day=1), TODAY))
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=at())
    context = OutgoingMessage.objects.get().context
    assert context["amount"].replace("\u00a0", " ") == "108,00 zł"
    assert context["page"] == f"/faktury/{invoice_id}/"
    assert context["check_page"].startswith("/f/")
    assert context["withdraw_page"].startswith(f"/efaktura/rezygnacja/{entry.id}/")
    assert context["instead"] == "Wrócimy do papierowych."
    assert context["period"] == "listopad 2026"
    assert context["account_hint"] == "…001"
    deliver_groups(clock=at())
    assert "Do zapłaty: 108,00" in mailbox.sent[0].text.replace("\u00a0", " ")


def test_with_a_link_nothing_is_attached(mailbox: FakeTransport, settings: Settings) -> None:
    settings.EBOK_INVOICE_MAIL = "link"
    accept(an_account())
    invoice()
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=at())
    deliver_groups(clock=at())
    assert mailbox.sent[0].attachments == ()


def test_a_correction_says_what_it_corrects_and_changes(mailbox: FakeTransport) -> None:
    accept(an_account())
    invoice("KOR/1", corrects="FV/0", net="-10.00")
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=at())
    row = OutgoingMessage.objects.get()
    assert (row.kind, row.context["corrects"], row.context["due"]) == (MessageKind.CORRECTION, "FV/0", "")
    assert "zmniejsza" in row.context["change"]
    deliver_groups(clock=at())
    assert mailbox.sent[0].attachments[0].name == "korekta-KOR-1.pdf"


def test_a_copy_for_a_buyer_with_a_nip_waits_for_the_number() -> None:
    accept(an_account())
    content = fa3("FV/1", issued=ISSUED, nip="1111111111")
    take(content)
    refused(RunRefusal.NOTHING_TO_SEND)
    import_receipts(files=iter(files([("upo.xml", upo("FV/1", content))])), acting=ACTING, now=NOW)
    start_run(acting=ACTING, now=NOW)
    assert advance_runs(clock=at()) == 1
    assert Mailing.objects.count() == 1
    assert OutgoingMessage.objects.get().context["instead"] == "Faktury zostaną w KSeF i w eBOK."


def refused(reason: RunRefusal) -> None:
    before = SendingRun.objects.count()
    with pytest.raises(UnableToStartRun) as told:
        start_run(acting=ACTING, now=NOW)
    assert (told.value.reason, SendingRun.objects.count()) == (reason, before)


def test_nothing_is_no_run_and_a_stopped_one_is_resumed_first() -> None:
    refused(RunRefusal.NOTHING_TO_SEND)
    bills(1)
    run_id = start_run(acting=ACTING, now=NOW)
    stop_run(run_id=run_id, acting=ACTING, now=NOW)
    refused(RunRefusal.ONE_IS_STOPPED)


def test_a_stopped_run_sends_nothing_more_until_it_is_resumed(
    mailbox: FakeTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    bills(3)
    run_id = start_run(acting=ACTING, now=NOW)
    monkeypatch.setattr(running, "SLICE", timedelta(0))
    advance_runs(clock=at())
    monkeypatch.setattr(running, "SLICE", timedelta(seconds=20))
    stop_run(run_id=run_id, acting=ACTING, now=NOW)
    assert advance_runs(clock=at()) == 0
    assert deliver_groups(clock=at()) == 0
    unchanged(RunRefusal.ALREADY_STOPPED, stop_run, run_id)
    resume_run(run_id=run_id, acting=ACTING, now=NOW)
    unchanged(RunRefusal.NOT_STOPPED, resume_run, run_id)
    assert advance_runs(clock=at()) == 3
    assert deliver_groups(clock=at()) == 3
    advance_runs(clock=at())
    unchanged(RunRefusal.HAS_ENDED, stop_run, run_id)
    unchanged(RunRefusal.NO_SUCH_RUN, stop_run, run_id + 1)
    assert set(AuditRow.objects.filter(action__startswith="einvoicing.run").values_list("action", flat=True)) == {
        "einvoicing.run_start", "einvoicing.run_stop", "einvoicing.run_resume",
    }  # fmt: skip


def unchanged(reason: RunRefusal, change_it: Callable[..., None], run_id: int) -> None:
    with pytest.raises(UnableToChangeRun) as told:
        change_it(run_id=run_id, acting=ACTING, now=NOW)
    assert told.value.reason is reason


def test_a_run_stopped_while_its_documents_are_made_queues_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bills(1)
    run_id = start_run(acting=ACTING, now=NOW)
    make = make_documents

    def made_while_somebody_stops(**asked: Any) -> dict[int, bytes]:
        stop_run(run_id=run_id, acting=ACTING, now=NOW)
        return make(**asked)

    monkeypatch.setattr(running, "make_documents", made_while_somebody_stops)
    assert advance_runs(clock=at()) == 0
    assert (Mailing.objects.count(), Sending.objects.get().state) == (0, "queued")


def test_an_acceptance_withdrawn_after_the_day_of_issue_still_gets_its_invoice_by_mail() -> None:
    account = an_account()
    accept(account)
    invoice()
    withdraw(account, today=ISSUED + timedelta(days=1))
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=at())
    assert OutgoingMessage.objects.get().recipient == "anna@poczta.example"


@pytest.mark.parametrize("day", [TODAY, ISSUED])
@pytest.mark.parametrize("handed_over", [False, True])
def test_an_invoice_dated_ahead_goes_on_paper_when_its_acceptance_ends_by_that_day(
    day: date, mailbox: FakeTransport, *, handed_over: bool
) -> None:
    account = an_account()
    accept(account)
    invoice_id = invoice()
    if handed_over:
        end_consents(account_ids=[account], today=day, acting=ACTING, now=NOW)
        accept(account, "nowy@poczta.example", today=day)
    else:
        withdraw(account, today=day)
    start_run(acting=ACTING, now=NOW)
    assert advance_runs(clock=at()) == 1
    deliver_groups(clock=at())
    assert (Mailing.objects.count(), mailbox.sent) == (0, [])
    told = transmission(scope=only(account), invoice_id=invoice_id)
    assert told is not None
    assert told.state is DeliveryState.PAPER_WAITING
    assert way_words(told).reason == "Nie wysłaliśmy jej e-mailem, więc faktura idzie na papierze."
    part = delivery_part(told, may=())
    assert part is not None
    assert part.note == NEVER_MAILED
    assert (failures(), broken_promises()) == ([], [])


def test_it_goes_to_the_address_confirmed_last() -> None:
    account = an_account()
    accept(account)
    invoice()
    changed = change(account, "nowa@poczta.example")
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=at())
    assert (Mailing.objects.get().address, Mailing.objects.get().consent_id) == ("nowa@poczta.example", changed.id)


def test_what_somebody_else_accepted_since_never_brings_them_the_invoice_of_the_one_before() -> None:
    account = an_account()
    accepted = accept(account)
    invoice()
    end_consents(account_ids=[account], today=TODAY + timedelta(days=2), acting=ACTING, now=NOW)
    accept(account, "nowy@poczta.example", today=TODAY + timedelta(days=2))
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=at(NOW + timedelta(days=3)))
    assert (Mailing.objects.get().address, Mailing.objects.get().consent_id) == ("anna@poczta.example", accepted.id)
    assert OutgoingMessage.objects.get().recipient == "anna@poczta.example"


def test_it_goes_to_the_last_address_of_an_acceptance_that_was_withdrawn_and_given_anew() -> None:
    account = an_account()
    accept(account)
    invoice()
    changed = change(account, "nowa@poczta.example")
    withdraw(account)
    accept(account, "inna@poczta.example")
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=at())
    assert (Mailing.objects.get().address, Mailing.objects.get().consent_id) == ("nowa@poczta.example", changed.id)


def test_a_mail_to_an_address_no_consent_names_is_found() -> None:
    account = an_account()
    entry = accept(account)
    invoice_id = invoice()
    Mailing.objects.create(
        transmission_id=invoice_id, number=1, message_key=uuid4(), consent_id=entry.id, address="obca@poczta.example",
        document_sha256=bytes(32), made_at=NOW,
    )  # fmt: skip
    assert [one.what for one in broken_promises()] == [f"faktura {invoice_id}: wysłana na adres spoza zgody tego konta"]


def test_the_same_file_imported_again_in_mid_run_sends_nothing_twice(mailbox: FakeTransport) -> None:
    accept(an_account())
    content = fa3("FV/1", issued=ISSUED)
    take(content)
    start_run(acting=ACTING, now=NOW)
    assert take(content) == []
    advance_runs(clock=at())
    assert take(content) == []
    refused(RunRefusal.NOTHING_TO_SEND)
    advance_runs(clock=at())
    deliver_groups(clock=at())
    assert len(mailbox.sent) == 1


class Draws:
    """Draws all invoices but one."""

    def __init__(self, renderer: InvoiceRenderer, bad: str) -> None:
        self.renderer, self.bad = renderer, bad

    def render(self, document: Any) -> bytes:
        if document.invoice.number == self.bad:
            raise UnableToDraw(self.bad)
        return self.renderer.render(document)


def test_an_invoice_that_cannot_be_drawn_goes_on_the_list_and_the_others_go_out(mailbox: FakeTransport) -> None:
    bills(3)
    before = ports._factories[InvoiceRenderer]
    ports.provide(InvoiceRenderer, lambda: Draws(before(), "FV/1"))
    try:
        run_id = start_run(acting=ACTING, now=NOW)
        assert advance_runs(clock=at()) == 3
    finally:
        ports.provide(InvoiceRenderer, before)
    assert deliver_groups(clock=at()) == 2
    [listed] = failures()
    assert (listed.number, listed.failure_id, listed.tries) == ("FV/1", None, 0)
    assert "narysować" in listed.words
    progress = run_progress(run_id=run_id)
    assert progress is not None
    assert (progress.stuck, progress.sent) == (1, 2)


def test_an_address_no_message_can_go_to_stops_that_invoice_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = bills(2)
    targets = mailing._targets
    first = Sending.objects.get(pk=ids[0]).transmission.consent_id or 0
    monkeypatch.setattr(mailing, "_targets", lambda *a: {**targets(*a), first: (first, "żółw")})
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=at())
    assert [one.transmission_id for one in Mailing.objects.all()] == [ids[1]]
    assert [one.invoice_id for one in failures()] == [ids[0]]


def test_without_a_seal_the_run_waits_and_loses_nothing(mailbox: FakeTransport) -> None:
    bills(2)
    ports.provide(DocumentSeal, lambda: FakeSeal(words="Pieczęć wygasła."))
    start_run(acting=ACTING, now=NOW)
    with pytest.raises(UnableToMakeDocuments):
        advance_runs(clock=at())
    go_on_with_invoice_runs(0)
    with pytest.raises(SystemExit) as end:
        call_command("send_invoices", stdout=StringIO(), stderr=StringIO())
    assert end.value.code == 1
    ports.provide(DocumentSeal, FakeSeal)
    advance_invoice_runs(AdvanceRuns())
    deliver_groups(clock=at(NOW + timedelta(days=9000)))
    assert len(mailbox.sent) == 2


def test_when_opened_counts_it_is_delivered_at_the_first_opening(settings: Settings) -> None:
    account = an_account()
    accept(account)
    invoice_id = invoice()
    start_run(acting=ACTING, now=NOW)
    advance_runs(clock=at())
    deliver_groups(clock=at())
    told = transmission(scope=only(account), invoice_id=invoice_id)
    assert told is not None
    assert (told.state, told.delivered_at, len(told.attempts)) == (DeliveryState.SENT, NOW, 1)
    settings.EBOK_DELIVERY_MOMENT = "opened"
    later = NOW + timedelta(hours=3)
    assert transmission(scope=only(account), invoice_id=invoice_id).delivered_at is None  # type: ignore[union-attr]
    opened(invoice_ids=[invoice_id], now=later)
    assert transmission(scope=only(account), invoice_id=invoice_id).delivered_at == later  # type: ignore[union-attr]


def test_the_command_starts_stops_resumes_and_tells() -> None:
    bills(2)
    said = json.loads(command("--json"))
    assert (said["runs"][0]["taken"], said["runs"][0]["queued"], said["waiting"]["count"]) == (2, 2, 0)
    assert "faktur 2" in command("--status")
    assert "wstrzymana" in command("--stop")
    bill = an_account("100009")
    accept(bill)
    invoice("FV/9", account="100009")
    with pytest.raises(CommandError, match="wstrzymana") as stopped:
        command()
    assert stopped.value.returncode == 1
    assert "wstrzymana" not in command("--resume")
    command()
    assert len(open_runs()) == 2
    assert "Żadna faktura nie czeka" in command()


def command(*options: str) -> str:
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("send_invoices", *options, stdout=out, stderr=err)
    assert end.value.code == 0
    return out.getvalue() + ("" if "--json" in options else err.getvalue())


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_started_at_once_one_takes_all_and_the_other_is_refused() -> None:
    bills(3)

    def start() -> int | RunRefusal:
        try:
            return start_run(acting=ACTING, now=NOW)
        except UnableToStartRun as unable:
            return unable.reason

    with beside() as run:
        results = [one.result() for one in [run(start), run(start)]]
    assert sum(one is RunRefusal.NOTHING_TO_SEND for one in results) == 1
    assert Sending.objects.filter(state="queued").count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_advances_and_the_other_leaves_it_alone(mailbox: FakeTransport) -> None:
    bills(3)
    start_run(acting=ACTING, now=NOW)
    with alone_with(Lock.INVOICE_RUNS) as ours, beside() as run:
        assert ours
        run(lambda: advance_invoice_runs(AdvanceRuns())).result()
        assert Mailing.objects.count() == 0
    advance_invoice_runs(AdvanceRuns())
    assert Mailing.objects.count() == 3


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (None, "listopad 2026"),
        (Period(start=TODAY.replace(day=1), end=TODAY), "listopad 2026"),
        (Period(start=TODAY.replace(month=8, day=1), end=TODAY.replace(month=10, day=1)), "sierpień–wrzesień 2026"),
        (
            Period(start=TODAY.replace(month=12, day=1), end=TODAY.replace(year=2027, month=2, day=1)),
            "grudzień 2026–styczeń 2027",
        ),
    ],
)
def test_months_are_named_as_people_say_them(period: Period | None, words: str) -> None:
    assert months(period=period, issue_date=ISSUED) == words
