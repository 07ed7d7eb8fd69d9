"""Which account a movement belongs to, or why it waits for a person. Pure rules over facts looked up before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ebok.billing.domain.ledger import SAME_PAYMENT_DAYS
from ebok.payments.domain.statements import Movement
from ebok.payments.domain.titles import numbers_in

HOLD_WINDOW: Final = timedelta(days=SAME_PAYMENT_DAYS)


class MatchedBy(StrEnum):
    """What told whose payment it is."""

    VIRTUAL_ACCOUNT = "virtual_account"
    COLLECT_ID = "collect_id"
    TITLE = "title"
    REVERSAL = "reversal"


class UnmatchedReason(StrEnum):
    """Why a movement is booked to no account."""

    UNKNOWN_PAYER = "unknown_payer"
    CONTRADICTORY = "contradictory"
    ALREADY_ON_INVOICE = "already_on_invoice"
    PAID_OUT = "paid_out"
    RETURNED_TO_US = "returned_to_us"
    UNKNOWN_REVERSAL = "unknown_reversal"
    REVERSES_WAITING = "reverses_waiting"
    NO_MONEY = "no_money"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What a credit says about whose it is; `nrbs` in order of trust."""

    nrbs: tuple[str, ...]
    counterparty_nrb: str
    collect_id: str
    invoices: tuple[str, ...]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Account ids by payment account, collect id, account number and invoice number; shared ones are left out."""

    by_nrb: Mapping[str, int] = field(default_factory=dict)
    by_collect_id: Mapping[str, int] = field(default_factory=dict)
    by_number: Mapping[str, int] = field(default_factory=dict)
    by_invoice: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The account a credit belongs to and the invoices of that account it names."""

    account_id: int
    by: MatchedBy
    settles_first: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePayment:
    """A payment the ledger has because an invoice said it was paid; `amount` positive, in złoty."""

    entry_id: int
    amount: Decimal
    booked_on: date


def is_credit(movement: Movement) -> bool:
    """Say whether a movement is money somebody paid in."""
    return movement.amount > 0 and not movement.reversal


def is_taken_back(movement: Movement) -> bool:
    """Say whether a movement takes back an earlier credit."""
    return movement.amount < 0 and movement.reversal


def reason_to_wait(movement: Movement) -> UnmatchedReason:
    """Say why a movement that is neither a credit nor a credit taken back goes to no account."""
    if movement.amount == 0:
        return UnmatchedReason.NO_MONEY
    return UnmatchedReason.RETURNED_TO_US if movement.amount > 0 else UnmatchedReason.PAID_OUT


def clues_of(movement: Movement) -> Clues:
    """Gather what a credit says about whose it is."""
    numbers = numbers_in(movement.title)
    return Clues(
        nrbs=movement.accounts_mentioned,
        counterparty_nrb=movement.counterparty_nrb,
        collect_id=movement.collect_id,
        invoices=numbers.invoices,
        accounts=numbers.accounts,
    )


def find_account(*, clues: Clues, knowledge: Knowledge) -> Match | UnmatchedReason:
    """Find the one account a credit belongs to.

    The bank's own identification first: the virtual account paid to, or the collect id; only then the
    account and invoice numbers of the title. Clues of one rank that disagree leave it to a person.
    """
    nrbs = _found(knowledge.by_nrb, clues.nrbs) or _found(knowledge.by_nrb, (clues.counterparty_nrb,))
    collected = _found(knowledge.by_collect_id, (clues.collect_id,))
    invoices = _found(knowledge.by_invoice, clues.invoices)
    numbers = _found(knowledge.by_number, (a for a in clues.accounts if a not in invoices))
    by = MatchedBy.VIRTUAL_ACCOUNT if nrbs else MatchedBy.COLLECT_ID if collected else MatchedBy.TITLE
    accounts = {*nrbs.values(), *collected.values()} or {*numbers.values(), *invoices.values()}
    if not accounts:
        return UnmatchedReason.UNKNOWN_PAYER
    if len(accounts) > 1:
        return UnmatchedReason.CONTRADICTORY
    account = accounts.pop()
    return Match(account_id=account, by=by, settles_first=tuple(n for n, a in invoices.items() if a == account))


def _found(known: Mapping[str, int], values: Iterable[str]) -> dict[str, int]:
    return {value: known[value] for value in values if value in known}


def answered_payment(
    *, amount: Decimal, booked_on: date, payments: Iterable[InvoicePayment], answered: frozenset[int]
) -> InvoicePayment | None:
    """Return the payment an invoice already told of that this credit is, nearest in time, or None.

    `Zaplacono` of an FA(3) invoice and the statement tell of one payment: equal sums within 7 days are
    held for a person rather than booked twice.
    """
    near = [
        p
        for p in payments
        if p.amount == amount and p.entry_id not in answered and abs(p.booked_on - booked_on) <= HOLD_WINDOW
    ]
    return min(near, key=lambda p: (abs(p.booked_on - booked_on), p.entry_id), default=None)
