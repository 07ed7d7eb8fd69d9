"""Posting to the ledger in PostgreSQL: once, settled, and never changed afterwards."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ebok.audit.domain import Actor, ActorKind
from ebok.billing.domain.ledger import EntryKind, EntrySource, PostedEntries, Posting
from ebok.billing.models import Allocation, LedgerEntry, OpenItem
from ebok.billing.operations import UnableToPostEntries, post_entries
from ebok.customers.models import CustomerAccount

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACTING = Actor(kind=ActorKind.COMMAND, name="tests")


def an_account(number: str) -> int:
    return CustomerAccount.objects.create(
        number=number, kind="person", name="Anna Nowak", postal_code="05-400", city="Otwock",
        registered_at=NOW, changed_at=NOW,
    ).pk  # fmt: skip


@pytest.fixture
def account() -> int:
    return an_account("100001")


def posting(account: int, external_id: str, amount: str, **more: object) -> Posting:
    kind = EntryKind.OPENING if Decimal(amount) > 0 else EntryKind.PAYMENT
    base = {"kind": kind, "source": EntrySource.BILLING, "booked_on": date(2026, 11, 1)} | more
    return Posting(account_id=account, external_id=external_id, amount=Decimal(amount), **base)


def post(*postings: Posting) -> PostedEntries:
    return post_entries(postings=postings, acting=ACTING, now=NOW)


def open_amounts() -> list[Decimal]:
    return list(OpenItem.objects.order_by("entry_id").values_list("remaining", flat=True))


def test_a_payment_settles_what_is_owed_and_leaves_the_rest_open(account: int) -> None:
    post(posting(account, "o", "100.00"))
    post(posting(account, "p", "-30.00"))
    assert open_amounts() == [Decimal("70.00")]
    assert Allocation.objects.get().amount == Decimal("30.00")


def test_the_same_external_id_is_booked_once_also_within_one_batch(account: int) -> None:
    first = post(posting(account, "o", "100.00"), posting(account, "o", "100.00"))
    again = post(posting(account, "o", "100.00"))
    assert (first.new, again.new) == (1, 0)
    assert first.entry_ids[0] == first.entry_ids[1] == again.entry_ids[0]
    assert LedgerEntry.objects.count() == 1


def test_a_returned_payment_makes_its_charge_due_again(account: int) -> None:
    charge, payment = post(posting(account, "o", "100.00"), posting(account, "p", "-100.00")).entry_ids
    assert open_amounts() == []
    post(posting(account, "r", "100.00", kind=EntryKind.PAYMENT_REVERSAL, reverses=payment))
    assert list(OpenItem.objects.values_list("entry_id", "remaining")) == [(charge, Decimal("100.00"))]


def test_an_entry_of_another_account_cannot_be_reversed(account: int) -> None:
    (payment,) = post(posting(account, "p", "-100.00")).entry_ids
    with pytest.raises(UnableToPostEntries):
        post(posting(an_account("100002"), "r", "100.00", reverses=payment))
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize("table", ["billing_ledgerentry", "billing_allocation"])
@pytest.mark.parametrize("change", ["UPDATE {} SET amount = 1", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_what_is_posted(account: int, table: str, change: str) -> None:
    post(posting(account, "o", "100.00"), posting(account, "p", "-100.00"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
            cursor.execute(change.format(table))


WRONG_ROWS = {
    "a contra account of another kind": (
        "INSERT INTO billing_ledgerentry (account_id, kind, contra, source, external_id, amount, booked_on, posted_at,"
        " document_number, title, settles_first) VALUES (%(other)s, 'payment', 'revenue', 'billing', 'x', -1,"
        " '2026-11-01', now(), '', '', '{}')",
        "ledger_entry_contra_of_kind",
    ),
    "a correction without its invoice": (
        "INSERT INTO billing_ledgerentry (account_id, kind, contra, source, external_id, amount, booked_on, posted_at,"
        " document_number, title, settles_first) VALUES (%(other)s, 'correction', 'revenue', 'invoice', 'x', -1,"
        " '2026-11-01', now(), '', '', '{}')",
        "ledger_entry_of_an_invoice",
    ),
    "a payment that raises what is owed": (
        "INSERT INTO billing_ledgerentry (account_id, kind, contra, source, external_id, amount, booked_on, posted_at,"
        " document_number, title, settles_first) VALUES (%(other)s, 'payment', 'bank', 'billing', 'x', 0,"
        " '2026-11-01', now(), '', '', '{}')",
        "ledger_entry_payment_lowers",
    ),
    "a credit that settles a stranger's charge": (
        "INSERT INTO billing_allocation (credit_id, charge_id, amount, made_at)"
        " VALUES (%(credit)s, %(charge)s, 1, now())",
        "join two accounts",
    ),
    "an open item of a stranger": (
        "UPDATE billing_openitem SET account_id = %(other)s WHERE entry_id = %(charge)s",
        "join two accounts",
    ),
    "an open item put down for a stranger": (
        "WITH gone AS (DELETE FROM billing_openitem WHERE entry_id = %(credit)s RETURNING *)"
        " INSERT INTO billing_openitem (entry_id, account_id, remaining, due_on)"
        " SELECT %(unopened)s, %(account)s, remaining, due_on FROM gone",
        "join two accounts",
    ),
}


@pytest.mark.parametrize(("statement", "why"), WRONG_ROWS.values(), ids=WRONG_ROWS)
def test_the_database_refuses_what_does_not_fit_together(account: int, statement: str, why: str) -> None:
    other = an_account("100002")
    (charge,) = post(posting(account, "o", "100.00")).entry_ids
    post(posting(other, "p", "-30.00"))
    unopened = post(posting(other, "q", "30.00")).entry_ids[0]
    post(posting(other, "r", "-5.00"))
    credit = OpenItem.objects.get(account_id=other).entry_id
    named = {"account": account, "other": other, "charge": charge, "credit": credit, "unopened": unopened}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            cursor.execute(statement, named)


def test_a_batch_takes_as_many_queries_for_one_account_as_for_forty() -> None:
    def queries(accounts: list[int], name: str) -> int:
        batch = [p for a in accounts for p in (posting(a, f"{name}o{a}", "9.00"), posting(a, f"{name}p{a}", "-4.00"))]
        with CaptureQueriesContext(connection) as seen:
            post(*batch)
        return len(seen)

    few, many = [an_account("1")], [an_account(f"2{n}") for n in range(40)]
    queries(few + many, "first")
    assert queries(few, "a") == queries(many, "b")
