"""Looks up, for a batch of credits, what the rooms below know about the numbers they carry."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from ebok.billing.queries import find_invoices_by_number, payments_told_by_invoices
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import accounts_by_collect_id, accounts_by_number, accounts_by_payment_nrb
from ebok.payments.domain import (
    HOLD_WINDOW,
    Clues,
    InvoicePayment,
    Knowledge,
    Match,
    UnmatchedReason,
    find_account,
)
from ebok.payments.queries import batches


def find_accounts(*, scope: CustomerScope, clues: Sequence[Clues]) -> list[Match | UnmatchedReason]:
    """Return for each credit the account it belongs to, or why none can be told."""
    knowledge = _knowledge(scope, clues)
    return [find_account(clues=c, knowledge=knowledge) for c in clues]


def _knowledge(scope: CustomerScope, clues: Sequence[Clues]) -> Knowledge:
    nrbs = {nrb for c in clues for nrb in (*c.nrbs, c.counterparty_nrb) if nrb}
    collect_ids = {c.collect_id for c in clues if c.collect_id}
    by_nrb = _looked_up(lambda b: accounts_by_payment_nrb(scope=scope, nrbs=b), nrbs)
    by_collect_id = _looked_up(lambda b: accounts_by_collect_id(scope=scope, collect_ids=b), collect_ids)
    unsure = [c for c in clues if not _known_to_bank(c, by_nrb, by_collect_id)]
    numbers = {number for c in unsure for number in c.accounts}
    invoices = {number for c in clues for number in c.invoices}
    return Knowledge(
        by_nrb=by_nrb,
        by_collect_id=by_collect_id,
        by_number=_looked_up(lambda b: accounts_by_number(scope=scope, numbers=b), numbers),
        by_invoice=_looked_up(lambda b: find_invoices_by_number(scope=scope, numbers=b), invoices),
    )


def _known_to_bank(clues: Clues, by_nrb: Mapping[str, int], by_collect_id: Mapping[str, int]) -> bool:
    return clues.collect_id in by_collect_id or any(nrb in by_nrb for nrb in (*clues.nrbs, clues.counterparty_nrb))


def _looked_up(look_up: Callable[[list[str]], Mapping[str, int]], values: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for batch in batches(values):
        found.update(look_up(batch))
    return found


def invoice_payments(
    *, scope: CustomerScope, account_ids: Collection[int], days: Sequence[date]
) -> dict[int, list[InvoicePayment]]:
    """Return the payments invoices told of, by account, near enough to any of these days."""
    found: dict[int, list[InvoicePayment]] = {}
    for batch in batches(account_ids):
        rows = payments_told_by_invoices(
            scope=scope, account_ids=batch, since=min(days) - HOLD_WINDOW, until=max(days) + HOLD_WINDOW
        )
        for row in rows:
            payment = InvoicePayment(entry_id=row.entry_id, amount=row.amount, booked_on=row.booked_on)
            found.setdefault(row.account_id, []).append(payment)
    return found
