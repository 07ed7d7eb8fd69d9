"""An invoice whose mail fails is sent once more a day later, then goes on paper, and its customer is told."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from ebok.access.operations import create_user, grant
from ebok.adapters.mail import FakeTransport
from ebok.audit.models import AuditRow
from ebok.customers.domain import CustomerScope
from ebok.einvoicing.domain import Carrier, Channel, DeliveryState, FailureStep, WayReason
from ebok.einvoicing.models import InvoiceTransmission, MailFailure, Mailing, PaperFallback, Sending
from ebok.einvoicing.operations.failures import (
    AGAIN_AFTER,
    FailureRefusal,
    UnableToDealWithFailure,
    mail_again,
    send_again,
    send_on_paper,
    settle_failure,
    take_failure,
)
from ebok.einvoicing.operations.runs import advance_runs, start_run
from ebok.einvoicing.queries.failures import count_failures, failing_accounts, failures
from ebok.einvoicing.queries.printing import paper_waiting
from ebok.einvoicing.queries.proofs import broken_promises
from ebok.einvoicing.queries.transmissions import transmission
from ebok.interchange.operations.receipts import import_receipts
from ebok.jobs.tasks import take_failed_delivery
from ebok.notifications.domain import FailedDelivery, MessageKind
from ebok.notifications.models import OutgoingMessage
from ebok.notifications.operations import deliver_groups, take_bounces
from ebok.notifications.ports import CarrierDown, DeliveryFailed, FailureKind
from ebok.terms.operations import end_consents
from tests.billing import ACTING, NOW, TODAY, an_account, fa3, files
from tests.concurrency import beside, until_it_waits
from tests.einvoicing import ISSUED, accept, carriers, change, invoice, only, take, withdraw
from tests.notices import POSTFIX, notice
from tests.rooms.test_billing_imports import upo

PASSWORD = "zielony traktor liczy gwiazdy"
NEXT_DAY = NOW + AGAIN_AFTER
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings: Settings, tmp_path: Path) -> Iterator[FakeTransport]:
    settings.EBOK_DOCUMENTS = tmp_path / "documents"
    settings.EBOK_DELIVER_SINCE = TODAY
    with carriers() as carrier:
        carrier.failure = DeliveryFailed(FailureKind.PERMANENT, "550 no such user")
        yield carrier


def at(moment: datetime = NOW) -> Callable[[], datetime]:
    return lambda: moment


def sent(*, now: datetime = NOW) -> None:
    """Send what waits; the carrier refuses it."""
    start_run(acting=ACTING, now=now)
    advance_runs(clock=at(now))
    deliver(now)


def deliver(now: datetime = NOW) -> None:
    """Deliver, and hear of what failed as the job does."""
    before = set(MailFailure.objects.values_list("mailing__message_key", flat=True))
    deliver_groups(clock=at(now))
    for message in OutgoingMessage.objects.filter(last_outcome__in=["permanent", "given_up", "unreached"]):
        if message.key not in before:
            words = message.attempts.order_by("-number")[0].words
            take_failure(message_key=message.key, words=words, now=now)


def failed_once() -> tuple[int, int]:
    account = an_account()
    accept(account)
    invoice_id = invoice()
    sent()
    return account, invoice_id


def failed_twice() -> tuple[int, int]:
    account, invoice_id = failed_once()
    assert mail_again(now=NEXT_DAY) == 1
    deliver(NEXT_DAY)
    return account, invoice_id


def state(account: int, invoice_id: int) -> DeliveryState:
    told = transmission(scope=only(account), invoice_id=invoice_id)
    assert told is not None
    return told.state


def delivered_at(account: int, invoice_id: int) -> datetime | None:
    told = transmission(scope=only(account), invoice_id=invoice_id)
    assert told is not None
    return told.delivered_at


def test_the_first_refusal_is_on_the_list_at_once_and_the_invoice_is_not_printed() -> None:
    account, invoice_id = failed_once()
    [one] = failures()
    assert (one.invoice_id, one.words, one.next_step, one.tries) == (
        invoice_id, "550 no such user", FailureStep.AGAIN_BY_ITSELF, 1,
    )  # fmt: skip
    assert state(account, invoice_id) is DeliveryState.PERMANENT
    assert paper_waiting().count == 0
    assert failing_accounts(scope=only(account), today=TODAY) == []


def test_a_day_later_it_is_sent_once_more_by_itself_and_no_earlier_and_no_second_time(mailbox: FakeTransport) -> None:
    account, invoice_id = failed_once()
    assert mail_again(now=NEXT_DAY - timedelta(seconds=1)) == 0
    assert mail_again(now=NEXT_DAY) == 1
    assert mail_again(now=NEXT_DAY) == 0
    mailbox.failure = None
    deliver(NEXT_DAY)
    assert [one.number for one in Mailing.objects.order_by("number")] == [1, 2]
    assert len(mailbox.sent) == 1
    assert state(account, invoice_id) is DeliveryState.SENT
    assert failures() == []
    assert [one.settled_as for one in failures(open_only=False)] == ["sent_again"]
    assert broken_promises() == []


def test_after_the_second_refusal_it_goes_on_paper_and_the_customer_is_told_elsewhere() -> None:
    account = an_account(email="anna@poczta.example")
    owner = create_user(
        username="anna", password=PASSWORD, email="inna@poczta.example", full_name="Anna", acting=ACTING, now=NOW
    )
    scope = CustomerScope.whole(acting="tests")
    grant(scope=scope, username="anna", account_number="100001", ground="x", today=TODAY, acting=ACTING, now=NOW)
    assert owner
    accept(account)
    invoice_id = invoice()
    sent()
    mail_again(now=NEXT_DAY)
    deliver(NEXT_DAY)
    assert state(account, invoice_id) is DeliveryState.PAPER_WAITING
    assert paper_waiting().count == 1
    told = OutgoingMessage.objects.filter(kind=MessageKind.E_INVOICE_FAILED)
    assert [(one.recipient, one.context["number"], one.context["address_hint"]) for one in told] == [
        ("inna@poczta.example", "FV/1", "a…@poczta.example")
    ]
    assert failures() == []
    assert broken_promises() == []


def test_whoever_has_the_account_since_is_not_told_of_the_invoice_of_the_one_before() -> None:
    account = an_account()
    accept(account)
    invoice_id = invoice()
    sent()
    end_consents(account_ids=[account], today=TODAY, acting=ACTING, now=NOW)
    create_user(username="ewa", password=PASSWORD, email="ewa@poczta.example", full_name="Ewa", acting=ACTING, now=NOW)
    scope = CustomerScope.whole(acting="tests")
    grant(scope=scope, username="ewa", account_number="100001", ground="x", today=TODAY, acting=ACTING, now=NOW)
    accept(account, "ewa@poczta.example")
    mail_again(now=NEXT_DAY)
    deliver(NEXT_DAY)
    assert state(account, invoice_id) is DeliveryState.PAPER_WAITING
    assert not OutgoingMessage.objects.filter(recipient="ewa@poczta.example").exists()


def test_what_came_back_was_delivered_to_nobody(mailbox: FakeTransport) -> None:
    account = an_account()
    accept(account)
    invoice_id = invoice()
    mailbox.failure = None
    sent()
    assert delivered_at(account, invoice_id) == NOW
    key = Mailing.objects.get().message_key
    bounce = notice(POSTFIX, key=key, recipient="anna@poczta.example")
    take_bounces(files=iter(files([("zwrot.eml", bounce)])), acting=ACTING, now=NOW)
    take_failure(message_key=key, words="550", now=NOW)
    assert (state(account, invoice_id), delivered_at(account, invoice_id)) == (DeliveryState.PERMANENT, None)
    mail_again(now=NEXT_DAY)
    deliver(NEXT_DAY)
    assert (state(account, invoice_id), delivered_at(account, invoice_id)) == (DeliveryState.SENT, NEXT_DAY)


@pytest.mark.django_db(transaction=True)
def test_two_of_the_office_who_deal_with_one_failure_at_once_never_meet_in_the_middle() -> None:
    account, invoice_id = failed_once()
    [one] = failures()
    assert one.failure_id is not None
    with beside() as start:
        with transaction.atomic():
            settle_failure(failure_id=one.failure_id, acting=ACTING, now=NOW)
            other = start(lambda: send_on_paper(invoice_id=invoice_id, acting=ACTING, now=NOW))
            until_it_waits(other)
        other.result()
    assert state(account, invoice_id) is DeliveryState.PAPER_WAITING
    assert [each.settled_as for each in failures(open_only=False)] == ["office"]


def test_later_invoices_go_on_paper_until_an_address_is_confirmed_anew() -> None:
    account, _ = failed_twice()
    assert [one.address for one in failing_accounts(scope=only(account), today=TODAY)] == ["anna@poczta.example"]
    assert failing_accounts(scope=only(account + 1), today=TODAY) == []
    later = invoice("FV/2")
    row = InvoiceTransmission.objects.get(invoice_id=later)
    assert (row.channel, row.reason, row.carried_by) == (Channel.PAPER, WayReason.ADDRESS_FAILS, Carrier.EBOK)
    change(account, "nowa@poczta.example")
    assert failing_accounts(scope=only(account), today=TODAY) == []
    assert InvoiceTransmission.objects.get(invoice_id=invoice("FV/3")).channel == Channel.EMAIL


def test_the_same_address_given_anew_counts_again() -> None:
    account, _ = failed_twice()
    withdraw(account)
    accept(account, today=ISSUED)
    assert InvoiceTransmission.objects.get(invoice_id=invoice("FV/2")).channel == Channel.EMAIL


def test_an_address_changed_in_between_gets_the_second_mail(mailbox: FakeTransport) -> None:
    account, _ = failed_once()
    change(account, "nowa@poczta.example")
    mailbox.failure = None
    mail_again(now=NEXT_DAY)
    deliver(NEXT_DAY)
    assert [one.recipient for one in mailbox.sent] == ["nowa@poczta.example"]


def test_what_was_tried_in_vain_for_three_days_goes_on_paper_at_once(mailbox: FakeTransport) -> None:
    mailbox.failure = DeliveryFailed(FailureKind.TEMPORARY, "451 later")
    accept(an_account())
    invoice()
    sent()
    moment = NOW
    for _ in range(12):
        moment += timedelta(hours=24)
        deliver(moment)
    assert MailFailure.objects.get().final
    assert PaperFallback.objects.count() == 1


def test_a_mail_server_that_is_away_for_three_days_is_held_against_no_address(mailbox: FakeTransport) -> None:
    mailbox.failure = CarrierDown("Connection refused")
    account = an_account()
    accept(account)
    first = invoice()
    sent()
    for day in range(1, 13):
        deliver(NOW + timedelta(days=day))
    assert not MailFailure.objects.get().final
    assert PaperFallback.objects.get().transmission_id == first
    assert failing_accounts(scope=only(account), today=TODAY) == []
    assert not OutgoingMessage.objects.filter(kind=MessageKind.E_INVOICE_FAILED).exists()
    assert mail_again(now=NOW + timedelta(days=20)) == 0
    assert InvoiceTransmission.objects.get(invoice_id=invoice("FV/2")).channel == Channel.EMAIL


def test_a_copy_for_ksef_that_met_no_mail_server_for_three_days_is_sent_again(mailbox: FakeTransport) -> None:
    mailbox.failure = CarrierDown("Connection refused")
    accept(an_account())
    content = fa3("FV/1", issued=ISSUED, nip="1111111111")
    take(content)
    import_receipts(files=iter(files([("upo.xml", upo("FV/1", content))])), acting=ACTING, now=NOW)
    sent()
    for day in range(1, 13):
        deliver(NOW + timedelta(days=day))
    assert [one.next_step for one in failures()] == [FailureStep.AGAIN_BY_ITSELF]
    mailbox.failure = None
    assert mail_again(now=NOW + timedelta(days=20)) == 1
    deliver(NOW + timedelta(days=20))
    assert (len(mailbox.sent), PaperFallback.objects.count()) == (1, 0)


def test_where_the_billing_system_prints_it_falls_back_to_paper_from_there(settings: Settings) -> None:
    settings.EBOK_PRINT = "billing"
    account, invoice_id = failed_twice()
    assert PaperFallback.objects.get().transmission_id == invoice_id
    assert state(account, invoice_id) is DeliveryState.BILLING_PRINTS
    assert (failures(), paper_waiting().count, broken_promises()) == ([], 0, [])


def test_where_the_billing_system_prints_the_office_puts_it_on_paper_too(settings: Settings) -> None:
    settings.EBOK_PRINT = "billing"
    account, invoice_id = failed_once()
    send_on_paper(invoice_id=invoice_id, acting=ACTING, now=NOW)
    assert state(account, invoice_id) is DeliveryState.BILLING_PRINTS
    refused(FailureRefusal.ON_PAPER, send_on_paper, invoice_id=invoice_id)


def test_of_a_copy_for_ksef_nothing_is_printed() -> None:
    accept(an_account())
    content = fa3("FV/1", issued=ISSUED, nip="1111111111")
    [invoice_id] = take(content)
    import_receipts(files=iter(files([("upo.xml", upo("FV/1", content))])), acting=ACTING, now=NOW)
    sent()
    mail_again(now=NEXT_DAY)
    deliver(NEXT_DAY)
    assert (PaperFallback.objects.count(), count_failures()) == (0, 1)
    assert failures()[0].copy_only
    refused(FailureRefusal.ONLY_A_COPY, send_on_paper, invoice_id=invoice_id)


def test_the_job_hears_of_it_once_and_of_other_messages_not_at_all() -> None:
    failed_once()
    key = Mailing.objects.get().message_key
    take_failed_delivery(FailedDelivery(message_key=str(key), words="again"))
    take_failed_delivery(FailedDelivery(message_key=str(uuid4()), words="none of ours"))
    assert MailFailure.objects.count() == 1


def test_the_office_sends_again_at_once(mailbox: FakeTransport) -> None:
    account, invoice_id = failed_once()
    mailbox.failure = None
    send_again(invoice_id=invoice_id, acting=ACTING, now=NOW)
    refused(FailureRefusal.NOTHING_FAILED, send_again, invoice_id=invoice_id)
    assert mail_again(now=NEXT_DAY) == 0
    deliver(NOW)
    assert (len(mailbox.sent), state(account, invoice_id)) == (1, DeliveryState.SENT)
    assert AuditRow.objects.get(action="einvoicing.send_again").account_id == account
    assert broken_promises() == []


def test_the_office_puts_it_on_paper_and_nothing_is_mailed_any_more() -> None:
    account, invoice_id = failed_once()
    send_on_paper(invoice_id=invoice_id, acting=ACTING, now=NOW)
    assert state(account, invoice_id) is DeliveryState.PAPER_WAITING
    assert mail_again(now=NEXT_DAY) == 0
    refused(FailureRefusal.ON_PAPER, send_again, invoice_id=invoice_id)
    refused(FailureRefusal.ON_PAPER, send_on_paper, invoice_id=invoice_id)
    refused(FailureRefusal.NO_SUCH, send_again, invoice_id=invoice_id + 1)
    assert broken_promises() == []


def test_the_office_settles_a_failure_and_nothing_is_sent_again_by_itself() -> None:
    failed_once()
    [one] = failures()
    assert one.failure_id is not None
    settle_failure(failure_id=one.failure_id, acting=ACTING, now=NOW)
    refused(FailureRefusal.ALREADY_SETTLED, settle_failure, failure_id=one.failure_id)
    refused(FailureRefusal.NO_SUCH, settle_failure, failure_id=one.failure_id + 1)
    assert (failures(), mail_again(now=NEXT_DAY)) == ([], 0)


def test_what_could_not_be_made_a_message_waits_for_the_next_run_or_goes_on_paper() -> None:
    account = an_account()
    accept(account)
    first, second = invoice("FV/1"), invoice("FV/2")
    Sending.objects.update(state="stuck", stuck_at=NOW, words="żle")
    send_again(invoice_id=first, acting=ACTING, now=NOW)
    send_on_paper(invoice_id=second, acting=ACTING, now=NOW)
    assert [state(account, one) for one in (first, second)] == [DeliveryState.WAITING, DeliveryState.PAPER_WAITING]
    assert failures() == []


def refused(reason: FailureRefusal, call: Callable[..., None], **asked: int) -> None:
    with pytest.raises(UnableToDealWithFailure) as told:
        call(**asked, acting=ACTING, now=NOW)
    assert told.value.reason is reason
