"""Delivering what somebody waits for: at least once, each try on record, before anything that goes to many."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from ebok.notifications.domain import Channel, MessageKind, Outcome
from ebok.notifications.models import OutgoingMessage
from ebok.notifications.operations.concluding import conclude
from ebok.notifications.operations.sending import Carriers, Try, send

LEASE: Final = timedelta(minutes=10)
"""How long a claimed message is left alone; a worker killed with it has it tried again after this.

Longer than one message can take: a transport asks its server for a dozen things or so, 20 s each at most.
"""


def deliver_due(*, clock: Callable[[], datetime]) -> int:
    """Try every message that is due and in no group, e-mail over one connection of this run. Returns how many.

    Several runs at once share the work: each claims one message at a time, which no other has, so that
    a slow server never outlasts the lease of messages that wait for their turn. While the installation
    has no carrier of SMS, those wait. A mail server that is down ends the e-mail of this run, and a broken
    template the messages of its kind: only the message in hand is counted as tried.
    """
    carriers = Carriers.made()
    open_to, broken, tried = set(carriers.channels), set[MessageKind](), 0
    try:
        while (message := _claim(clock(), sorted(open_to), broken)) is not None:
            ended = _deliver(message, carriers, clock)
            tried += 1
            if ended.carrier_down:
                open_to.discard(Channel.EMAIL)
            if ended.kind_broken:
                broken.add(MessageKind(message.kind))
    finally:
        carriers.mail.close()
    return tried


@transaction.atomic
def _claim(now: datetime, channels: Sequence[Channel], broken: set[MessageKind]) -> OutgoingMessage | None:
    waiting = OutgoingMessage.objects.due(now, channels).exclude(kind__in=[kind.value for kind in broken])
    due = waiting.select_for_update(skip_locked=True).first()
    if due is not None:
        OutgoingMessage.objects.filter(id=due.id).update(due_at=now + LEASE)
    return due


def _deliver(message: OutgoingMessage, carriers: Carriers, clock: Callable[[], datetime]) -> Try:
    late = message.expires_at is not None and message.expires_at <= clock()
    ended = Try(Outcome.EXPIRED, "") if late else send(message, carriers)
    conclude(message, ended.outcome, ended.words, clock())
    return ended
