"""What notifications needs from outside: something that carries a message, one for each channel."""

from enum import StrEnum
from typing import Protocol

from ebok.notifications.domain import DeliveryNotice, RenderedMessage, RenderedSms


class FailureKind(StrEnum):
    """The two kinds of failure. Whatever is not known to be permanent is temporary."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"


class DeliveryFailed(Exception):
    """The message was not taken. `words` are the server's own, or the system's."""

    def __init__(self, kind: FailureKind, words: str) -> None:
        super().__init__(words)
        self.kind = kind
        self.words = words


class CarrierDown(DeliveryFailed):
    """The carrier itself does not work: refused, silent, closing, not letting us in. The next message fares alike."""

    def __init__(self, words: str) -> None:
        super().__init__(FailureKind.TEMPORARY, words)


class CarrierShut(CarrierDown):
    """The carrier refuses us for good: our sign-in, sender or encryption. Ours to mend, so no message is given up."""


class MessageTransport(Protocol):
    """Carries e-mail, keeping its connection open from one to the next."""

    def send(self, message: RenderedMessage) -> str:
        """Hand the message over and return what the other side said.

        :raises DeliveryFailed: when it was not taken, or nobody knows whether it was.
        :raises CarrierDown: when no other message would be taken now either; `CarrierShut` until we mend something.
        """
        ...

    def close(self) -> None:
        """Let go of the connection. The next `send` opens one again."""
        ...


class NotANotice(ValueError):
    """The file is no delivery status notification of a message of ours."""


class BounceReader(Protocol):
    """Reads what mail servers tell of a message later."""

    def read(self, data: bytes) -> DeliveryNotice:
        """Return what the notice tells.

        :raises NotANotice: for anything else, whatever it is.
        """
        ...


class SmsTransport(Protocol):
    """Carries SMS. A message tried twice has the same key both times."""

    def send(self, sms: RenderedSms) -> str:
        """Hand the SMS over and return what the other side said.

        :raises DeliveryFailed: when it was not taken.
        """
        ...
