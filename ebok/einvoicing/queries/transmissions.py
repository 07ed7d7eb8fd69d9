"""The way of an invoice and how far it has come, for its customer and for the office."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings

from ebok.billing.queries import invoice_ids_in_scope, registered_in_ksef
from ebok.customers.domain import CustomerScope
from ebok.einvoicing.domain import (
    Carrier,
    Channel,
    DeliveryFacts,
    DeliveryMoment,
    DeliveryState,
    MailStage,
    MailTry,
    SendingStage,
    Transmission,
    WayReason,
    delivery_state,
)
from ebok.einvoicing.models import FirstOpening, InvoiceTransmission, Mailing
from ebok.foundation.lookups import among
from ebok.notifications.domain import DeliveryTrace
from ebok.notifications.queries import deliveries


class _Row(NamedTuple):
    """One decision with what became of it, in the order of `_COLUMNS`."""

    invoice_id: int
    account_id: int
    channel: str
    reason: str
    carried_by: str
    copy_by_email: bool
    consent_id: int | None
    token: str
    decided_at: datetime
    stage: str | None
    fallback_since: datetime | None
    fallback_by: str | None
    batch_made_at: datetime | None
    printed_at: datetime | None


_COLUMNS: Final = (
    "invoice_id", "account_id", "channel", "reason", "carried_by", "copy_by_email", "consent_id", "token", "decided_at",
    "sending__state", "fallback__since", "fallback__carried_by", "print__batch__made_at", "print__batch__printed_at",
)  # fmt: skip


_ON_PAPER: Final = frozenset(
    {DeliveryState.PRINTED, DeliveryState.PRINTING, DeliveryState.PAPER_WAITING, DeliveryState.BILLING_PRINTS}
)


class _Mailed(NamedTuple):
    """The mailings of one invoice, the oldest first, and what the outbox knows of each."""

    mailings: tuple[Mailing, ...] = ()
    traces: tuple[DeliveryTrace, ...] = ()

    @property
    def newest(self) -> DeliveryTrace | None:
        """What the outbox knows of the last one."""
        return self.traces[-1] if self.traces else None


class _Told(NamedTuple):
    """What else is known of many invoices: numbers of KSeF, mailings, first openings."""

    numbered: set[int]
    mailed: Mapping[int, _Mailed]
    openings: Mapping[int, datetime]


def transmission(*, scope: CustomerScope, invoice_id: int) -> Transmission | None:
    """The way of one invoice; None when it is not in scope or not decided yet."""
    return transmissions(scope=scope, invoice_ids=[invoice_id]).get(invoice_id)


def transmissions(*, scope: CustomerScope, invoice_ids: Collection[int]) -> dict[int, Transmission]:
    """The ways of these invoices that are in scope; a handful of queries, however many."""
    seen = invoice_ids_in_scope(scope=scope, invoice_ids=invoice_ids)
    found = InvoiceTransmission.objects.filter(among("invoice_id", seen)).values_list(*_COLUMNS)
    rows = [_Row(*row) for row in found]
    with_nip = [row.invoice_id for row in rows if row.channel == Channel.KSEF.value]
    numbered = registered_in_ksef(invoice_ids=with_nip) if with_nip else set[int]()
    mailed = _mailed([row.invoice_id for row in rows if row.stage == SendingStage.HANDED.value or row.fallback_since])
    openings = _openings(seen) if _counts_when_opened() else {}
    told = _Told(numbered=numbered, mailed=mailed, openings=openings)
    return {row.invoice_id: _transmission(row, told) for row in rows}


def waiting_for_number(*, invoice_ids: Collection[int]) -> set[int]:
    """Those of these invoices that go by KSeF and whose number has not come: they have no document and no mail."""
    rows = InvoiceTransmission.objects.filter(among("invoice_id", invoice_ids), channel=Channel.KSEF.value)
    ids = set(rows.values_list("invoice_id", flat=True))
    return ids - registered_in_ksef(invoice_ids=ids) if ids else ids


def invoice_by_token(*, token: str) -> int | None:
    """The invoice whose printed code this is, None for any other text."""
    return InvoiceTransmission.objects.filter(token=token).values_list("invoice_id", flat=True).first()


def _mailed(invoice_ids: Collection[int]) -> dict[int, _Mailed]:
    if not invoice_ids:
        return {}
    mailings = list(Mailing.objects.filter(among("transmission_id", invoice_ids)).order_by("transmission_id", "number"))
    traces = deliveries(keys=[one.message_key for one in mailings])
    found: dict[int, list[Mailing]] = {}
    for one in mailings:
        found.setdefault(one.transmission_id, []).append(one)
    return {invoice: _Mailed(tuple(those), _traces(those, traces)) for invoice, those in found.items()}


def _traces(mailings: Collection[Mailing], traces: Mapping[UUID, DeliveryTrace]) -> tuple[DeliveryTrace, ...]:
    return tuple(traces[one.message_key] for one in mailings if one.message_key in traces)


def _openings(invoice_ids: Collection[int]) -> dict[int, datetime]:
    rows = FirstOpening.objects.filter(among("invoice_id", invoice_ids))
    return dict(rows.values_list("invoice_id", "opened_at"))


def _transmission(row: _Row, told: _Told) -> Transmission:
    mailed = told.mailed.get(row.invoice_id, _Mailed())
    facts = _facts(row, numbered=row.invoice_id in told.numbered, newest=mailed.newest)
    tries = [one for trace in mailed.traces for one in trace.attempts]
    attempts = tuple(MailTry(at=one.at, outcome=one.outcome.value, words=one.words) for one in tries)
    state = delivery_state(facts)
    return Transmission(
        invoice_id=row.invoice_id,
        account_id=row.account_id,
        channel=facts.channel,
        reason=WayReason(row.reason),
        carried_by=facts.carried_by,
        copy_by_email=row.copy_by_email,
        proof=row.consent_id,
        token=row.token,
        decided_at=row.decided_at,
        state=state,
        state_at=_state_at(row, state, mailed, attempts),
        address=mailed.mailings[-1].address if mailed.mailings else "",
        delivered_at=_delivered_at(mailed, told.openings.get(row.invoice_id)),
        attempts=attempts,
        fallback=row.fallback_since,
        printed_at=row.printed_at,
    )


def _facts(row: _Row, *, numbered: bool, newest: DeliveryTrace | None) -> DeliveryFacts:
    return DeliveryFacts(
        channel=Channel(row.channel),
        carried_by=Carrier(row.carried_by),
        ksef_number_here=numbered,
        sending=SendingStage(row.stage) if row.stage else None,
        mail=MailStage(newest.state.value) if newest else None,
        fallback=Carrier(row.fallback_by) if row.fallback_by else None,
        in_batch=row.batch_made_at is not None,
        printed_at=row.printed_at,
    )


def _state_at(row: _Row, state: DeliveryState, mailed: _Mailed, attempts: tuple[MailTry, ...]) -> datetime:
    if state in _ON_PAPER:
        return row.printed_at or row.batch_made_at or row.fallback_since or row.decided_at
    made = mailed.mailings[-1].made_at if mailed.mailings else row.decided_at
    return max(made, attempts[-1].at) if attempts else made


def _delivered_at(mailed: _Mailed, opened_at: datetime | None) -> datetime | None:
    """The moment by the installation's setting; an opening counts only for what was mailed.

    What came back was delivered to nobody, though a server had taken it.
    """
    if not mailed.traces:
        return None
    if _counts_when_opened():
        return opened_at
    arrived = (one for one in mailed.traces if one.state.value != MailStage.PERMANENT.value)
    return next((trace.sent_at for trace in arrived if trace.sent_at is not None), None)


def _counts_when_opened() -> bool:
    return DeliveryMoment(settings.EBOK_DELIVERY_MOMENT) is DeliveryMoment.OPENED
