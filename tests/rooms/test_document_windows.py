"""Whoever had an account for a time sees the papers of that time: rows seen are the rows inside, for any window."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.audit.queries import deeds, staff_views
from ebok.billing import queries as billing
from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.domain.overview import InvoiceStatus
from ebok.billing.models import BalanceComparison, Invoice, LedgerEntry, OpenItem
from ebok.billing.operations import post_entries
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope, DataField, DocumentWindow
from ebok.customers.models import CustomerAccount, ServicePoint
from ebok.customers.operations import ask_for_data_change
from ebok.foundation import clock
from ebok.kernel.money import money
from ebok.metering import queries as metering
from ebok.metering.domain.readings import ReadingRow
from ebok.metering.models import Meter, MeterInstallation
from ebok.metering.operations.readings import record_readings
from tests.billing import ACTING, NOW, TODAY, an_account, fa3
from tests.portal.customers import book

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 15)
MONTH = timedelta(days=30)
DAYS = st.dates(min_value=date(2025, 12, 1), max_value=date(2027, 1, 15))
SINCE = st.one_of(st.none(), DAYS)
on_one_database = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def issued(month: int) -> date:
    return FIRST + month * MONTH


@pytest.fixture
def papers() -> Iterator[tuple[int, int]]:
    """Two accounts, the first with ten bills, two corrections, payments, comparisons; the second with one bill."""
    account, other = an_account("100001", email="dom@example.com"), an_account("100002")
    bills = [
        (f"{m}.xml", fa3(f"FV/{m}", issued=issued(m), period=(issued(m) - MONTH, issued(m) - timedelta(days=1))))
        for m in range(8)
    ]
    correction = fa3("KOR/1", net="-10.00", issued=issued(5), corrects="FV/2", corrected_on=issued(2))
    later = fa3("KOR/2", net="-5.00", issued=issued(7), corrects="FV/6", corrected_on=issued(6))
    book(*bills, ("x.xml", fa3("FV/X", issued=issued(3), account="100002")), ("k.xml", correction), ("l.xml", later))
    post_entries(postings=[_payment(account, m) for m in range(8)], acting=ACTING, now=NOW)
    for m in range(8):
        BalanceComparison.objects.create(
            account_id=account, as_of=issued(m), theirs=Decimal(m), ours=Decimal(m), compared_at=NOW
        )
    return account, other


def _payment(account: int, month: int) -> Posting:
    return Posting(
        account_id=account, kind=EntryKind.PAYMENT, source=EntrySource.STATEMENT, external_id=f"p{month}",
        amount=-money("50.00"), booked_on=issued(month) + timedelta(days=7), title="za wodę",
    )  # fmt: skip


def scope_of(accounts: tuple[int, int], window: DocumentWindow) -> CustomerScope:
    return CustomerScope.for_accounts(frozenset(accounts), reason="tests", windows={accounts[0]: window})


def own(invoice: Invoice, window: DocumentWindow) -> bool:
    """The rule once more, in plain words: issued inside, not for the time before, no correction of what was before."""
    if not window.covers(invoice.issue_date):
        return False
    since = window.since
    corrected = [one.corrected_issue_date for one in invoice.corrects.all()]
    return since is None or not (
        (invoice.period_end is not None and invoice.period_end <= since) or any(day < since for day in corrected)
    )


@on_one_database
@given(since=SINCE, until=SINCE)
def test_invoices_seen_are_those_inside(papers: tuple[int, int], since: date | None, until: date | None) -> None:
    window = DocumentWindow(since=since, until=until)
    account, other = papers
    scope = scope_of(papers, window)
    inside = {i.id for i in Invoice.objects.filter(account_id=account) if own(i, window)}
    elsewhere = set(Invoice.objects.filter(account_id=other).values_list("id", flat=True))
    page = billing.list_invoices(scope=scope, today=TODAY, limit=100)
    assert {row.id for row in page.rows} == inside | elsewhere
    everything = list(Invoice.objects.values_list("id", flat=True))
    assert set(billing.invoices_by_id(scope=scope, invoice_ids=everything, today=TODAY)) == inside | elsewhere
    numbers = Invoice.objects.values_list("number", flat=True)
    assert len(billing.find_invoices_by_number(scope=scope, numbers=numbers)) == len(inside) + len(elsewhere)
    days = {row.issue_date.year for row in page.rows}
    assert set(billing.invoice_years(scope=scope)) == days
    for invoice_id in everything:
        detail = billing.invoice_detail(scope=scope, invoice_id=invoice_id, today=TODAY)
        assert (detail is not None) == (invoice_id in inside | elsewhere)
        links = [link.id for link in (*detail.corrects, *detail.corrected_by)] if detail else []
        assert {link for link in links if link is not None} <= inside


@on_one_database
@given(since=SINCE, until=SINCE)
def test_entries_seen_are_those_inside(papers: tuple[int, int], since: date | None, until: date | None) -> None:
    window = DocumentWindow(since=since, until=until)
    account, _ = papers
    scope = scope_of(papers, window)
    rows = LedgerEntry.objects.filter(account_id=account).select_related("invoice")
    inside = [row for row in rows if window.covers(row.booked_on) and (row.invoice is None or own(row.invoice, window))]
    ids = {row.id for row in inside}
    page = billing.statement_of_account(scope=scope, account_id=account, limit=100)
    assert {line.id for line in page.lines} == ids
    total = sum((row.amount for row in inside), Decimal(0))
    sums = billing.ledger_sums(scope=scope, account_id=account)
    balance = billing.balances(scope=scope, today=TODAY).get(account)
    assert sums.closing == total == (balance.balance if balance else 0)
    assert set(billing.ledger_years(scope=scope, account_id=account)) == {row.booked_on.year for row in inside}
    open_items = OpenItem.objects.filter(account_id=account)
    seen = set(open_items.in_scope(scope).values_list("entry_id", flat=True))
    assert seen == set(open_items.filter(entry_id__in=ids).values_list("entry_id", flat=True))
    for row in rows:
        detail = billing.entry_detail(scope=scope, entry_id=row.id)
        assert (detail is not None) == (row.id in ids)
        if detail is not None:
            assert {part.entry_id for part in detail.parts} <= ids
            shown = sum((part.amount for part in detail.parts), Decimal(0))
            assert shown + detail.elsewhere + detail.left == abs(detail.amount)


@on_one_database
@given(since=SINCE, until=SINCE)
def test_the_newest_comparison_seen_is_inside(papers: tuple[int, int], since: date | None, until: date | None) -> None:
    window = DocumentWindow(since=since, until=until)
    days = [issued(m) for m in range(8) if window.covers(issued(m))]
    check = billing.balance_checks(scope=scope_of(papers, window)).get(papers[0])
    assert (check.as_of if check else None) == max(days, default=None)


def test_of_an_account_one_had_once_nothing_of_today_is_told(papers: tuple[int, int]) -> None:
    account, other = papers
    scope = scope_of(papers, DocumentWindow(until=issued(4)))
    rows = [row for row in billing.list_invoices(scope=scope, today=TODAY).rows if row.account_id == account]
    assert {(row.status, row.outstanding) for row in rows} == {(InvoiceStatus.NOT_TOLD, Decimal(0))}
    untold = billing.list_invoices(scope=scope, today=TODAY, status=InvoiceStatus.NOT_TOLD).rows
    assert list(untold) == rows
    for status in set(InvoiceStatus) - {InvoiceStatus.NOT_TOLD}:
        found = billing.list_invoices(scope=scope, today=TODAY, status=status).rows
        assert [row for row in found if row.account_id == account] == []
    assert [row.account_id for row in billing.invoices_outstanding(scope=scope, today=TODAY)] == [other]
    corrected = Invoice.objects.get(number="FV/2").id
    detail = billing.invoice_detail(scope=scope, invoice_id=corrected, today=TODAY)
    assert detail is not None
    assert detail.corrected_by == ()


def test_of_an_account_one_had_once_only_its_number_is_left(papers: tuple[int, int]) -> None:
    account, _ = papers
    CustomerAccount.objects.filter(id=account).update(name="Nowy Właściciel", nip="5265877635", street="ul. Nowa")
    scope = scope_of(papers, DocumentWindow(until=TODAY)).narrowed(account)
    (place,) = customers.premises(scope=scope)
    assert (place.number, place.name, place.address.words) == ("100001", "dawne konto", "")
    found = customers.account(scope=scope, account_id=account)
    assert found is not None
    assert (found.name, found.nip, found.email, found.phone, found.address.words) == ("dawne konto", "", "", "", "")
    assert customers.points(scope=scope) == []


@pytest.fixture
def meter() -> tuple[int, MeterInstallation]:
    account, stamps = an_account(), {"registered_at": NOW, "changed_at": NOW}
    point = ServicePoint.objects.create(number="P1", account_id=account, **stamps)
    meter = Meter.objects.create(serial_number="M1", dials=5, **stamps)
    installation = MeterInstallation.objects.create(
        meter=meter, service_point=point, installed_on=FIRST, initial_value=0, role="main",
        removed_on=issued(6), final_value=80, **stamps,
    )  # fmt: skip
    rows = [
        ReadingRow(line=m, meter_id=meter.id, read_on=issued(m), value_m3=Decimal(10 * m), source="reader")
        for m in range(1, 6)
    ]
    record_readings(rows=rows, acting=ACTING, now=NOW)
    return account, installation


@on_one_database
@given(since=SINCE)
def test_readings_seen_are_those_since_one_has_the_account(
    meter: tuple[int, MeterInstallation], since: date | None
) -> None:
    account, installation = meter
    window = DocumentWindow(since=since)
    windows = {account: window}
    scope = CustomerScope.for_accounts(frozenset({account}), reason="tests", windows=windows)
    among = metering.installations(scope=scope)
    assert bool(among) == (since is None or since <= installation.removed_on)
    seen = {row.read_on for row in metering.history(among=among, limit=100)}
    assert seen == {issued(m) for m in range(1, 6) if window.covers(issued(m))}
    known = metering.known_values(among=among, today=TODAY).values()
    assert all(window.covers(reading.read_on) for readings in known for reading in readings)


def test_meters_of_an_account_one_had_once_are_not_there(meter: tuple[int, MeterInstallation]) -> None:
    account, _ = meter
    windows = {account: DocumentWindow(until=TODAY)}
    scope = CustomerScope.for_accounts(frozenset({account}), reason="tests", windows=windows)
    assert metering.installations(scope=scope) == []


@on_one_database
@given(since=SINCE)
def test_requests_and_looks_of_staff_are_seen_since_one_has_the_account(acted_on: int, since: date | None) -> None:
    windows = {acted_on: DocumentWindow(since=since)}
    scope = CustomerScope.for_accounts(frozenset({acted_on}), reason="tests", windows=windows)
    bound = customers.seen_since(scope=scope)
    own_days = {day for day in map(issued, range(4)) if windows[acted_on].covers(day)}
    asked = {one.asked_at.date() for one in customers.data_changes(scope=scope, limit=9)}
    looks = {one.at.date() for one in staff_views(account_ids=[acted_on], limit=9, seen_since=bound)}
    done = {one.at.date() for one in deeds(account_ids=[acted_on], limit=99, seen_since=bound)}
    assert asked == looks == done == own_days


@pytest.fixture
def acted_on() -> int:
    """An account: on each of four days somebody asks for other data, and a clerk looks."""
    account = an_account()
    for noon in (clock.day_start(issued(m)) + timedelta(hours=12) for m in range(4)):
        asked(account, noon, what=DataField.OTHER, scope=_all_of(account))
        fact = AuditFact(action="customer.open", subject="visit:1", account_id=account, reason="rozwód")
        record(facts=[fact], acting=Actor(kind=ActorKind.STAFF, name="7"), now=noon)
    return account


def asked(account: int, at: datetime, *, what: DataField, scope: CustomerScope) -> None:
    who = Actor(kind=ActorKind.USER, name="1")
    ask_for_data_change(
        scope=scope, account_id=account, what=what, wanted="inaczej", why="ślub", asked_by=1, acting=who, now=at
    )


def _all_of(account: int) -> CustomerScope:
    return CustomerScope.for_accounts(frozenset({account}), reason="tests")


def test_what_a_former_holder_asked_for_holds_nobody_else_back() -> None:
    account = an_account()
    asked(account, NOW - MONTH, what=DataField.NAME, scope=_all_of(account))
    windows = {account: DocumentWindow(since=TODAY)}
    scope = CustomerScope.for_accounts(frozenset({account}), reason="tests", windows=windows)
    asked(account, NOW, what=DataField.NAME, scope=scope)
    assert len(customers.data_changes(scope=scope, limit=9)) == 1
