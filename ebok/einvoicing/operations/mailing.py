"""Putting invoices into the outbox: each message with its row that says which invoice it carried."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from django.utils import timezone

from ebok.billing.queries import invoice_letters
from ebok.customers.queries.paying import paid_to
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
from ebok.terms.queries import consent_entry, standings_on

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

    It goes where the account's acceptance says now; where it was withdrawn since the decision, to the address of
    then, because an invoice decided stays decided. Returns why no message could be made, by invoice.
    """
    mails = _mails(wanted, now)
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


def _mails(wanted: Sequence[ToMail], now: datetime) -> dict[int, Mail]:
    letters = invoice_letters(invoice_ids=[one.way.invoice_id for one in wanted])
    ids = {one.way.account_id for one in wanted}
    holders = paid_to(account_ids=ids)
    targets = _targets(ids, now)
    found: dict[int, Mail] = {}
    for one in wanted:
        target = targets.get(one.way.account_id) or _target_of_then(one.way)
        if target is not None:
            found[one.way.invoice_id] = Mail(
                invoice=letters[one.way.invoice_id],
                account_number=holders[one.way.account_id][0],
                payment_nrb=letters[one.way.invoice_id].payment_nrb or holders[one.way.account_id][1],
                token=one.way.token,
                entry_id=target[0],
                address=target[1],
                document=one.document,
            )
    return found


def _targets(account_ids: Collection[int], now: datetime) -> Mapping[int, tuple[int, str]]:
    """The ledger entry and address named last, by account; an invoice dated ahead has one that counts from its day."""
    today = timezone.localdate(now)
    standings = standings_on(wanted={(account, today) for account in account_ids})
    return {
        account: (standing.entry_id, standing.address)
        for (account, _), standing in standings.items()
        if standing.entry_id is not None and standing.address
    }


def _target_of_then(way: InvoiceTransmission) -> tuple[int, str] | None:
    entry = consent_entry(entry_id=way.consent_id) if way.consent_id else None
    return None if entry is None or not entry.address else (entry.id, entry.address)
