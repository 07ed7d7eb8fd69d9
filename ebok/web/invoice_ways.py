"""The way of an invoice in words, for customers and for the office: how it travels, why, and where it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ebok.einvoicing.domain import Carrier, Channel, DeliveryState, Transmission, WayReason
from ebok.foundation.formats import moment

CHANNELS: Final[Mapping[Channel, str]] = {
    Channel.KSEF: "KSeF",
    Channel.EMAIL: "e-mail",
    Channel.PAPER: "papier",
}
"""How an invoice travels."""
REASONS: Final[Mapping[WayReason, str]] = {
    WayReason.BUYER_WITH_NIP: "Nabywca ma NIP, więc faktura idzie przez KSeF.",
    WayReason.ACCEPTED: "W dniu wystawienia e-faktura była włączona.",
    WayReason.NOT_ACCEPTED: "W dniu wystawienia e-faktura nie była włączona.",
    WayReason.WITHDRAWN: "W dniu wystawienia e-faktura była już wyłączona.",
    WayReason.ACCEPTED_LATER: "E-fakturę włączono dopiero po dniu wystawienia.",
    WayReason.ADDRESS_FAILS: "Adres e-mail nie przyjmował wiadomości i nikt go potem nie potwierdził.",
}
"""Why it travels so: a sentence."""
STATES: Final[Mapping[DeliveryState, tuple[str, str, str]]] = {
    DeliveryState.BY_BILLING: ("Poza eBOK", "", "info"),
    DeliveryState.WAITS_FOR_KSEF: ("Czeka na numer KSeF", "soon", "clock"),
    DeliveryState.IN_KSEF: ("W KSeF", "done", "check"),
    DeliveryState.WAITING: ("Czeka na wysyłkę", "soon", "clock"),
    DeliveryState.QUEUED: ("W kolejce", "soon", "clock"),
    DeliveryState.SENDING: ("W wysyłce", "soon", "clock"),
    DeliveryState.SENT: ("Wysłana", "done", "check"),
    DeliveryState.DELIVERED: ("Doręczona", "done", "check"),
    DeliveryState.TEMPORARY: ("Ponawiamy wysyłkę", "soon", "clock"),
    DeliveryState.PERMANENT: ("Nie doszła", "late", "late"),
    DeliveryState.STUCK: ("Wstrzymana", "late", "late"),
    DeliveryState.PAPER_WAITING: ("Czeka na wydruk", "soon", "clock"),
    DeliveryState.PRINTING: ("W druku", "soon", "clock"),
    DeliveryState.PRINTED: ("Wydrukowana", "done", "check"),
    DeliveryState.BILLING_PRINTS: ("Wydrukuje system rozliczeń", "soon", "clock"),
}
"""Where it is: a word, the kind of badge that colors it, and its icon."""
_FELL_BACK: Final = "E-mail nie doszedł, więc faktura idzie na papierze."
_NEVER_MAILED: Final = "Nie wysłaliśmy jej e-mailem, więc faktura idzie na papierze."


@dataclass(frozen=True, slots=True, kw_only=True)
class WayWords:
    """The way of one invoice in words. `kind` and `icon` are those of a badge, `when` the moment of the state.

    `proof` names the entry of the consent ledger that the reason rests on, empty where nobody ever decided.
    """

    channel: str
    reason: str
    state: str
    kind: str
    icon: str
    when: str
    proof: str


def way_words(way: Transmission) -> WayWords:
    """Put the way of an invoice into words."""
    state, kind, icon = STATES[way.state]
    return WayWords(
        channel=_channel(way),
        reason=_reason(way),
        state=state,
        kind=kind,
        icon=icon,
        when=moment(way.state_at),
        proof=f"wpis {way.proof}" if way.proof is not None else "",
    )


def _reason(way: Transmission) -> str:
    if way.fallback is None:
        return REASONS[way.reason]
    return _FELL_BACK if way.address else _NEVER_MAILED


def _channel(way: Transmission) -> str:
    if way.fallback is not None:
        return CHANNELS[Channel.PAPER]
    if way.copy_by_email:
        return f"{CHANNELS[way.channel]}, kopia e-mailem"
    by_billing = way.carried_by is Carrier.BILLING and way.channel is not Channel.KSEF
    return f"{CHANNELS[way.channel]}, z systemu rozliczeń" if by_billing else CHANNELS[way.channel]
