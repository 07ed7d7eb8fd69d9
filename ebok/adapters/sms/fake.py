"""A carrier of SMS that keeps what it is given, or fails as told."""

from ebok.notifications.domain import RenderedSms
from ebok.notifications.ports import DeliveryFailed


class FakeSms:
    """Keeps messages in `sent`; while `failure` is set, raises it instead."""

    def __init__(self) -> None:
        self.sent: list[RenderedSms] = []
        self.failure: DeliveryFailed | None = None

    def send(self, sms: RenderedSms) -> str:
        """Keep the SMS, or fail as told."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(sms)
        return "kept"
