"""How an invoice reaches its buyer, for its page: by which way, why, how far it is, and by which consent."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone

from ebok.access.domain import AccountAction
from ebok.einvoicing.domain import Channel, DeliveryState, Transmission
from ebok.einvoicing.domain.wording import CHANNEL, REASON, STATE
from ebok.foundation.formats import long_date, moment

FALLBACK: Final = "E-mail z tą fakturą nie doszedł, dlatego wysyłamy ją pocztą."
NEVER_MAILED: Final = "Nie wysłaliśmy tej faktury e-mailem. Dostaniesz ją pocztą."
_DATED: Final = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.PRINTED, DeliveryState.PERMANENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPart:
    """The card: its rows, a note, and where the consent is shown; empty without one or without the right to see it."""

    rows: tuple[tuple[str, str], ...]
    note: str
    consent_url: str


def delivery_part(way: Transmission | None, *, may: Collection[AccountAction]) -> DeliveryPart | None:
    """Put the way of an invoice into words; None while it is not decided. `may` is allowed on its account."""
    if way is None:
        return None
    told = AccountAction.SEE_CONSENTS in may
    rows = [
        ("Sposób", _channel(way, told=told)),
        ("Dlaczego tak", REASON[way.reason]),
        ("Stan", _state(way)),
        ("Doręczona", moment(way.delivered_at) if way.delivered_at else ""),
    ]
    return DeliveryPart(
        rows=tuple((term, value) for term, value in rows if value),
        note=_note(way),
        consent_url=reverse("e_invoice_entry", args=[way.proof]) if way.proof is not None and told else "",
    )


def _note(way: Transmission) -> str:
    if not way.fallback:
        return ""
    return FALLBACK if way.address else NEVER_MAILED


def _channel(way: Transmission, *, told: bool) -> str:
    """The way in words, with the address for those who may know it."""
    mailed = way.channel is Channel.EMAIL or way.copy_by_email
    word = f"{CHANNEL[way.channel]}, kopia e-mailem" if way.copy_by_email else CHANNEL[way.channel]
    return f"{word} na adres {way.address}" if told and mailed and way.address else word


def _state(way: Transmission) -> str:
    if way.state not in _DATED:
        return STATE[way.state]
    return f"{STATE[way.state]} {long_date(timezone.localdate(way.state_at))}"
