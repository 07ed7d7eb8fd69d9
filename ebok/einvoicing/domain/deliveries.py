"""How far an invoice has come on its way: one state, worked out from the facts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ebok.einvoicing.domain.ways import Carrier, Channel, WayReason


class DeliveryMoment(StrEnum):
    """When an e-mailed invoice counts as delivered: when it was sent, or when it was first opened here."""

    SENT = "sent"
    OPENED = "opened"


class SendingStage(StrEnum):
    """How far the e-mail of an invoice has come before the outbox takes it."""

    WAITING = "waiting"
    """Decided; no run has taken it."""
    QUEUED = "queued"
    """A run has taken it; its document is being made."""
    HANDED = "handed"
    """It is a message in the outbox, which knows the rest."""
    STUCK = "stuck"
    """No message could be made of it; it is on the office's list."""
    PAPER = "paper"
    """It went to paper instead."""


class MailStage(StrEnum):
    """What the outbox says of the newest message that carries an invoice."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


class DeliveryState(StrEnum):
    """Where an invoice is now."""

    BY_BILLING = "by_billing"
    """The billing system delivers it, as before eBOK did."""
    WAITS_FOR_KSEF = "waits_for_ksef"
    IN_KSEF = "in_ksef"
    """It has its KSeF number, and no copy goes by e-mail."""
    WAITING = "waiting"
    """To be sent by the next run."""
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    TEMPORARY = "temporary"
    """Not taken for now; tried again by itself."""
    PERMANENT = "permanent"
    """Refused for good: sent once more a day later, or the office decides."""
    STUCK = "stuck"
    PAPER_WAITING = "paper_waiting"
    PRINTING = "printing"
    """In a print batch nobody has marked as printed."""
    PRINTED = "printed"
    BILLING_PRINTS = "billing_prints"
    """Its mail failed, and the billing system prints: it is told by `ebok export_paper`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFacts:
    """What is known of one invoice's way. `printed_at` None and `in_batch` True: its batch waits to be printed.

    `fallback` is who prints what was to go by e-mail, None while it is.
    """

    channel: Channel
    carried_by: Carrier
    ksef_number_here: bool
    sending: SendingStage | None
    mail: MailStage | None
    fallback: Carrier | None
    in_batch: bool
    printed_at: datetime | None


_BEFORE_MAIL: Final = {
    SendingStage.WAITING: DeliveryState.WAITING,
    SendingStage.QUEUED: DeliveryState.QUEUED,
    SendingStage.STUCK: DeliveryState.STUCK,
    SendingStage.PAPER: DeliveryState.PAPER_WAITING,
}


def delivery_state(facts: DeliveryFacts) -> DeliveryState:
    """Say where an invoice is. Paper, once it is the way, says more than the mail before it."""
    if facts.fallback is not None or (facts.channel is Channel.PAPER and facts.carried_by is Carrier.EBOK):
        return _on_paper(facts)
    if facts.channel is Channel.KSEF and not facts.ksef_number_here:
        return DeliveryState.WAITS_FOR_KSEF
    if facts.sending is not None:
        return _by_mail(facts.sending, facts.mail)
    return DeliveryState.IN_KSEF if facts.channel is Channel.KSEF else DeliveryState.BY_BILLING


def _on_paper(facts: DeliveryFacts) -> DeliveryState:
    if facts.printed_at is not None:
        return DeliveryState.PRINTED
    if facts.in_batch:
        return DeliveryState.PRINTING
    return DeliveryState.BILLING_PRINTS if facts.fallback is Carrier.BILLING else DeliveryState.PAPER_WAITING


def _by_mail(sending: SendingStage, mail: MailStage | None) -> DeliveryState:
    if sending is not SendingStage.HANDED:
        return _BEFORE_MAIL[sending]
    return DeliveryState.QUEUED if mail is None else DeliveryState(mail.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTry:
    """One try to hand a message over, and the server's words."""

    at: datetime
    outcome: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """The way of one invoice, its reason and proof, and how far it has come.

    `proof` is the entry of the consent ledger. `delivered_at` is what counts as the moment of delivery by the
    installation's setting, None while it has not come and for everything but e-mail. `fallback` is since when the
    invoice goes on paper although it was to be mailed.
    """

    invoice_id: int
    account_id: int
    channel: Channel
    reason: WayReason
    carried_by: Carrier
    copy_by_email: bool
    proof: int | None
    token: str
    decided_at: datetime
    state: DeliveryState
    state_at: datetime
    address: str
    delivered_at: datetime | None
    attempts: tuple[MailTry, ...]
    fallback: datetime | None
    printed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many wait, and since when the oldest does; None when none does."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """How far one run is: it took `taken` invoices; the other numbers count its messages, second mailings too.

    `queued` wait for their document or for the server. Of `stuck` invoices no message could be made; `paper` went
    on paper after all.
    """

    run_id: int
    started_at: datetime
    started_by: str
    stopped_at: datetime | None
    stopped_by: str
    ended_at: datetime | None
    taken: int
    queued: int
    sending: int
    sent: int
    delivered: int
    temporary: int
    permanent: int
    stuck: int
    paper: int


class FailureStep(StrEnum):
    """What happens next with a failed mailing."""

    AGAIN_BY_ITSELF = "again_by_itself"
    """It is sent once more a day after it failed."""
    OFFICE = "office"
    """Somebody decides: send again, print, or call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedMailing:
    """A mailing that failed for good, or an invoice no message could be made of (`failure_id` None)."""

    failure_id: int | None
    invoice_id: int
    account_id: int
    number: str
    address: str
    words: str
    failed_at: datetime
    tries: int
    next_step: FailureStep
    copy_only: bool
    settled_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingAccount:
    """An account whose e-mails do not arrive; `address` refused them."""

    account_id: int
    address: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBatch:
    """A print batch: how many invoices, its file once it is made, and who marked it as printed."""

    batch_id: int
    made_at: datetime
    made_by: str
    invoices: int
    pdf_sha256: bytes | None
    printed_at: datetime | None
    printed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceRuns:
    """Nothing: advancing takes every run that is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePrints:
    """Nothing: making prints takes every batch without its file."""
