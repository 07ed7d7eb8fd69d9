"""Balances, statements and payments of accounts."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Sum, When

from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.domain.overview import (
    AccountBalance,
    AmountDue,
    BalanceCheck,
    BookedPayment,
    Freshness,
    StatementLine,
    StatementPage,
)
from ebok.billing.models import BalanceComparison, Invoice, LedgerEntry, OpenItem
from ebok.billing.queries.cursors import read_cursor, write_cursor
from ebok.customers.domain import CustomerScope
from ebok.foundation.lookups import among
from ebok.kernel.money import ZERO


def balances(
    *, scope: CustomerScope, today: date, account_ids: Iterable[int] | None = None
) -> dict[int, AccountBalance]:
    """The balance of every account in scope that has entries, in two queries; see `AccountBalance`.

    An account without entries is left out: its balance is zero.
    """
    entries, open_items = LedgerEntry.objects.in_scope(scope), OpenItem.objects.in_scope(scope).filter(remaining__gt=0)
    if account_ids is not None:
        wanted = list(account_ids)
        entries, open_items = entries.filter(account_id__in=wanted), open_items.filter(account_id__in=wanted)
    sums = dict(entries.values_list("account_id").annotate(balance=Sum("amount")).order_by())
    late, due = _owed(open_items, today)
    return {
        account: AccountBalance(
            account_id=account, balance=balance, overdue=late.get(account, ZERO), next_due=due.get(account)
        )
        for account, balance in sums.items()
    }


def _owed(open_items: QuerySet[OpenItem], today: date) -> tuple[dict[int, Decimal], dict[int, AmountDue]]:
    """What is overdue by account, and what is due next: one row for all that is late, one for each later day."""
    days = open_items.annotate(day=Case(When(due_on__gte=today, then="due_on"), default=None))
    sums = days.values_list("account_id", "day").annotate(amount=Sum("remaining"))
    late: dict[int, Decimal] = {}
    due: dict[int, AmountDue] = {}
    for account, day, amount in sums.order_by("account_id", F("day").asc(nulls_first=True)):
        if day is None:
            late[account] = amount
        else:
            due.setdefault(account, AmountDue(amount=amount, on=day))
    return late, due


def statement_of_account(
    *, scope: CustomerScope, account_id: int, cursor: str = "", limit: int = 50, year: int | None = None
) -> StatementPage:
    """The account as a running sum, newest entry first; the balance of each line counts every entry before it.

    An account that is not in scope has no lines. A cursor that is none of ours starts from the newest.
    """
    entries = LedgerEntry.objects.in_scope(scope.narrowed(account_id))
    at = read_cursor(cursor)
    rows = entries if year is None else entries.filter(booked_on__range=(date(year, 1, 1), date(year, 12, 31)))
    if at is not None:
        rows = rows.filter(Q(booked_on__lt=at.day) | Q(booked_on=at.day, id__lt=at.id))
    found = list(rows.order_by("-booked_on", "-id")[: limit + 1])
    lines = _with_running_sum(found[:limit], entries)
    more = len(found) > limit
    return StatementPage(lines=lines, next_cursor=write_cursor(lines[-1].booked_on, lines[-1].id) if more else "")


def _with_running_sum(rows: list[LedgerEntry], entries: QuerySet[LedgerEntry]) -> tuple[StatementLine, ...]:
    if not rows:
        return ()
    first = rows[0]
    up_to_first = Q(booked_on__lt=first.booked_on) | Q(booked_on=first.booked_on, id__lte=first.pk)
    balance = entries.filter(up_to_first).aggregate(sum=Sum("amount"))["sum"] or ZERO
    lines = []
    for row in rows:
        lines.append(_line(row, balance))
        balance -= row.amount
    return tuple(lines)


def _line(row: LedgerEntry, balance: Decimal) -> StatementLine:
    return StatementLine(
        id=row.pk,
        account_id=row.account_id,
        booked_on=row.booked_on,
        kind=EntryKind(row.kind),
        amount=row.amount,
        balance=balance,
        document_number=row.document_number,
        title=row.title,
        invoice_id=row.invoice_id,
        due_on=row.due_on,
    )


def last_payments(*, scope: CustomerScope, limit: int = 5) -> tuple[BookedPayment, ...]:
    """The newest payments in scope that were not reversed."""
    rows = LedgerEntry.objects.in_scope(scope).filter(kind=EntryKind.PAYMENT.value, reversals__isnull=True)
    return tuple(_payment(row) for row in rows.order_by("-booked_on", "-id")[:limit])


def payments_told_by_invoices(
    *, scope: CustomerScope, account_ids: Iterable[int], since: date, until: date
) -> tuple[BookedPayment, ...]:
    """Payments posted because an invoice states them, of these accounts, booked on `since`..`until` inclusive.

    An equal credit on a statement near one of them may be the same money: it is held for a person rather
    than booked twice. The caller leaves out those it has held a credit for already.
    """
    rows = LedgerEntry.objects.in_scope(scope).filter(
        among("account_id", account_ids),
        kind=EntryKind.PAYMENT.value,
        source=EntrySource.INVOICE.value,
        booked_on__range=(since, until),
    )
    return tuple(_payment(row) for row in rows.order_by("booked_on", "id"))


def entries_by_external_id(*, source: EntrySource, external_ids: Iterable[str]) -> dict[str, Posting]:
    """What was posted under these external ids of one source, as it was asked to be posted."""
    rows = LedgerEntry.objects.filter(among("external_id", external_ids), source=source.value)
    return {row.external_id: _posting(row) for row in rows}


def _posting(row: LedgerEntry) -> Posting:
    return Posting(
        account_id=row.account_id,
        kind=EntryKind(row.kind),
        source=EntrySource(row.source),
        external_id=row.external_id,
        amount=row.amount,
        booked_on=row.booked_on,
        due_on=row.due_on,
        invoice_id=row.invoice_id,
        document_number=row.document_number,
        title=row.title,
        settles_first=tuple(row.settles_first),
        reverses=row.reverses_id,
    )


def _payment(row: LedgerEntry) -> BookedPayment:
    return BookedPayment(entry_id=row.pk, account_id=row.account_id, booked_on=row.booked_on, amount=-row.amount)


def balance_checks(*, scope: CustomerScope) -> dict[int, BalanceCheck]:
    """The comparison of the newest day, of each account in scope that was ever compared."""
    rows = BalanceComparison.objects.in_scope(scope).order_by("account_id", "-as_of", "-id").distinct("account_id")
    return {
        row.account_id: BalanceCheck(
            account_id=row.account_id, as_of=row.as_of, theirs=row.theirs, ours=row.ours, compared_at=row.compared_at
        )
        for row in rows
    }


def freshness() -> Freshness:
    """When the newest invoice came in, whoever's it is."""
    return Freshness(invoices=Invoice.objects.order_by("-id").values_list("imported_at", flat=True).first())
