"""One entry of the ledger, and an account's year in sums."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from ebok.billing.domain.ledger import EntryKind
from ebok.billing.domain.overview import EntryDetail, LedgerSums, SettledPart
from ebok.billing.models import Allocation, LedgerEntry
from ebok.customers.domain import CustomerScope
from ebok.kernel.money import ZERO


def ledger_years(*, scope: CustomerScope, account_id: int) -> tuple[int, ...]:
    """The years in which the account has entries, newest first."""
    entries = LedgerEntry.objects.in_scope(scope.narrowed(account_id))
    years = entries.annotate(year=ExtractYear("booked_on")).values_list("year", flat=True).distinct()
    return tuple(years.order_by("-year"))


def ledger_sums(*, scope: CustomerScope, account_id: int, year: int | None = None) -> LedgerSums:
    """Opening balance + charges − credits = closing balance, over a year or over everything."""
    entries = LedgerEntry.objects.in_scope(scope.narrowed(account_id))
    within = Q() if year is None else Q(booked_on__range=(date(year, 1, 1), date(year, 12, 31)))
    before = Q(pk__in=[]) if year is None else Q(booked_on__lt=date(year, 1, 1))
    sums = entries.aggregate(
        opening=Sum("amount", filter=before),
        charges=Sum("amount", filter=within & Q(amount__gt=0)),
        credits=Sum("amount", filter=within & Q(amount__lt=0)),
    )
    return LedgerSums(
        opening=sums["opening"] or ZERO, charges=sums["charges"] or ZERO, credits=-(sums["credits"] or ZERO)
    )


def entry_detail(*, scope: CustomerScope, entry_id: int) -> EntryDetail | None:
    """One entry with what it settles or what settled it; None when it is not in scope."""
    entry = LedgerEntry.objects.in_scope(scope).filter(id=entry_id).first()
    if entry is None:
        return None
    is_credit = entry.amount < 0
    pairs = Allocation.objects.filter(credit=entry) if is_credit else Allocation.objects.filter(charge=entry)
    sums = _sums(pairs, other="charge" if is_credit else "credit")
    parts = _parts(sums, scope)
    settled = sum(sums.values(), ZERO)
    return EntryDetail(
        id=entry.pk, account_id=entry.account_id, kind=EntryKind(entry.kind), booked_on=entry.booked_on,
        due_on=entry.due_on, amount=entry.amount, document_number=entry.document_number, title=entry.title,
        invoice_id=entry.invoice_id, parts=parts, left=abs(entry.amount) - settled,
        elsewhere=settled - sum((part.amount for part in parts), ZERO),
    )  # fmt: skip


def _sums(pairs: QuerySet[Allocation], *, other: str) -> dict[int, Decimal]:
    """What is settled with each other entry, in the order it was."""
    sums: dict[int, Decimal] = {}
    for pair in pairs.order_by("id"):
        number = pair.charge_id if other == "charge" else pair.credit_id
        sums[number] = sums.get(number, ZERO) + pair.amount
    return {entry: amount for entry, amount in sums.items() if amount}


def _parts(sums: Mapping[int, Decimal], scope: CustomerScope) -> tuple[SettledPart, ...]:
    entries = LedgerEntry.objects.in_scope(scope).in_bulk(sums)
    return tuple(
        SettledPart(
            entry_id=entry,
            kind=EntryKind(entries[entry].kind),
            booked_on=entries[entry].booked_on,
            amount=amount,
            document_number=entries[entry].document_number,
            invoice_id=entries[entry].invoice_id,
        )
        for entry, amount in sums.items()
        if entry in entries
    )
