"""Putting invoices into the outbox: each message with its row that says which invoice it carried."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from ebok.billing.queries import invoice_letters
from ebok.customers.queries.paying import paid_to
from ebok.einvoicing.domain import Channel as LegalWay
from ebok.einvoicing.models import InvoiceTransmission, Mailing
from ebok.einvoicing.operations.letters import Mail, attached, context_of, kind_of
from ebok.foundation.bulk import copy_rows
from ebok.notifications.domain import (
    Channel,
    MessageKind,
    MessageToQueue,
    UnfitMessage,
    check_context,
    check_recipient,
)
from ebok.notifications.operations import queue_messages
from ebok.terms.domain import ConsentCourse
from ebok.terms.queries import courses, ended_entries, standings_on

NO_DOCUMENT: Final = "Nie udało się przygotować dokumentu tej faktury."
NO_ADDRESS: Final = "Nie ma adresu, na który można wysłać tę fakturę."
_COLUMNS: Final = (
    "transmission_id", "number", "message_key", "consent_id", "address", "document_sha256", "made_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMail:
    """An invoice to send: its way, which mailing of it this is, from 1, and the hash of its document."""

    way: InvoiceTransmission
    number: int
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A message ready to be queued, and the mailing it is."""

    invoice_id: int
    number: int
    kind: MessageKind
    message: MessageToQueue
    mail: Mail


def mail_invoices(*, wanted: Sequence[ToMail], group_id: int, now: datetime) -> dict[int, str]:
    """Queue a message for each invoice, in the order given; in the caller's transaction.

    It goes to the newest address of the acceptance it was decided on, also when that has been withdrawn since, because
    an invoice decided stays decided; whoever takes one for the first time asks `ended_before_issue`. Never to that of
    an acceptance given afterwards: the account may be another's now. Returns why no message could be made, by invoice.
    """
    mails = _mails(wanted)
    numbers = {one.way.invoice_id: one.number for one in wanted}
    unfit = {one.way.invoice_id: NO_ADDRESS for one in wanted if one.way.invoice_id not in mails}
    ready: list[_Ready] = []
    for invoice_id, mail in mails.items():
        try:
            ready.append(_ready(mail, numbers[invoice_id]))
        except UnfitMessage as error:
            unfit[invoice_id] = f"Nie udało się napisać wiadomości: {error}."
    for kind, those in groupby(ready, key=lambda one: one.kind):
        queue_messages(kind=kind, messages=[one.message for one in those], group_id=group_id, now=now)
    copy_rows(Mailing, _COLUMNS, _rows(ready, now))
    return unfit


def ended_before_issue(*, ways: Sequence[InvoiceTransmission]) -> set[int]:
    """Invoices of these that must not go by e-mail any more: the acceptance ended after they were booked, yet by the
    day they bear, and none of the same holder is in force on it.

    Only what is dated the day of booking or ahead can be among them; paper needs no acceptance, an e-mail does
    (art. 106n ustawy o VAT). A copy of what is in KSeF is no invoice and is not looked at.
    """
    mailed = {one.invoice_id: one.consent_id for one in ways if one.channel == LegalWay.EMAIL.value and one.consent_id}
    accounts = {one.account_id for one in ways if one.invoice_id in mailed}
    gone = ended_entries(entry_ids=mailed.values(), account_ids=accounts)
    found = courses(entry_ids=gone) if gone else {}
    ended = {one: found[entry] for one, entry in mailed.items() if entry in found}
    letters = invoice_letters(invoice_ids=ended) if ended else {}
    late = {one for one, course in ended.items() if _has_ended(course, letters[one].issue_date)}
    days = {one: (letters[one].account_id, letters[one].issue_date) for one in late}
    standings = standings_on(wanted=set(days.values())) if days else {}
    return {one for one in late if ended[one].handed_over or not standings[days[one]].in_force}


def _has_ended(course: ConsentCourse, day: date) -> bool:
    return course.ended_by is not None and course.ended_by.effective_from <= day


def _ready(mail: Mail, number: int) -> _Ready:
    kind, context = kind_of(mail.invoice), context_of(mail)
    message = MessageToQueue(
        key=uuid.uuid4(),
        recipient=check_recipient(kind=kind, channel=Channel.EMAIL, recipient=mail.address),
        context=check_context(kind=kind, context=context),
        documents=attached(mail),
        thread=f"account:{mail.invoice.account_id}",
    )
    return _Ready(invoice_id=mail.invoice.id, number=number, kind=kind, message=message, mail=mail)


def _rows(ready: Sequence[_Ready], now: datetime) -> Iterator[tuple[object, ...]]:
    for one in ready:
        mail = one.mail
        yield one.invoice_id, one.number, one.message.key, mail.entry_id, mail.address, mail.document, now


def _mails(wanted: Sequence[ToMail]) -> dict[int, Mail]:
    letters = invoice_letters(invoice_ids=[one.way.invoice_id for one in wanted])
    holders = paid_to(account_ids={one.way.account_id for one in wanted})
    targets = _targets(wanted)
    return {
        one.way.invoice_id: Mail(
            invoice=letters[one.way.invoice_id],
            account_number=holders[one.way.account_id][0],
            payment_nrb=letters[one.way.invoice_id].payment_nrb or holders[one.way.account_id][1],
            token=one.way.token,
            entry_id=target[0],
            address=target[1],
            is_copy=one.way.copy_by_email,
            document=one.document,
        )
        for one in wanted
        if (target := targets.get(one.way.consent_id or 0)) is not None
    }


def _targets(wanted: Sequence[ToMail]) -> Mapping[int, tuple[int, str]]:
    """The ledger entry that names the address, and the address, by the entry an invoice was decided on."""
    decided_on = {one.way.consent_id for one in wanted if one.way.consent_id is not None}
    found = courses(entry_ids=decided_on)
    return {entry_id: (course.named_by.id, course.named_by.address) for entry_id, course in found.items()}
