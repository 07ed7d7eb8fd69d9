"""Deciding, once for every booked invoice, which way it goes."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ebok.access.queries import owners_left
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.billing.domain.letters import BookedInvoice
from ebok.billing.queries import booked_invoices, count_invoices, invoice_ids_after
from ebok.customers.queries import holder_changes
from ebok.einvoicing.domain import DeliveryPolicy, SendingStage, Way, decide_way, new_token
from ebok.einvoicing.models import InvoiceTransmission, Sending
from ebok.einvoicing.queries.failures import failing_consents
from ebok.foundation.bulk import copy_rows, lock_key
from ebok.foundation.locks import Lock
from ebok.foundation.lookups import among
from ebok.terms.domain import ConsentDecision, ConsentStanding, StandingState
from ebok.terms.queries import standings_on

BATCH: Final = 1_000
_WAY_COLUMNS: Final = (
    "invoice_id", "account_id", "channel", "reason", "carried_by", "copy_by_email", "consent_id", "token", "decided_at",
)  # fmt: skip


def delivery_policy() -> DeliveryPolicy:
    """What this installation delivers, by its settings."""
    return DeliveryPolicy(since=settings.EBOK_DELIVER_SINCE, prints=settings.EBOK_PRINT == "ebok")


@transaction.atomic
def decide_ways(*, invoice_ids: Collection[int], acting: Actor, now: datetime) -> None:
    """Decide the way of these booked invoices, in the transaction of their booking; those decided stay as they are.

    Nobody else may decide about the same ones meanwhile: the caller books them now, or holds `Lock.INVOICES`.
    """
    decided = InvoiceTransmission.objects.filter(among("invoice_id", invoice_ids)).values_list("invoice_id", flat=True)
    fresh = set(invoice_ids) - set(decided)
    if fresh:
        invoices = booked_invoices(invoice_ids=fresh)
        _keep(list(zip(invoices, _ways(invoices, now), strict=True)), acting, now)


def decide_missing(*, after: int, acting: Actor, now: datetime) -> int:
    """Decide about the next batch of invoices booked before ways were; returns the last id looked at, 0 at the end."""
    with transaction.atomic():
        lock_key(Lock.INVOICES)
        ids = invoice_ids_after(after=after, limit=BATCH)
        decide_ways(invoice_ids=ids, acting=acting, now=now)
    return ids[-1] if ids else 0


def some_are_undecided() -> bool:
    """Whether an invoice is booked without a decision."""
    return InvoiceTransmission.objects.count() < count_invoices()


@transaction.atomic
def ways_are_decided() -> bool:
    """Whether every booked invoice has its way; once so it stays so, and ways are then decided in the order of ids.

    Waits for a booking under way.
    """
    lock_key(Lock.INVOICES)
    return not some_are_undecided()


def _ways(invoices: Sequence[BookedInvoice], now: datetime) -> list[Way]:
    standings = _acceptances(invoices, now)
    failing = failing_consents(entry_ids={s.entry_id for s in standings.values() if s.entry_id is not None})
    policy = delivery_policy()
    return [
        decide_way(
            buyer_has_nip=bool(one.buyer_nip),
            issue_date=one.issue_date,
            acceptance=(standing := standings[one.id]),
            address_fails=standing.entry_id in failing,
            policy=policy,
        )
        for one in invoices
    ]


def _acceptances(invoices: Sequence[BookedInvoice], now: datetime) -> dict[int, ConsentStanding]:
    """How e-invoices stood on the day of each invoice; who took an account over has accepted none of the one before."""
    standings = standings_on(wanted={(one.account_id, one.issue_date) for one in invoices})
    account_ids = {one.account_id for one in invoices}
    left = owners_left(account_ids=account_ids, today=timezone.localdate(now))
    handed = (left, holder_changes(account_ids=account_ids))
    found = {one.id: standings[one.account_id, one.issue_date] for one in invoices}
    for one in invoices:
        # Each by itself: what was accepted between the two days is not of the time before the first of them either.
        days = [timezone.localdate(moments[one.account_id]) for moments in handed if one.account_id in moments]
        if any(one.names_holder_before(day) and _is_since(found[one.id], day) for day in days):
            found[one.id] = ConsentStanding(decision=ConsentDecision.E_INVOICE, state=StandingState.NEVER)
    return found


def _is_since(standing: ConsentStanding, day: date) -> bool:
    return standing.effective_from is not None and standing.effective_from >= day


def _keep(decided: Sequence[tuple[BookedInvoice, Way]], acting: Actor, now: datetime) -> None:
    rows = (
        (i.id, i.account_id, w.channel.value, w.reason.value, w.carried_by.value, w.copy_by_email, w.consent_id,
         new_token(), now)
        for i, w in decided
    )  # fmt: skip
    copy_rows(InvoiceTransmission, _WAY_COLUMNS, rows)
    mailed = ((i.id, SendingStage.WAITING.value, "") for i, w in decided if w.mailed_here)
    copy_rows(Sending, ("transmission_id", "state", "words"), mailed)
    ways = Counter(f"{w.channel.value}_by_{w.carried_by.value}" for _, w in decided)
    fact = AuditFact(action="einvoicing.decide", subject="invoices", details=dict(sorted(ways.items())))
    record(facts=[fact], acting=acting, now=now)
