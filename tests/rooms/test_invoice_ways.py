"""Every booked invoice has its way, decided with it, by what was accepted on its day."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from ebok.access.models import Grant
from ebok.access.operations import create_user, end_ownership, grant
from ebok.audit.models import AuditRow
from ebok.billing.domain.codec import from_content
from ebok.billing.domain.visualization import amount_asked_for
from ebok.billing.models import Invoice
from ebok.billing.queries import invoice_letters
from ebok.customers.domain import CustomerScope, RegistryRow
from ebok.einvoicing.domain import Carrier, Channel, DeliveryState, WayReason
from ebok.einvoicing.models import FirstOpening, InvoiceTransmission, Sending
from ebok.einvoicing.operations.openings import opened
from ebok.einvoicing.operations.ways import decide_ways, some_are_undecided
from ebok.einvoicing.queries.proofs import broken_promises
from ebok.einvoicing.queries.transmissions import invoice_by_token, transmission, transmissions, waiting_for_number
from ebok.interchange.operations.invoices import book_parked
from ebok.interchange.operations.receipts import import_receipts
from ebok.interchange.operations.registry.holders import change_accounts
from ebok.jobs.tasks import decide_what_is_undecided
from ebok.terms.operations import end_consents
from tests.billing import ACTING, NOW, TODAY, an_account, fa3, files
from tests.einvoicing import ISSUED, accept, invoice, only, take, withdraw
from tests.rooms.test_billing_imports import upo

NIP = "1111111111"
PASSWORD = "zielony traktor liczy gwiazdy"
WHOLE = CustomerScope.whole(acting="tests")
MANY, DECIDING_QUERIES = 30, 10
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _delivers(settings: Settings, tmp_path: Path) -> None:
    settings.EBOK_DOCUMENTS = tmp_path / "documents"
    settings.EBOK_DELIVER_SINCE = TODAY


def way_of(invoice_id: int) -> tuple[str, str, str]:
    row = InvoiceTransmission.objects.get(invoice_id=invoice_id)
    return row.channel, row.reason, row.carried_by


def test_it_is_decided_in_the_transaction_of_booking_with_the_consent_that_proves_it() -> None:
    account = an_account()
    entry = accept(account)
    invoice_id = invoice()
    row = InvoiceTransmission.objects.get()
    assert way_of(invoice_id) == (Channel.EMAIL, WayReason.ACCEPTED, Carrier.EBOK)
    assert (row.consent_id, row.account_id, row.decided_at) == (entry.id, account, NOW)
    assert Sending.objects.get().state == "waiting"
    assert AuditRow.objects.get(action="einvoicing.decide").details == {"email_by_ebok": 1}
    assert broken_promises() == []


def test_the_acceptance_in_force_on_the_day_of_issue_counts() -> None:
    account = an_account()
    before = invoice("FV/0", issued=TODAY)
    accept(account, today=TODAY + timedelta(days=1))
    early, late = invoice("FV/1", issued=TODAY), invoice("FV/2", issued=TODAY + timedelta(days=1))
    withdraw(account, today=TODAY + timedelta(days=2))
    after = invoice("FV/3", issued=TODAY + timedelta(days=2))
    assert [way_of(one)[1] for one in (before, early, late, after)] == [
        WayReason.NOT_ACCEPTED, WayReason.ACCEPTED_LATER, WayReason.ACCEPTED, WayReason.WITHDRAWN,
    ]  # fmt: skip


def test_what_comes_after_the_account_changed_hands_never_goes_to_the_mailbox_of_the_one_before() -> None:
    account = an_account()
    accept(account)
    later = TODAY + timedelta(days=9)
    ended = end_consents(account_ids=[account], today=later, acting=ACTING, now=NOW)
    late = invoice("FV/1", issued=ISSUED)
    accept(account, "nowy@poczta.example", today=later)
    later_still = invoice("FV/2", issued=ISSUED)
    since = invoice("FV/3", issued=later)
    assert ended == 1
    assert [way_of(one)[:2] for one in (late, later_still, since)] == [
        (Channel.PAPER, WayReason.WITHDRAWN),
        (Channel.PAPER, WayReason.ACCEPTED_LATER),
        (Channel.EMAIL, WayReason.ACCEPTED),
    ]


def owns(username: str, *, today: date) -> None:
    create_user(
        username=username, password=PASSWORD, email=f"{username}@poczta.example", full_name="Ewa Nowak", acting=ACTING,
        now=NOW,
    )  # fmt: skip
    grant(scope=WHOLE, username=username, account_number="100001", ground="x", today=today, acting=ACTING, now=NOW)


def test_a_late_bill_and_a_correction_of_the_one_before_go_on_paper_though_the_next_one_accepted() -> None:
    account, handed, after = an_account(), TODAY + timedelta(days=9), NOW + timedelta(days=9)
    owns("anna", today=TODAY)
    end_ownership(
        scope=WHOLE, grant_id=Grant.objects.get().id, ends_on=handed, reason="sprzedaż", today=handed, acting=ACTING,
        now=after,
    )  # fmt: skip
    owns("ewa", today=handed)
    accept(account, "ewa@poczta.example", today=handed)
    day, last = handed + timedelta(days=5), handed - timedelta(days=1)
    ids = take(
        fa3("FV/1", issued=day, period=(TODAY - timedelta(days=30), last)),
        fa3("KOR/1", issued=day, corrects="FV/0", corrected_on=TODAY),
        fa3("FV/2", issued=day, period=(handed, day)),
        fa3("KOR/2", issued=day, corrects="FV/2", corrected_on=day),
        now=after + timedelta(days=9),
    )
    to_anna, to_ewa = (Channel.PAPER, WayReason.NOT_ACCEPTED), (Channel.EMAIL, WayReason.ACCEPTED)
    assert [way_of(one)[:2] for one in ids] == [to_anna, to_anna, to_ewa, to_ewa]
    assert broken_promises() == []


def named(name: str, *, at: datetime) -> None:
    """The registry gives the account to somebody of this name."""
    change_accounts(rows=[RegistryRow(line=1, key="100001", values={"name": name})], acting=ACTING, now=at)


def late_and_own(handed: date) -> list[tuple[str, str]]:
    """The ways of a bill and a correction of the time before that day, and of a bill and a correction of after it."""
    day, last = handed + timedelta(days=5), handed - timedelta(days=1)
    ids = take(
        fa3("FV/1", issued=day, period=(TODAY - timedelta(days=30), last)),
        fa3("KOR/1", issued=day, corrects="FV/0", corrected_on=TODAY),
        fa3("FV/2", issued=day, period=(handed, day)),
        fa3("KOR/2", issued=day, corrects="FV/2", corrected_on=day),
        now=NOW + timedelta(days=40),
    )
    return [way_of(one)[:2] for one in ids]


PAPER, MAIL = (Channel.PAPER, WayReason.NOT_ACCEPTED), (Channel.EMAIL, WayReason.ACCEPTED)


def test_the_same_when_the_registry_alone_named_another_holder_who_had_neither_a_login_nor_a_consent() -> None:
    account, handed = an_account(), TODAY + timedelta(days=9)
    named("Ewa Lis", at=NOW + timedelta(days=9))
    accept(account, "ewa@poczta.example", today=handed)
    assert late_and_own(handed) == [PAPER, PAPER, MAIL, MAIL]
    assert broken_promises() == []


def test_a_new_way_to_write_the_same_name_changes_no_way() -> None:
    account, handed = an_account(), TODAY + timedelta(days=9)
    accept(account, today=TODAY)
    named("ANNA  NOWAK", at=NOW + timedelta(days=9))
    assert late_and_own(handed) == [MAIL, MAIL, MAIL, MAIL]


def test_what_was_accepted_between_the_day_of_the_registry_and_the_end_of_an_ownership_is_not_of_before_either() -> (
    None
):
    account, handed = an_account(), TODAY + timedelta(days=9)
    named("Ewa Lis", at=NOW + timedelta(days=9))
    accept(account, "ewa@poczta.example", today=handed)
    owns("ewa", today=handed)
    end_ownership(
        scope=WHOLE, grant_id=Grant.objects.get().id, ends_on=handed + timedelta(days=20), reason="sprzedaż",
        today=handed + timedelta(days=20), acting=ACTING, now=NOW + timedelta(days=29),
    )  # fmt: skip
    assert late_and_own(handed) == [PAPER, PAPER, MAIL, MAIL]


def test_corrections_and_invoices_that_were_parked_have_their_way_too() -> None:
    first = take(fa3("FV/9", account="900009", issued=ISSUED))
    assert first == []
    accept(an_account("900009"))
    assert book_parked(acting=ACTING, now=NOW) == 1
    correction = invoice("KOR/9", account="900009", corrects="FV/9", net="-10.00")
    assert way_of(correction) == (Channel.EMAIL, WayReason.ACCEPTED, Carrier.EBOK)
    assert InvoiceTransmission.objects.filter(channel="email").count() == 2
    assert broken_promises() == []


def test_what_was_issued_before_is_carried_by_the_billing_system_and_nothing_is_sent(settings: Settings) -> None:
    accept(an_account())
    settings.EBOK_DELIVER_SINCE = ISSUED + timedelta(days=1)
    old = invoice()
    settings.EBOK_DELIVER_SINCE = None
    none_yet = invoice("FV/2")
    assert way_of(old) == way_of(none_yet) == (Channel.EMAIL, WayReason.ACCEPTED, Carrier.BILLING)
    assert not Sending.objects.exists()
    [account] = set(InvoiceTransmission.objects.values_list("account_id", flat=True))
    told = transmission(scope=only(account), invoice_id=old)
    assert told is not None
    assert told.state is DeliveryState.BY_BILLING


def test_a_buyer_with_a_nip_waits_for_the_number_and_has_a_copy_mailed_when_asked_for() -> None:
    account = an_account()
    accept(account)
    content = fa3("FV/1", issued=ISSUED, nip=NIP)
    [invoice_id] = take(content)
    assert way_of(invoice_id) == (Channel.KSEF, WayReason.BUYER_WITH_NIP, Carrier.BILLING)
    assert waiting_for_number(invoice_ids=[invoice_id]) == {invoice_id}
    told = transmission(scope=only(account), invoice_id=invoice_id)
    assert told is not None
    assert (told.state, told.copy_by_email) == (DeliveryState.WAITS_FOR_KSEF, True)
    import_receipts(files=iter(files([("upo.xml", upo("FV/1", content))])), acting=ACTING, now=NOW)
    told = transmission(scope=only(account), invoice_id=invoice_id)
    assert told is not None
    assert told.state is DeliveryState.WAITING
    assert waiting_for_number(invoice_ids=[invoice_id]) == set()


def test_the_same_file_again_decides_nothing_anew_and_a_decision_cannot_be_changed() -> None:
    account = an_account()
    accept(account)
    invoice_id = invoice()
    withdraw(account, today=ISSUED)
    assert take(fa3("FV/1", issued=ISSUED, due=ISSUED + timedelta(days=14))) == []
    decide_ways(invoice_ids=[invoice_id], acting=ACTING, now=NOW)
    assert way_of(invoice_id) == (Channel.EMAIL, WayReason.ACCEPTED, Carrier.EBOK)
    with pytest.raises(DatabaseError), transaction.atomic():
        InvoiceTransmission.objects.update(channel="paper", reason="not_accepted")


def test_many_are_decided_by_as_many_queries_as_one(
    django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = [an_account(str(200_001 + place)) for place in range(MANY)]
    for account in accounts:
        accept(account)
    with monkeypatch.context() as patch:
        patch.setattr("ebok.interchange.operations.invoices.taking.decide_ways", lambda **_: None)
        ids = take(*(fa3(f"FV/{place}", account=str(200_001 + place), issued=ISSUED) for place in range(MANY)))
    with django_assert_max_num_queries(DECIDING_QUERIES):
        decide_ways(invoice_ids=ids, acting=ACTING, now=NOW)
    assert InvoiceTransmission.objects.count() == MANY
    with django_assert_max_num_queries(8):
        assert len(transmissions(scope=only(*accounts), invoice_ids=ids)) == MANY


def test_invoices_of_before_are_decided_by_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    account = an_account()
    with monkeypatch.context() as patch:
        for place in ("taking", "parking"):
            patch.setattr(f"ebok.interchange.operations.invoices.{place}.decide_ways", lambda **_: None)
        invoice_id = invoice(issued=date(2025, 1, 1))
    assert some_are_undecided()
    assert [one.what for one in broken_promises()] == ["bez wyboru drogi: 1"]
    assert transmission(scope=only(account), invoice_id=invoice_id) is None
    decide_what_is_undecided(0)
    decide_what_is_undecided(0)
    assert way_of(invoice_id) == (Channel.PAPER, WayReason.NOT_ACCEPTED, Carrier.BILLING)
    assert not some_are_undecided()


def test_a_stranger_is_told_nothing_and_a_token_leads_to_its_invoice_alone() -> None:
    mine, theirs = an_account(), an_account("100002")
    invoice_id = invoice()
    assert transmission(scope=only(theirs), invoice_id=invoice_id) is None
    told = transmission(scope=only(mine), invoice_id=invoice_id)
    assert told is not None
    assert invoice_by_token(token=told.token) == invoice_id
    assert invoice_by_token(token="0" * 26) is None


def test_an_opening_is_noted_once() -> None:
    an_account()
    invoice_id = invoice()
    opened(invoice_ids=[invoice_id], now=NOW)
    opened(invoice_ids=[invoice_id], now=NOW + timedelta(days=1))
    assert FirstOpening.objects.get().opened_at == NOW


def test_a_letter_asks_for_what_the_invoice_asks_for() -> None:
    an_account()
    ids = take(
        fa3("FV/1"), fa3("FV/2", paid=TODAY), fa3("KOR/1", corrects="FV/1", net="-10.00"), fa3("FV/3", due=TODAY)
    )
    letters = invoice_letters(invoice_ids=ids)
    for row in Invoice.objects.all():
        assert letters[row.id].to_pay == amount_asked_for(from_content(row.content))
    assert [letters[one].corrects for one in ids] == [(), (), ("FV/1",), ()]
