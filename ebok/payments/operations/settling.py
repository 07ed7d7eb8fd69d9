"""Finds the account of each movement and posts it, or parks it with the reason. All lookups are per file or batch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ebok.audit.domain import Actor
from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.operations import lock_accounts, post_entries
from ebok.customers.domain import CustomerScope
from ebok.foundation.bulk import copy_rows
from ebok.payments.domain import (
    Clues,
    EarlierCredit,
    InvoicePayment,
    Match,
    MatchedBy,
    Movement,
    UnmatchedReason,
    answered_payment,
    credit_taken_back,
    is_credit,
    is_taken_back,
    reason_to_wait,
)
from ebok.payments.models import MatchedMovement, UnmatchedMovement
from ebok.payments.operations.knowledge import find_accounts, invoice_payments
from ebok.payments.queries import answered_entries, earlier_credits

MATCHED_COLUMNS = ("movement_id", "account_id", "entry_id", "matched_by", "reverses_id", "matched_at")
UNMATCHED_COLUMNS = ("movement_id", "reason", "answers_entry_id", "reverses_id", "parked_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A movement that is written down and has no outcome yet."""

    movement_id: int
    fingerprint: bytes
    movement: Movement
    clues: Clues


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A movement that goes to an account."""

    pending: Pending
    account_id: int
    by: MatchedBy
    settles_first: tuple[str, ...] = ()
    takes_back: EarlierCredit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parking:
    """A movement that waits for a person."""

    pending: Pending
    reason: UnmatchedReason
    answers_entry_id: int | None = None
    reverses_id: int | None = None


Outcome = Booking | Parking


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenStatement:
    """A statement that is written down, whose movements have no outcome yet."""

    statement_id: int
    own_nrb: str
    pending: Sequence[Pending]


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """What was found for each credit, by movement; the accounts are locked until the transaction ends."""

    found: Mapping[int, Match | UnmatchedReason]


def settle(*, scope: CustomerScope, written: Sequence[WrittenStatement], acting: Actor, now: datetime) -> int:
    """Give each movement of a file its outcome, statement by statement. Returns how many were booked.

    Every account of the file is locked before the first of them is looked at or posted to, so that files
    and invoices lock in one order, and an invoice telling of the same payment comes before or after.
    """
    credits_ = [p for w in written for p in w.pending if is_credit(p.movement)]
    located = locate(scope=scope, pending=credits_, also=_accounts_of_reversals(written))
    return sum(_settle_statement(w, scope=scope, located=located, acting=acting, now=now) for w in written)


def _accounts_of_reversals(written: Sequence[WrittenStatement]) -> set[int]:
    """The accounts, besides those of the file's own credits, whose earlier credits the file may take back."""
    earlier = [credit for w in written for credit in _earlier(w)]
    return {credit.account_id for credit in earlier if credit.account_id is not None}


def _earlier(written: WrittenStatement) -> list[EarlierCredit]:
    reversals = [p.movement for p in written.pending if is_taken_back(p.movement)]
    return earlier_credits(own_nrb=written.own_nrb, reversals=reversals, until_statement=written.statement_id)


def locate(*, scope: CustomerScope, pending: Sequence[Pending], also: Collection[int] = ()) -> Located:
    """Find the account of each credit, and lock these and `also`, in id order, until the transaction ends."""
    found = find_accounts(scope=scope, clues=[p.clues for p in pending])
    lock_accounts({f.account_id for f in found if isinstance(f, Match)} | set(also))
    return Located(found={p.movement_id: f for p, f in zip(pending, found, strict=True)})


def _settle_statement(
    written: WrittenStatement, *, scope: CustomerScope, located: Located, acting: Actor, now: datetime
) -> int:
    """Credits first, then what takes credits back."""
    credits_ = [p for p in written.pending if is_credit(p.movement)]
    outcomes = outcomes_of_credits(scope=scope, pending=credits_, located=located)
    outcomes += [
        Parking(pending=p, reason=reason_to_wait(p.movement))
        for p in written.pending
        if not is_credit(p.movement) and not is_taken_back(p.movement)
    ]
    booked = write(outcomes=outcomes, acting=acting, now=now)
    if any(is_taken_back(p.movement) for p in written.pending):
        booked += write(outcomes=_outcomes_of_reversals(written), acting=acting, now=now)
    return booked


def outcomes_of_credits(*, scope: CustomerScope, pending: Sequence[Pending], located: Located) -> list[Outcome]:
    """Say what becomes of each credit; one an invoice already told of is held.

    `located` proves that nobody can add such an invoice before the transaction ends.
    """
    found = [located.found[p.movement_id] for p in pending]
    matches = [f for f in found if isinstance(f, Match)]
    days = [p.movement.booked_on for p in pending]
    payments = invoice_payments(scope=scope, account_ids={m.account_id for m in matches}, days=days)
    answered = answered_entries(entry_ids=(p.entry_id for of_one in payments.values() for p in of_one))
    outcomes: list[Outcome] = []
    for item, result in zip(pending, found, strict=True):
        outcome = _outcome(item, result, payments, answered)
        if isinstance(outcome, Parking) and outcome.answers_entry_id is not None:
            answered |= {outcome.answers_entry_id}
        outcomes.append(outcome)
    return outcomes


def _outcome(
    pending: Pending,
    found: Match | UnmatchedReason,
    payments: Mapping[int, Sequence[InvoicePayment]],
    answered: frozenset[int],
) -> Outcome:
    if isinstance(found, UnmatchedReason):
        return Parking(pending=pending, reason=found)
    told = answered_payment(
        amount=pending.movement.amount,
        booked_on=pending.movement.booked_on,
        payments=payments.get(found.account_id, ()),
        answered=answered,
    )
    if told is not None:
        return Parking(pending=pending, reason=UnmatchedReason.ALREADY_ON_INVOICE, answers_entry_id=told.entry_id)
    return Booking(pending=pending, account_id=found.account_id, by=found.by, settles_first=found.settles_first)


def _outcomes_of_reversals(written: WrittenStatement) -> list[Outcome]:
    by_amount: dict[object, list[EarlierCredit]] = defaultdict(list)
    for credit in _earlier(written):
        by_amount[credit.amount].append(credit)
    outcomes: list[Outcome] = []
    for item in (p for p in written.pending if is_taken_back(p.movement)):
        left = by_amount[-item.movement.amount]
        found = credit_taken_back(reversal=item.movement, earlier=left)
        if found is not None:
            left.remove(found)
        outcomes.append(_outcome_of_reversal(item, found))
    return outcomes


def _outcome_of_reversal(pending: Pending, credit: EarlierCredit | None) -> Outcome:
    if credit is None:
        return Parking(pending=pending, reason=UnmatchedReason.UNKNOWN_REVERSAL)
    if credit.account_id is None:
        return Parking(pending=pending, reason=UnmatchedReason.REVERSES_WAITING, reverses_id=credit.movement_id)
    return Booking(pending=pending, account_id=credit.account_id, by=MatchedBy.REVERSAL, takes_back=credit)


def write(*, outcomes: Sequence[Outcome], acting: Actor, now: datetime) -> int:
    """Post what goes to accounts, park the rest. Returns how many were booked."""
    bookings = [o for o in outcomes if isinstance(o, Booking)]
    parkings = [o for o in outcomes if isinstance(o, Parking)]
    posted = (
        post_entries(postings=[_posting(b) for b in bookings], acting=acting, now=now).entry_ids if bookings else ()
    )
    copy_rows(MatchedMovement, MATCHED_COLUMNS, _matched_rows(bookings, posted, now))
    copy_rows(
        UnmatchedMovement,
        UNMATCHED_COLUMNS,
        ((p.pending.movement_id, p.reason.value, p.answers_entry_id, p.reverses_id, now) for p in parkings),
    )
    return len(bookings)


def _matched_rows(bookings: Sequence[Booking], entry_ids: Sequence[int], now: datetime) -> Iterable[tuple[object, ...]]:
    for booking, entry_id in zip(bookings, entry_ids, strict=True):
        reverses = booking.takes_back.movement_id if booking.takes_back is not None else None
        yield booking.pending.movement_id, booking.account_id, entry_id, booking.by.value, reverses, now


def _posting(booking: Booking) -> Posting:
    """A credit lessens what the account owes; taking one back raises it again."""
    movement = booking.pending.movement
    credit = booking.takes_back
    return Posting(
        account_id=booking.account_id,
        kind=EntryKind.PAYMENT if credit is None else EntryKind.PAYMENT_REVERSAL,
        source=EntrySource.STATEMENT,
        external_id=booking.pending.fingerprint.hex(),
        amount=-movement.amount,
        booked_on=movement.booked_on,
        title=movement.title,
        settles_first=booking.settles_first,
        reverses=credit.entry_id if credit is not None else None,
    )
