"""A mail server that refuses everybody refuses us (a block list, relaying denied): then it is no word about anybody."""

from dataclasses import dataclass, replace
from typing import Final, Self

import structlog

from ebok.notifications.domain import EVERYBODY_REFUSED, Channel, Outcome
from ebok.notifications.models import DeliveryAttempt, OutgoingMessage
from ebok.notifications.operations.sending import Try

REFUSED_IN_A_ROW: Final = 20
"""Different recipients refused for good one after another, by one run or several, and none accepted between."""
PROBES: Final = 5
"""How many messages a run tries while the server is in doubt; the next run, a minute later, tries others."""
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Doubts:
    """Whom the mail server has refused for good since it last took a message."""

    refused: set[str]
    probes: int = 0

    @classmethod
    def so_far(cls) -> Self:
        """What earlier runs have met."""
        mails = DeliveryAttempt.objects.filter(message__channel=Channel.EMAIL.value)
        last = mails.filter(outcome=Outcome.SENT.value).order_by("-id").values_list("id", flat=True).first() or 0
        since = mails.filter(id__gt=last, outcome=Outcome.PERMANENT.value)
        return cls(set(since.values_list("message__recipient", flat=True).distinct()[:REFUSED_IN_A_ROW]))

    def judged(self, message: OutgoingMessage, ended: Try) -> Try:
        """Say how a try ended, in the light of those before.

        Once so many are refused in a row the run ends, and what is refused after that counts as not asked: it is
        tried again until the server takes a message of anybody, or its 72 hours are over.
        """
        if message.channel != Channel.EMAIL.value:
            return ended
        if ended.outcome is Outcome.SENT:
            self.refused.clear()
            self.probes = 0
        return self._refusal(message, ended) if ended.refused else ended

    def _refusal(self, message: OutgoingMessage, ended: Try) -> Try:
        if len(self.refused) >= REFUSED_IN_A_ROW:
            self.probes += 1
            words = f"{EVERYBODY_REFUSED}: {ended.words}"
            return Try(Outcome.AWAY, words, carrier_down=self.probes >= PROBES)
        self.refused.add(message.recipient)
        if len(self.refused) < REFUSED_IN_A_ROW:
            return ended
        log.error("notifications.everybody_refused", in_a_row=REFUSED_IN_A_ROW)
        return replace(ended, carrier_down=True)
