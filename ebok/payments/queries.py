"""Reading statements: what is booked, what waits, which promises do not hold."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final, TypeVar

from django.db.models import Count, DecimalField, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from ebok.billing.domain.overview import BrokenPromise, Promise
from ebok.foundation.lookups import among
from ebok.kernel.money import ZERO, plain
from ebok.payments.domain import REVERSIBLE_FOR, BankReach, BookedPeriod, EarlierCredit, Movement, Statement
from ebok.payments.models import BankStatement, StatementMovement, UnmatchedMovement

LOOKUP_BATCH: Final = 50_000
_MONEY: Final = DecimalField(max_digits=18, decimal_places=2)
T = TypeVar("T")


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    """Cut values into lists that fit one lookup."""
    left = iter(values)
    while batch := list(islice(left, LOOKUP_BATCH)):
        yield batch


def booked_touching(*, statement: Statement) -> list[BookedPeriod]:
    """Return the booked statements of the same account that share a day with this one."""
    rows = BankStatement.objects.filter(
        own_nrb=statement.own_nrb, first_day__lte=statement.last_day, last_day__gte=statement.first_day
    )
    return [_period(row) for row in rows.order_by("id")]


def booked_before(*, own_nrb: str, day: date) -> list[BookedPeriod]:
    """Return the booked statements of an account that end last on or before a day: those of one day, in order."""
    rows = BankStatement.objects.filter(own_nrb=own_nrb, last_day__lte=day).order_by("-last_day", "-id")
    latest = rows.first()
    return [] if latest is None else [_period(row) for row in rows.filter(last_day=latest.last_day).order_by("id")]


def known_contents(*, keys: Iterable[bytes]) -> Counter[bytes]:
    """Count the booked movements of each content."""
    known: Counter[bytes] = Counter()
    for batch in batches(set(keys)):
        rows = StatementMovement.objects.filter(among("content_key", batch)).values_list("content_key")
        known.update({bytes(key): count for key, count in rows.annotate(count=Count("id"))})
    return known


def earlier_credits(*, own_nrb: str, reversals: Sequence[Movement], until_statement: int) -> list[EarlierCredit]:
    """Return the credits that one of these reversals may take back, and that nothing has taken back yet.

    Those up to the statement `until_statement` count, which is theirs; see `credit_taken_back` for the rule.
    """
    references = {r.bank_reference for r in reversals} - {""}
    payers = {r.counterparty_nrb for r in reversals} - {""}
    if not references and not payers:
        return []
    days = [r.booked_on for r in reversals]
    rows = StatementMovement.objects.filter(
        Q(among("bank_reference", references)) | Q(among("counterparty_nrb", payers)),
        among("amount", {-r.amount for r in reversals}),
        booked_on__range=(min(days) - REVERSIBLE_FOR, max(days)),
        statement__own_nrb=own_nrb,
        statement__lte=until_statement,
        reversal=False,
        reversed_by_matched__isnull=True,
        reversed_by_unmatched__isnull=True,
    )
    return [_earlier(row) for row in rows.select_related("matched").order_by("id")]


def waiting(*, reasons: Sequence[str], after: int) -> QuerySet[UnmatchedMovement]:
    """Return what waits for these reasons and has not been taken back, oldest first, from the movement `after` on."""
    return (
        UnmatchedMovement.objects.filter(
            reason__in=reasons, movement__gt=after, movement__reversed_by_unmatched__isnull=True
        )
        .select_related("movement")
        .order_by("movement_id")
    )


def movement_of(row: StatementMovement) -> Movement:
    """The movement as the reader gave it."""
    return Movement(
        position=row.position,
        booked_on=row.booked_on,
        value_on=row.value_on,
        amount=row.amount,
        reversal=row.reversal,
        bank_reference=row.bank_reference,
        counterparty_name=row.counterparty_name,
        counterparty_nrb=row.counterparty_nrb,
        accounts_mentioned=tuple(row.accounts_mentioned),
        collect_id=row.collect_id,
        title=row.title,
        details=row.details,
    )


def answered_entries(*, entry_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these ledger entries a held movement already answers."""
    rows = UnmatchedMovement.objects.filter(among("answers_entry_id", set(entry_ids)))
    return frozenset(id_ for id_ in rows.values_list("answers_entry_id", flat=True) if id_ is not None)


def broken_promises() -> list[BrokenPromise]:
    """Return where I5 (opening + Σ = closing) or I10 (rows in = matched + unmatched) does not hold."""
    return [*_not_conserved(), *_not_accounted_for()]


def _not_conserved() -> Iterator[BrokenPromise]:
    moved = Coalesce(Sum("movements__amount"), ZERO, output_field=_MONEY)
    broken = BankStatement.objects.annotate(moved=moved).exclude(closing=F("opening") + F("moved"))
    for row in broken.order_by("id"):
        yield BrokenPromise(
            promise=Promise.I5,
            what=f"wyciąg {row.number} rachunku {row.own_nrb}: {plain(row.opening)} i operacje {plain(row.moved)} "
            f"nie dają {plain(row.closing)}",
        )


def _not_accounted_for() -> Iterator[BrokenPromise]:
    counted = BankStatement.objects.annotate(
        taken=Count("movements"),
        matched_rows=Count("movements__matched"),
        unmatched_rows=Count("movements__unmatched"),
        both=Count("movements", filter=Q(movements__matched__isnull=False, movements__unmatched__isnull=False)),
    )
    broken = counted.exclude(taken=F("rows"), rows=F("matched_rows") + F("unmatched_rows"), both=0)
    for row in broken.order_by("id"):
        yield BrokenPromise(
            promise=Promise.I10,
            what=f"wyciąg {row.number} rachunku {row.own_nrb}: {row.rows} operacji, zapisanych {row.taken}, "
            f"zaksięgowanych {row.matched_rows}, czekających {row.unmatched_rows}",
        )


def _period(row: BankStatement) -> BookedPeriod:
    return BookedPeriod(
        number=row.number, first_day=row.first_day, last_day=row.last_day, opening=row.opening, closing=row.closing
    )


def _earlier(row: StatementMovement) -> EarlierCredit:
    matched = getattr(row, "matched", None)
    return EarlierCredit(
        movement_id=row.pk,
        amount=row.amount,
        booked_on=row.booked_on,
        bank_reference=row.bank_reference,
        counterparty_nrb=row.counterparty_nrb,
        accounts_mentioned=tuple(row.accounts_mentioned),
        collect_id=row.collect_id,
        account_id=matched.account_id if matched is not None else None,
        entry_id=matched.entry_id if matched is not None else None,
    )


def bank_reach(*, own_nrbs: Iterable[str]) -> BankReach | None:
    """Say how far statements reach on all of these own accounts; None before the first statement."""
    own = set(own_nrbs)
    rows = BankStatement.objects.filter(own_nrb__in=own).values_list("own_nrb")
    newest = {nrb: (day, at) for nrb, day, at in rows.annotate(day=Max("last_day"), at=Max("booked_at")).order_by()}
    if not newest:
        return None
    everywhere = newest.keys() == own
    return BankReach(
        last_day=min(day for day, _ in newest.values()) if everywhere else None,
        booked_at=max(at for _, at in newest.values()),
    )
