"""A carrier that keeps what it is given, or fails as told."""

from ebok.notifications.domain import RenderedMessage
from ebok.notifications.ports import DeliveryFailed


class FakeTransport:
    """Keeps messages in `sent`; while `failure` is set, raises it instead."""

    def __init__(self) -> None:
        self.sent: list[RenderedMessage] = []
        self.failure: DeliveryFailed | None = None
        self.closed = 0

    def send(self, message: RenderedMessage) -> str:
        """Keep the message, or fail as told."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(message)
        return "kept"

    def close(self) -> None:
        """Count the closings."""
        self.closed += 1
