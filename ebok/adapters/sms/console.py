"""SMS on the standard output, for developers: whoever reads it reads the codes."""

from dataclasses import dataclass
from typing import TextIO

from ebok.notifications.domain import RenderedSms
from ebok.notifications.ports import DeliveryFailed, FailureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSms:
    """Writes each SMS to `stream`, a line each. It never goes to the log, which is kept."""

    stream: TextIO

    def send(self, sms: RenderedSms) -> str:
        """Write the line at once."""
        try:
            print(f"SMS {sms.recipient}: {sms.text}", file=self.stream, flush=True)
        except (OSError, ValueError) as error:
            raise DeliveryFailed(FailureKind.TEMPORARY, str(error) or "closed") from error
        return "written"
