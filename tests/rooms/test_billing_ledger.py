"""Posting to the ledger in PostgreSQL: once, settled, and never changed afterwards."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
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


def test_a_batch_takes_as_many_queries_for_one_account_as_for_forty() -> None:
    def queries(accounts: list[int], name: str) -> int:
        batch = [p for a in accounts for p in (posting(a, f"{name}o{a}", "9.00"), posting(a, f"{name}p{a}", "-4.00"))]
        with CaptureQueriesContext(connection) as seen:
            post(*batch)
        return len(seen)

    few, many = [an_account("1")], [an_account(f"2{n}") for n in range(40)]
    queries(few + many, "first")
    assert queries(few, "a") == queries(many, "b")
