"""Mailings that failed for good: once more a day later by itself, then paper; or what the office decides."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from ebok.access.operations.identity import email_hint
from ebok.access.operations.telling import account_hint, contacts_of, tell
from ebok.audit.domain import Actor, ActorKind, AuditFact
from ebok.audit.operations import record
from ebok.billing.queries import invoice_letters
from ebok.einvoicing.domain import Carrier, Channel, SendingStage
from ebok.einvoicing.models import (
    FailureSettled,
    InvoiceTransmission,
    MailFailure,
    Mailing,
    PaperFallback,
    Sending,
)
from ebok.einvoicing.operations.mailing import ToMail, mail_invoices
from ebok.einvoicing.queries.printing import prints_here
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock
from ebok.notifications.domain import SERVER_WORDS_MAX_LENGTH, DeliveryTrace, MessageKind, Outcome
from ebok.notifications.queries import deliveries
from ebok.terms.queries import courses

AGAIN_AFTER: Final = timedelta(hours=24)
TRIES_BY_ITSELF: Final = 2
AGAIN_AT_ONCE: Final = 200
SENT_AGAIN, ON_PAPER, BY_OFFICE = "sent_again", "paper", "office"
_JOB: Final = Actor(kind=ActorKind.JOB, name="einvoicing.failures")


class FailureRefusal(StrEnum):
    """Why the office cannot do this with an invoice now."""

    NO_SUCH = "no_such"
    """There is no such invoice or failure, or it does not go by e-mail from here."""
    NOTHING_FAILED = "nothing_failed"
    """Its mail is under way, or arrived."""
    ON_PAPER = "on_paper"
    NO_ADDRESS = "no_address"
    ONLY_A_COPY = "only_a_copy"
    """The invoice itself is in KSeF; the mail is a copy, and paper is no way for it."""
    ALREADY_SETTLED = "already_settled"


class UnableToDealWithFailure(ValueError):
    """Nothing was done; `reason` says why."""

    def __init__(self, reason: FailureRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def take_failure(*, message_key: uuid.UUID, words: str, now: datetime) -> None:
    """Put down that a message which carried an invoice failed for good; told twice it is the same failure.

    The first one is sent again a day later. After the second, or once one was tried in vain for 72 hours, the
    invoice goes on paper, its customer is told at their other addresses, and the address counts as failing until
    one is confirmed anew. Where the mail server was away, the invoice goes on paper too, but nothing is held against
    the address. A message that carried no invoice is nobody's business here.
    """
    mailing = Mailing.objects.filter(message_key=message_key).first()
    if mailing is None:
        return
    Sending.objects.select_for_update().get(pk=mailing.transmission_id)
    if MailFailure.objects.filter(mailing=mailing).exists():
        return
    ends = _ends_of(mailing)
    unreached = Outcome.UNREACHED in ends
    final = not unreached and (mailing.number >= TRIES_BY_ITSELF or Outcome.GIVEN_UP in ends)
    failure = MailFailure.objects.create(
        mailing=mailing, words=words[:SERVER_WORDS_MAX_LENGTH], final=final, failed_at=now
    )
    way = _way(mailing.transmission_id)
    _record("einvoicing.failed", way, _JOB, now, failure=failure.id, final=final)
    if (final or unreached) and Channel(way.channel) is Channel.EMAIL and not _is_on_paper(way):
        put_on_paper(way, mailing.address, _JOB, now)
        if final:
            _tell_customer(way, mailing, now)


def mail_again(*, now: datetime) -> int:
    """Send once more, in its own run's group, what failed a day ago and nobody has dealt with. Returns how many."""
    later = Mailing.objects.filter(
        transmission=OuterRef("mailing__transmission"), number__gt=OuterRef("mailing__number")
    )
    due = MailFailure.objects.filter(final=False, settled__isnull=True, failed_at__lte=now - AGAIN_AFTER)
    ids = due.filter(~Exists(later)).order_by("id").values_list("mailing__transmission_id", flat=True)[:AGAIN_AT_ONCE]
    return sum(_again_by_itself(invoice_id, now) for invoice_id in list(ids))


@transaction.atomic
def send_again(*, invoice_id: int, acting: Actor, now: datetime) -> None:
    """Send an invoice whose mail failed once more now, or let the next run try one that could not be made a message.

    :raises UnableToDealWithFailure: when nothing of it failed, it is on paper, or there is no address.
    """
    sending = _failed_sending(invoice_id)
    if sending.state == SendingStage.STUCK.value:
        _set(sending, SendingStage.WAITING)
    else:
        _mail_once_more(sending, now)
    _settle_open(invoice_id, SENT_AGAIN, acting, now)
    _record("einvoicing.send_again", sending.transmission, acting, now)


@transaction.atomic
def send_on_paper(*, invoice_id: int, acting: Actor, now: datetime) -> None:
    """Let an invoice whose mail failed go on paper: printed here, or told to the billing system when that prints.

    :raises UnableToDealWithFailure: when nothing of it failed, it is on paper already, or paper is not its way.
    """
    sending = _failed_sending(invoice_id)
    if Channel(sending.transmission.channel) is not Channel.EMAIL:
        raise UnableToDealWithFailure(FailureRefusal.ONLY_A_COPY)
    last = Mailing.objects.filter(transmission=invoice_id).order_by("-number").first()
    put_on_paper(sending.transmission, last.address if last else "", acting, now)


def put_on_paper(way: InvoiceTransmission, address: str, acting: Actor, now: datetime) -> None:
    """Let an invoice go on paper instead; the caller's transaction has locked its sending. `address`: what failed.

    Whoever prints today prints it, whatever the setting says later: nothing is printed twice, and nothing never.
    """
    lock_key(Lock.PAPER_FALLBACKS)
    carrier = Carrier.EBOK if prints_here() else Carrier.BILLING
    PaperFallback.objects.create(
        transmission=way, address=address, by=_name(acting), since=now, carried_by=carrier.value
    )
    Sending.objects.filter(pk=way.pk).update(state=SendingStage.PAPER.value)
    _settle_open(way.pk, ON_PAPER, acting, now)
    _record("einvoicing.on_paper", way, acting, now)


@transaction.atomic
def settle_failure(*, failure_id: int, acting: Actor, now: datetime) -> None:
    """Take a failure off the office's list: somebody dealt with it in another way; nothing is sent again by itself.

    :raises UnableToDealWithFailure: when there is no such failure, or it is off the list.
    """
    failure = MailFailure.objects.select_related("mailing__transmission").filter(id=failure_id).first()
    if failure is None:
        raise UnableToDealWithFailure(FailureRefusal.NO_SUCH)
    Sending.objects.select_for_update().get(pk=failure.mailing.transmission_id)
    if FailureSettled.objects.filter(failure=failure).exists():
        raise UnableToDealWithFailure(FailureRefusal.ALREADY_SETTLED)
    FailureSettled.objects.create(failure=failure, how=BY_OFFICE, by=_name(acting), settled_at=now)
    _record("einvoicing.failure_settled", failure.mailing.transmission, acting, now, failure=failure_id)


@transaction.atomic
def _again_by_itself(invoice_id: int, now: datetime) -> bool:
    sending = Sending.objects.select_for_update(of=("self",)).select_related("transmission").get(pk=invoice_id)
    newest = Mailing.objects.filter(transmission=invoice_id).order_by("-number").select_related("failure").first()
    failed = newest is not None and MailFailure.objects.filter(mailing=newest, settled__isnull=True).exists()
    if not failed or _is_on_paper(sending.transmission):
        return False
    try:
        _mail_once_more(sending, now)
    except UnableToDealWithFailure:
        return False
    _settle_open(invoice_id, SENT_AGAIN, _JOB, now)
    return True


def _failed_sending(invoice_id: int) -> Sending:
    """The sending, locked, when something of it failed and nothing is under way."""
    rows = Sending.objects.select_for_update(of=("self",)).select_related("transmission")
    sending = rows.filter(pk=invoice_id).first()
    if sending is None:
        raise UnableToDealWithFailure(FailureRefusal.NO_SUCH)
    if _is_on_paper(sending.transmission):
        raise UnableToDealWithFailure(FailureRefusal.ON_PAPER)
    newest = Mailing.objects.filter(transmission=invoice_id).order_by("-number").first()
    failed = newest is not None and MailFailure.objects.filter(mailing=newest).exists()
    if sending.state != SendingStage.STUCK.value and not failed:
        raise UnableToDealWithFailure(FailureRefusal.NOTHING_FAILED)
    return sending


def _mail_once_more(sending: Sending, now: datetime) -> None:
    newest = Mailing.objects.filter(transmission=sending.pk).order_by("-number")[0]
    assert sending.run is not None  # noqa: S101 - a constraint: what was mailed was taken by a run
    wanted = ToMail(way=sending.transmission, number=newest.number + 1, document=bytes(newest.document_sha256))
    if mail_invoices(wanted=[wanted], group_id=sending.run.group_id, now=now):
        raise UnableToDealWithFailure(FailureRefusal.NO_ADDRESS)


def _settle_open(invoice_id: int, how: str, acting: Actor, now: datetime) -> None:
    open_ones = MailFailure.objects.filter(mailing__transmission=invoice_id, settled__isnull=True)
    FailureSettled.objects.bulk_create(
        [FailureSettled(failure=one, how=how, by=_name(acting), settled_at=now) for one in open_ones]
    )


def _tell_customer(way: InvoiceTransmission, mailing: Mailing, now: datetime) -> None:
    """Tell the owners; where the account is another's since, the invoice is none of their business."""
    if courses(entry_ids=[mailing.consent_id])[mailing.consent_id].handed_over:
        return
    address = mailing.address
    contacts = contacts_of(account_id=way.account_id, now=now)
    others = replace(contacts, emails=tuple(one for one in contacts.emails if one != address.lower()), phones=())
    context = {
        "account_hint": account_hint(way.account_id),
        "address_hint": email_hint(address),
        "number": invoice_letters(invoice_ids=[way.pk])[way.pk].number,
    }
    tell(contacts=others, kind=MessageKind.E_INVOICE_FAILED, context=context, now=now)


def _ends_of(mailing: Mailing) -> set[Outcome]:
    trace: DeliveryTrace | None = deliveries(keys=[mailing.message_key]).get(mailing.message_key)
    return set() if trace is None else {one.outcome for one in trace.attempts}


def _is_on_paper(way: InvoiceTransmission) -> bool:
    return PaperFallback.objects.filter(transmission=way).exists()


def _way(invoice_id: int) -> InvoiceTransmission:
    return InvoiceTransmission.objects.get(pk=invoice_id)


def _set(sending: Sending, stage: SendingStage) -> None:
    Sending.objects.filter(pk=sending.pk).update(state=stage.value, run=None, words="", stuck_at=None)


def _name(acting: Actor) -> str:
    return f"{acting.kind.value}:{acting.name}"


def _record(action: str, way: InvoiceTransmission, acting: Actor, now: datetime, **details: int | bool) -> None:
    fact = AuditFact(action=action, subject=f"invoice:{way.pk}", account_id=way.account_id, details=details)
    record(facts=[fact], acting=acting, now=now)
