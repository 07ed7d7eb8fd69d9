"""Finds the account of each movement and posts it, or parks it with the reason. All lookups are per batch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ebok.audit.domain import Actor
from ebok.billing.domain.ledger import EntryKind, EntrySource, Posting
from ebok.billing.operations import post_entries
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


def settle(*, scope: CustomerScope, own_nrb: str, pending: Sequence[Pending], acting: Actor, now: datetime) -> int:
    """Give each movement its outcome: credits first, then what takes credits back. Returns how many were booked."""
    outcomes = outcomes_of_credits(scope=scope, pending=[p for p in pending if is_credit(p.movement)])
    outcomes += [
        Parking(pending=p, reason=reason_to_wait(p.movement))
        for p in pending
        if not is_credit(p.movement) and not is_taken_back(p.movement)
    ]
    booked = write(outcomes=outcomes, acting=acting, now=now)
    taken_back = [p for p in pending if is_taken_back(p.movement)]
    if taken_back:
        booked += write(outcomes=_outcomes_of_reversals(own_nrb, taken_back), acting=acting, now=now)
    return booked


def outcomes_of_credits(*, scope: CustomerScope, pending: Sequence[Pending]) -> list[Outcome]:
    """Find the account of each credit; one an invoice already told of is held."""
    found = find_accounts(scope=scope, clues=[p.clues for p in pending])
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


def _outcomes_of_reversals(own_nrb: str, pending: Sequence[Pending]) -> list[Outcome]:
    by_amount: dict[object, list[EarlierCredit]] = defaultdict(list)
    for credit in earlier_credits(own_nrb=own_nrb, amounts=[-p.movement.amount for p in pending]):
        by_amount[credit.amount].append(credit)
    outcomes: list[Outcome] = []
    for item in pending:
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
