"""Delivering what goes to many: in batches over one connection, in order, never faster than allowed."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from ebok.foundation.crash_points import reached
from ebok.notifications.domain import MessageKind
from ebok.notifications.models import DeliveryAttempt, OutgoingMessage
from ebok.notifications.operations.concluding import conclude
from ebok.notifications.operations.delivery import LEASE
from ebok.notifications.operations.doubts import Doubts
from ebok.notifications.operations.sending import Carriers, Try, send

BATCH: Final = 100
_ADDRESS: Final = re.compile(r"[^\s<>]+@[^\s<>]+")
log = structlog.get_logger(__name__)


def _never() -> bool:
    return False


def deliver_groups(*, clock: Callable[[], datetime], stop: Callable[[], bool] = _never) -> int:
    """Try every message of a group that is due, each thread in its order. Returns how many were tried.

    Runs at once share the work. A group that is held, and `stop`, take effect after the message in hand; so does a
    mail server that is down, and only that message is counted as tried. One that refuses everybody ends the run, too.
    A template that is broken ends its kind for this run. At most `EBOK_MAIL_PER_MINUTE` messages in a minute of the
    clock are tried: then this returns.
    """
    run = _Run(Carriers.made(), Doubts.so_far(), clock, stop)
    try:
        while not run.over and (batch := _claim(clock(), run.broken)):
            run.send_batch(batch)
    finally:
        run.carriers.mail.close()
    return run.tried


def give_back_claims() -> int:
    """Give back what dead runs had in hand, at once instead of after their lease. Returns how many.

    Only for whoever holds `Lock.BULK_DELIVERIES`: then no other run is at work.
    """
    return _give_back(
        OutgoingMessage.objects.filter(group__isnull=False, due_at__isnull=False).values_list("id", flat=True)
    )


@dataclass(slots=True)
class _Run:
    """What a run has learnt so far."""

    carriers: Carriers
    doubts: Doubts
    clock: Callable[[], datetime]
    stop: Callable[[], bool]
    tried: int = 0
    over: bool = False
    held: set[int | None] = field(default_factory=set)
    broken: set[MessageKind] = field(default_factory=set)

    def send_batch(self, batch: Sequence[OutgoingMessage]) -> None:
        """Send them in order, and give back those this run must not send any more."""
        unsent = {message.id for message in batch}
        try:
            for message in batch:
                self.over = self.over or self.stop()
                if self.over:
                    break
                if message.group_id not in self.held and MessageKind(message.kind) not in self.broken:
                    unsent.discard(message.id)
                    self._send(message)
        finally:
            if unsent:
                _give_back(unsent)

    def _send(self, message: OutgoingMessage) -> None:
        reached("deliver_groups.claimed")
        ended = self.doubts.judged(message, send(message, self.carriers))
        reached("deliver_groups.sent")
        if conclude(message, ended.outcome, ended.words, self.clock()):
            self.held.add(message.group_id)
        reached("deliver_groups.concluded")
        self.tried += 1
        self._learn(message, ended)

    def _learn(self, message: OutgoingMessage, ended: Try) -> None:
        if ended.carrier_down:
            self.over = True
            # Whom it was for stands with the try; a log is read by others.
            log.warning("notifications.carrier_down", words=_ADDRESS.sub("…@…", ended.words))
        if ended.kind_broken:
            self.broken.add(MessageKind(message.kind))
            log.error("notifications.template_broken", kind=message.kind, words=ended.words)


@transaction.atomic
def _claim(now: datetime, broken: Iterable[MessageKind]) -> list[OutgoingMessage]:
    waiting = OutgoingMessage.objects.due_in_groups(now).exclude(kind__in=[kind.value for kind in broken])
    batch = list(waiting.select_for_update(skip_locked=True, of=("self",))[: min(BATCH, _allowed(now))])
    OutgoingMessage.objects.filter(id__in=[message.id for message in batch]).update(due_at=now + LEASE, claimed_at=now)
    return batch


def _allowed(now: datetime) -> int:
    """How many more may be tried in this minute of the clock."""
    if settings.EBOK_MAIL_PER_MINUTE <= 0:
        return BATCH
    minute = now.replace(second=0, microsecond=0)
    tried = DeliveryAttempt.objects.filter(at__gte=minute, message__group__isnull=False).count()
    return max(0, settings.EBOK_MAIL_PER_MINUTE - tried)


def _give_back(ids: Iterable[int]) -> int:
    claimed = OutgoingMessage.objects.filter(id__in=ids, due_at__isnull=False, claimed_at__isnull=False)
    return claimed.update(due_at=F("claimed_at"), claimed_at=None)
