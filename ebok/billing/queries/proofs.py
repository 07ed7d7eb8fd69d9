"""Proves what the ledger promises, from the rows alone."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Final

from django.db.models import Count, F, Q, Sum

from ebok.billing.domain.ledger import CONTRA, EntryKind
from ebok.billing.domain.overview import BrokenPromise, Promise
from ebok.billing.domain.settlement import AccountSettlement
from ebok.billing.models import Allocation, Invoice, LedgerEntry, OpenItem
from ebok.billing.queries.items import items_of
from ebok.customers.domain import CustomerScope
from ebok.foundation.insert_only import unguarded_tables
from ebok.kernel.money import ZERO

NAMED_AT_MOST: Final = 20
ACCOUNTS_AT_ONCE: Final = 500
ROWS_AT_ONCE: Final = 2_000
Pairs = dict[tuple[int, int], Decimal]


def broken_promises() -> list[BrokenPromise]:
    """Every promise of the ledger that does not hold: I1 to I4, I6, I7. Empty when all do.

    Replays every account from its first entry; memory does not grow with the ledger.
    """
    checks = (_contra_accounts, _guards, _invoices_posted, _once, _replayed, _totals)
    return [broken for check in checks for broken in islice(check(), NAMED_AT_MOST)]


def count_entries(*, source: str) -> int:
    """How many entries came from this source."""
    return LedgerEntry.objects.filter(source=source).count()


def count_invoices() -> int:
    """How many invoices are here."""
    return Invoice.objects.count()


def _contra_accounts() -> Iterator[BrokenPromise]:
    right = Q(pk__in=[])
    for kind, contra in CONTRA.items():
        right |= Q(kind=kind.value, contra=contra.value)
    for entry in LedgerEntry.objects.exclude(right).values_list("id", flat=True):
        yield BrokenPromise(promise=Promise.I1, what=f"wpis {entry}: konto przeciwstawne nie pasuje do rodzaju")


def _guards() -> Iterator[BrokenPromise]:
    for table, trigger in unguarded_tables():
        yield BrokenPromise(promise=Promise.I2, what=f"tabela {table}: wyzwalacz {trigger} jest wyłączony")


def _invoices_posted() -> Iterator[BrokenPromise]:
    """Each invoice has one entry, of its account and its gross total."""
    kinds = Q(entries__kind__in=[EntryKind.INVOICE.value, EntryKind.CORRECTION.value])
    right = Q(entries__amount=F("gross_total"), entries__account=F("account"))
    counted = Invoice.objects.annotate(
        posted=Count("entries", filter=kinds), right=Count("entries", filter=kinds & right)
    )
    for number in counted.exclude(posted=1, right=1).values_list("number", flat=True):
        yield BrokenPromise(promise=Promise.I3, what=f"faktura {number}: wpis nie odpowiada fakturze")


def _once() -> Iterator[BrokenPromise]:
    doubled = LedgerEntry.objects.values("source", "external_id").annotate(times=Count("id")).filter(times__gt=1)
    for row in doubled.order_by():
        yield BrokenPromise(promise=Promise.I4, what=f"{row['source']} {row['external_id']}: wpisów {row['times']}")


def _totals() -> Iterator[BrokenPromise]:
    columns = ("number", "net_total", "vat_total", "gross_total", "content__vat_totals")
    for number, net, vat, gross, groups in Invoice.objects.values_list(*columns).iterator(chunk_size=ROWS_AT_ONCE):
        nets = sum((Decimal(g["net"]) for g in groups or ()), ZERO)
        vats = sum((Decimal(g["vat"]) for g in groups or ()), ZERO)
        if (nets, vats, nets + vats) != (net, vat, gross):
            yield BrokenPromise(promise=Promise.I7, what=f"faktura {number}: suma netto i VAT nie daje kwoty brutto")


def _replayed() -> Iterator[BrokenPromise]:
    """What is open and what settles what is just what posting the entries again, one by one, gives."""
    last = 0
    while accounts := _accounts_after(last):
        last = accounts[-1]
        scope = CustomerScope.for_accounts(frozenset(accounts), reason="check_ledger")
        open_items, pairs = _open_items(scope), _pairs(accounts)
        for account, ledger in _replay(scope).items():
            yield from _compare(account, ledger, open_items.pop(account, {}), pairs.pop(account, {}))
        for account in open_items.keys() | pairs.keys():
            yield BrokenPromise(promise=Promise.I3, what=f"konto {account}: rozliczenia bez wpisów")


def _accounts_after(last: int) -> list[int]:
    ids = LedgerEntry.objects.filter(account_id__gt=last).order_by("account_id").values_list("account_id", flat=True)
    return list(ids.distinct()[:ACCOUNTS_AT_ONCE])


def _replay(scope: CustomerScope) -> dict[int, AccountSettlement]:
    ledgers: dict[int, AccountSettlement] = {}
    for account, item in items_of(LedgerEntry.objects.in_scope(scope).order_by("id")):
        ledgers.setdefault(account, AccountSettlement()).add(item)
    return ledgers


def _open_items(scope: CustomerScope) -> dict[int, dict[int, Decimal]]:
    found: dict[int, dict[int, Decimal]] = {}
    for account, entry, left in OpenItem.objects.in_scope(scope).values_list("account_id", "entry_id", "remaining"):
        found.setdefault(account, {})[entry] = left
    return found


def _pairs(accounts: list[int]) -> dict[int, Pairs]:
    found: dict[int, Pairs] = {}
    rows = Allocation.objects.filter(credit__account_id__in=accounts)
    sums = rows.values_list("credit__account_id", "credit_id", "charge_id").annotate(net=Sum("amount")).order_by()
    for account, credit, charge, net in sums:
        if net:
            found.setdefault(account, {})[credit, charge] = net
    return found


def _compare(
    account: int, ledger: AccountSettlement, open_items: dict[int, Decimal], pairs: Pairs
) -> Iterator[BrokenPromise]:
    replayed: Pairs = {}
    for a in ledger.allocations:
        replayed[a.credit, a.charge] = replayed.get((a.credit, a.charge), ZERO) + a.amount
    if {pair: net for pair, net in replayed.items() if net} != pairs:
        yield BrokenPromise(promise=Promise.I6, what=f"konto {account}: zaliczenia wpłat nie wynikają z wpisów")
    if ledger.remaining != open_items:
        yield BrokenPromise(promise=Promise.I3, what=f"konto {account}: otwarte pozycje nie wynikają z wpisów")
    used: dict[int, Decimal] = {}
    for (credit, charge), net in pairs.items():
        used[credit], used[charge] = used.get(credit, ZERO) + net, used.get(charge, ZERO) + net
    for entry, amount in used.items():
        if entry not in ledger.items or not 0 <= amount <= abs(ledger.items[entry].amount):
            yield BrokenPromise(promise=Promise.I6, what=f"wpis {entry}: zaliczono więcej, niż wynosi")
