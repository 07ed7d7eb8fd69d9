"""What a mail server tells of a message later: a delivery status notification (DSN, RFC 3464)."""

from dataclasses import dataclass, field
from uuid import UUID

from ebok.kernel.refusals import Refusal
from ebok.notifications.domain.deliveries import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientReport:
    """What is told of one recipient: the addresses it is named by, in small letters, the outcome, the words."""

    addresses: frozenset[str]
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNotice:
    """A notice about one of our messages, by its key."""

    key: UUID
    reports: tuple[RecipientReport, ...]

    def about(self, recipient: str) -> RecipientReport | None:
        """What is told of this recipient; None when the notice does not name it."""
        return next((report for report in self.reports if recipient.lower() in report.addresses), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedNotice:
    """A file that tells us nothing we can take, and why."""

    file: str
    refusal: Refusal


@dataclass(slots=True, kw_only=True)
class BounceReport:
    """What came of the files: notices taken, those taken before, files refused."""

    files: int = 0
    new: int = 0
    same: int = 0
    refused: list[RefusedNotice] = field(default_factory=list)
