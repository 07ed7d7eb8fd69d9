"""What the customer reads about each decision, and about each entry of the ledger."""

from dataclasses import dataclass
from typing import Final

from ebok.einvoicing.domain.consent_words import CHANNEL, deed_words
from ebok.einvoicing.operations.acceptance import AcceptanceRefusal
from ebok.foundation.formats import long_date, moment, short_date
from ebok.terms.domain import ConsentChannel, ConsentDecision, ConsentDeed, ConsentEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWords:
    """One decision in words: its name in addresses, its titles, what it is, why, and what changes with it."""

    slug: str
    title: str
    icon: str
    turn_on: str
    off: str
    what: str
    why: str
    changes: str
    changes_then: str
    """The same said while it is off, so that nobody takes it for what is so now."""


WORDS: Final = {
    ConsentDecision.E_INVOICE: DecisionWords(
        slug="e-faktury",
        title="E-faktury",
        icon="invoice",
        turn_on="Włącz e-faktury",
        off="E-faktury są wyłączone",
        what="Faktury, korekty i duplikaty przychodzą e-mailem. Są tak samo ważne jak papierowe.",
        why="Masz je od razu i nie zginą w skrzynce na listy. Wszystkie są też w eBOK.",
        changes="Papierowych faktur już nie wyślemy.",
        changes_then="Gdy je włączysz, papierowych faktur już nie wyślemy.",
    ),
    ConsentDecision.NOTICES_EMAIL: DecisionWords(
        slug="e-mail",
        title="Powiadomienia e-mailem",
        icon="mail",
        turn_on="Włącz powiadomienia e-mailem",
        off="Powiadomienia e-mailem są wyłączone",
        what="Napiszemy o przerwach w dostawie wody, odczytach, nowych fakturach i terminach zapłaty.",
        why="Wiesz wcześniej i nie musisz tu zaglądać.",
        changes="Reklam nie wysyłamy.",
        changes_then="Reklam nie wysyłamy.",
    ),
    ConsentDecision.NOTICES_SMS: DecisionWords(
        slug="sms",
        title="Powiadomienia SMS-em",
        icon="phone",
        turn_on="Włącz powiadomienia SMS-em",
        off="Powiadomienia SMS-em są wyłączone",
        what="Wyślemy SMS o przerwach w dostawie wody, odczytach, nowych fakturach i terminach zapłaty.",
        why="Dojdzie także bez internetu.",
        changes="Są bezpłatne. Reklam nie wysyłamy.",
        changes_then="Są bezpłatne. Reklam nie wysyłamy.",
    ),
}
BY_SLUG: Final = {words.slug: decision for decision, words in WORDS.items()}
WITH_NIP: Final = (
    "To konto ma NIP, więc faktury wystawiamy w KSeF, z Twoją zgodą albo bez niej. "
    "Zgoda oznacza, że e-mailem przyślemy też ich czytelną postać, gdy dostaną numer KSeF."
)
WITH_NIP_CHANGES: Final = "Faktura jest w KSeF i w eBOK, a jej czytelna postać przychodzi też e-mailem."
WITH_NIP_THEN: Final = "Gdy je włączysz, czytelna postać faktury z KSeF przyjdzie też e-mailem."
FAILS: Final = "Faktury wysyłamy na papierze, aż potwierdzisz adres kodem."
FAILS_WITH_NIP: Final = "Faktury są w KSeF i w eBOK. E-mailem wrócą, gdy potwierdzisz adres kodem."
_NOBODY: Final = frozenset({ConsentChannel.BILLING, ConsentChannel.HANDOVER})
"""Ways by which no person decides: who it was says the way already."""
REFUSED: Final = {
    AcceptanceRefusal.WRONG_CODE: "Ten kod się nie zgadza. Sprawdź cyfry w najnowszej wiadomości.",
    AcceptanceRefusal.EXPIRED: "Ten kod już nie działa. Wyślij nowy kod i wpisz go tutaj.",
    AcceptanceRefusal.NOT_YOURS: "Twój kontakt w eBOK jest już inny. Zacznij jeszcze raz.",
    AcceptanceRefusal.ALREADY_GIVEN: "To jest już włączone. Zobacz niżej.",
    AcceptanceRefusal.NOT_GIVEN: "To jest już wyłączone. Zobacz niżej.",
    AcceptanceRefusal.SAME_ADDRESS: "Ten adres jest już zapisany. Wpisz inny.",
    AcceptanceRefusal.OTHER_WORDING: "Treść zgody jest już nowsza. Przeczytaj ją i zacznij jeszcze raz.",
    AcceptanceRefusal.OTHER: "Tego teraz nie zapiszemy. Zadzwoń do nas.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry of the ledger as its list says it."""

    id: int
    what: str
    when: str
    who: str
    since: str


def entry_line(entry: ConsentEntry, *, who: str) -> EntryLine:
    """Put an entry in words."""
    return EntryLine(
        id=entry.id,
        what=deed_words(decision=entry.decision, deed=entry.deed),
        when=moment(entry.recorded_at),
        who=who if entry.channel in _NOBODY else f"{who}, {CHANNEL[entry.channel]}",
        since=short_date(entry.effective_from),
    )


def effect(entry: ConsentEntry, *, has_nip: bool) -> str:
    """What an entry changes, and from which invoice."""
    day = long_date(entry.effective_from)
    if entry.decision is not ConsentDecision.E_INVOICE:
        return f"Wysyłamy je od {day}." if entry.deed is not ConsentDeed.WITHDRAWN else f"Nie wysyłamy ich od {day}."
    if entry.deed is ConsentDeed.CHANGED:
        return "Na nowy adres wyślemy następną e-fakturę."
    if has_nip and entry.deed is ConsentDeed.WITHDRAWN:
        return f"Faktur wystawionych {day} i później nie przyślemy już e-mailem. Są w KSeF i w eBOK."
    if has_nip:
        return f"Dotyczy faktur wystawionych {day} i później."
    if entry.deed is ConsentDeed.GIVEN:
        return f"Pierwszą e-fakturą będzie ta, którą wystawimy {day} albo później. {WORDS[entry.decision].changes}"
    return (
        f"Na papierze przyjdzie faktura, którą wystawimy {day} albo później. "
        "Faktury wystawione wcześniej zostają e-fakturami."
    )
