"""Statements and invoices at the same moment, on two real connections: a payment is booked once, nobody deadlocks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from ebok.billing.domain.codec import to_json
from ebok.billing.domain.invoices import facts_of
from ebok.billing.domain.ledger import InvoiceToIssue
from ebok.billing.models import Invoice, LedgerEntry, PaidByStatement
from ebok.billing.operations import issue_invoices, lock_accounts
from ebok.billing.queries import broken_promises
from ebok.customers.models import CustomerAccount
from ebok.foundation.intake import SourceFile
from ebok.foundation.ports import adapter
from ebok.interchange.operations.statements import import_statements, match_waiting_payments
from ebok.interchange.ports import InvoiceReader
from ebok.payments.models import MatchedMovement, UnmatchedMovement
from tests.billing import ACTING, NOW, an_account, fa3
from tests.concurrency import beside, until_it_waits
from tests.statements import DAY, OWN, Line, mt940, nrb_of

pytestmark = pytest.mark.django_db(transaction=True)
GROSS = Decimal("108.00")
Booker = Callable[[], object]


@pytest.fixture(autouse=True)
def own_account(settings: Settings) -> None:
    settings.EBOK_UTILITY = replace(settings.EBOK_UTILITY, ibans=(OWN,))


@pytest.fixture
def first() -> int:
    return an_account("100001", payment_nrb=nrb_of(1, prefix="9001"))


@pytest.fixture
def second(first: int) -> int:
    return an_account("100002", payment_nrb=nrb_of(2, prefix="9001"))


def paid_by(payer: int, **more: Any) -> Line:
    return replace(Line(amount=GROSS, virtual_nrb=nrb_of(payer, prefix="9001"), reference=f"R{payer}"), **more)


def book(*statements: bytes) -> list[str]:
    """Import one file; returns the codes of what was refused."""
    data = b"".join(statements)
    files = [SourceFile(name="a.sta", size=len(data), open=lambda: BytesIO(data))]
    return [r.refusal.code for r in import_statements(files=files, acting=ACTING, now=NOW).refused]


def issue(*owners: int, paid: date | None = None) -> None:
    """Issue one invoice to each of these accounts, in one transaction."""
    files = [(account, fa3(f"FV/{account}", paid=paid)) for account in owners]
    invoices = [(account, adapter(InvoiceReader).read(data), sha256(data).digest()) for account, data in files]
    to_issue = [
        InvoiceToIssue(account_id=account, facts=facts_of(read), content=to_json(read), xml_sha256=digest)
        for account, read, digest in invoices
    ]
    issue_invoices(invoices=to_issue, acting=ACTING, now=NOW)


def book_statement() -> None:
    assert book(mt940([paid_by(1)])) == []


def match_what_waited() -> None:
    match_waiting_payments(acting=ACTING, now=NOW)


def with_ledgers(*accounts: int) -> None:
    """Give accounts their ledgers, as a first posting does."""
    with transaction.atomic():
        lock_accounts(set(accounts))


def payments() -> list[Decimal]:
    return list(LedgerEntry.objects.filter(kind="payment").values_list("amount", flat=True))


@pytest.mark.parametrize("waited", [False, True], ids=["from a statement", "after waiting"])
def test_a_payment_that_an_invoice_tells_of_meanwhile_is_held(first: int, waited: bool) -> None:
    if waited:
        CustomerAccount.objects.update(payment_nrb="")
        book_statement()
        CustomerAccount.objects.update(payment_nrb=nrb_of(1, prefix="9001"))
    with beside() as start:
        with transaction.atomic():
            issue(first, paid=DAY)
            booking = start(match_what_waited if waited else book_statement)
            until_it_waits(booking)
        booking.result()
    assert payments() == [-GROSS]
    assert UnmatchedMovement.objects.get().reason == "already_on_invoice"
    assert broken_promises() == []


def test_an_invoice_finds_the_payment_that_a_statement_books_meanwhile(first: int) -> None:
    with beside() as start:
        with transaction.atomic():
            book_statement()
            issuing = start(lambda: issue(first, paid=DAY))
            until_it_waits(issuing)
        issuing.result()
    assert payments() == [-GROSS]
    assert PaidByStatement.objects.count() == 1
    assert broken_promises() == []


def two_statements() -> None:
    later = mt940([paid_by(1)], number="2", opening=Decimal("1000.00") + GROSS)
    assert book(mt940([paid_by(2)]), later) == []


def a_credit_and_a_reversal() -> None:
    taken_back = paid_by(1, amount=-GROSS, reversal=True)
    second_day = mt940([paid_by(2), taken_back], number="2", opening=Decimal("1000.00") + GROSS)
    assert book(second_day) == []


@pytest.mark.parametrize("booker", [two_statements, a_credit_and_a_reversal])
def test_a_file_of_several_rounds_and_a_batch_of_invoices_wait_for_each_other_in_order(
    first: int, second: int, booker: Booker
) -> None:
    if booker is a_credit_and_a_reversal:
        book_statement()
    with_ledgers(first, second)
    with beside() as start:
        with transaction.atomic():
            lock_accounts({first})
            issuing = start(lambda: issue(first, second))
            until_it_waits(issuing)
            booking = start(booker)
            until_it_waits(booking, waiting=2)
        issuing.result()
        booking.result()
    assert (Invoice.objects.count(), MatchedMovement.objects.count()) == (2, 2 if booker is two_statements else 3)
    assert broken_promises() == []


def test_a_file_that_a_deadlock_threw_out_is_booked_when_tried_again(first: int, second: int) -> None:
    def patiently() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET deadlock_timeout = '2s'")
        assert book(mt940([paid_by(1), paid_by(2)])) == []

    with_ledgers(first, second)
    with beside() as start:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '1min'")
            lock_accounts({second})
            booking = start(patiently)
            until_it_waits(booking)
            lock_accounts({first})
        booking.result()
    assert payments() == [-GROSS, -GROSS]
