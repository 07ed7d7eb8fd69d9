"""One message handed over: how the try ended. No transaction is open while the server talks."""

from dataclasses import dataclass
from typing import Final, Self

from ebok.documents.domain import DocumentUnavailable
from ebok.documents.queries import read
from ebok.foundation.ports import new_adapter
from ebok.notifications.domain import Attachment, Channel, MessageKind, Outcome, RenderedMessage, UnfitMessage
from ebok.notifications.models import OutgoingMessage
from ebok.notifications.ports import (
    CarrierDown,
    CarrierShut,
    DeliveryFailed,
    FailureKind,
    MessageTransport,
    SmsTransport,
)
from ebok.notifications.queries import TemplateBroken, render, render_sms, sms_available

UNREADABLE: Final = "Załącznika nie da się odczytać"
BROKEN: Final = "Szablon wiadomości jest uszkodzony"


@dataclass(frozen=True, slots=True)
class Try:
    """How a try ended. After `carrier_down` no other message of this channel would be taken, after `kind_broken` no
    other of this kind can be written out. `refused`: the other side would not have it, for good.
    """

    outcome: Outcome
    words: str
    carrier_down: bool = False
    kind_broken: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Carriers:
    """What one run sends with; no carrier of SMS where the installation has none."""

    mail: MessageTransport
    sms: SmsTransport | None

    @classmethod
    def made(cls) -> Self:
        """Carriers of this run's own: they hold connections."""
        return cls(new_adapter(MessageTransport), new_adapter(SmsTransport) if sms_available() else None)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels this run can send by."""
        return (Channel.EMAIL,) if self.sms is None else (Channel.EMAIL, Channel.SMS)


def send(message: OutgoingMessage, carriers: Carriers) -> Try:
    """Write the message out and hand it over."""
    try:
        return Try(Outcome.SENT, _hand_over(message, carriers))
    except UnfitMessage as error:
        return Try(Outcome.PERMANENT, str(error))
    except TemplateBroken as error:
        return Try(Outcome.BLOCKED, f"{BROKEN}: {error}", kind_broken=True)
    except DocumentUnavailable as error:
        return Try(Outcome.BLOCKED, f"{UNREADABLE}: {error}")
    except CarrierDown as error:
        ours_to_mend = isinstance(error, CarrierShut)
        return Try(Outcome.BLOCKED if ours_to_mend else Outcome.AWAY, error.words, carrier_down=True)
    except DeliveryFailed as error:
        refused = error.kind is FailureKind.PERMANENT
        return Try(Outcome.PERMANENT if refused else Outcome.TEMPORARY, error.words, refused=refused)


def _hand_over(message: OutgoingMessage, carriers: Carriers) -> str:
    if carriers.sms is None or message.channel != Channel.SMS.value:
        return carriers.mail.send(written_out(message))
    sms = render_sms(
        key=message.key, kind=MessageKind(message.kind), language=message.language, recipient=message.recipient,
        context=message.context, queued_at=message.queued_at,
    )  # fmt: skip
    return carriers.sms.send(sms)


def written_out(message: OutgoingMessage) -> RenderedMessage:
    """The e-mail in words, with its documents.

    :raises UnfitMessage: when it cannot be sent as it is.
    :raises TemplateBroken: when its template cannot be used.
    :raises DocumentUnavailable: when a document cannot be read, or is no longer what was stored.
    """
    return render(
        key=message.key, kind=MessageKind(message.kind), language=message.language, recipient=message.recipient,
        context=message.context, queued_at=message.queued_at, attachments=_attached(message),
    )  # fmt: skip


def _attached(message: OutgoingMessage) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(name=one["name"], media_type=one["media_type"], content=read(sha256=bytes.fromhex(one["sha256"])))
        for one in message.documents
    )
