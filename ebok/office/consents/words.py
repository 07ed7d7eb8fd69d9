"""What the office reads about consents on paper."""

from typing import Final

from ebok.einvoicing.domain.consent_words import BASIS, CHANNEL, deed_words, shown_address
from ebok.foundation.formats import long_date, moment
from ebok.terms.domain import ConsentDecision, ConsentDeed, ConsentEntry
from ebok.terms.operations import ConsentRefusal

DECISIONS: Final = {
    ConsentDecision.E_INVOICE: "e-faktury",
    ConsentDecision.NOTICES_EMAIL: "powiadomienia e-mailem",
    ConsentDecision.NOTICES_SMS: "powiadomienia SMS-em",
}
DEEDS: Final = {
    ConsentDeed.GIVEN: "Zgadza się",
    ConsentDeed.CHANGED: "Zmienia adres albo numer",
    ConsentDeed.WITHDRAWN: "Wycofuje zgodę",
}
REFUSED: Final = {
    ConsentRefusal.ALREADY_GIVEN: ("decisions", "Ta zgoda już obowiązuje: {what}. Nowy adres zapisz jako zmianę."),
    ConsentRefusal.NOT_GIVEN: ("decisions", "Tej zgody teraz nie ma: {what}. Sprawdź numer konta i formularz."),
    ConsentRefusal.SAME_ADDRESS: ("decisions", "Ten adres jest już zapisany: {what}."),
    ConsentRefusal.LATER_DECISION: ("signed_on", "Klient zdecydował inaczej później: {what}. Obowiązuje tamto."),
    ConsentRefusal.FORMER_HOLDER: (
        "signed_by",
        "Podpisano to, zanim konto przejął obecny odbiorca: {what}. Jeśli podpisał on, wpisz jego nazwę "
        "jak w kartotece. Zgody poprzednika nie zapisuj.",
    ),
    ConsentRefusal.IN_THE_FUTURE: ("signed_on", "Ten dzień dopiero będzie. Wpisz dzień z formularza."),
    ConsentRefusal.BAD_ADDRESS: ("email", "Sprawdź adres i numer: {what}."),
    ConsentRefusal.BAD_PERSON: ("signed_by", "Wpisz imię i nazwisko albo nazwę."),
    ConsentRefusal.PESEL: ("signed_by", "Usuń numer PESEL. Nie zapisujemy go w eBOK."),
    ConsentRefusal.NO_WORDING: ("decisions", "Wybierz wersję treści jeszcze raz: {what}."),
    ConsentRefusal.NOT_IN_SCOPE: ("account_number", "Nie ma konta o tym numerze."),
}
OTHER: Final = ("decisions", "Tego nie da się zapisać: {what}. Sprawdź pola.")


def refused(reason: ConsentRefusal, decision: ConsentDecision) -> tuple[str, str]:
    """The field, and the sentence said there."""
    field, words = REFUSED.get(reason, OTHER)
    return field, words.format(what=DECISIONS[decision])


def entry_facts(entry: ConsentEntry, *, number: str, who: str) -> list[tuple[str, str]]:
    """One entry of the ledger, fact by fact."""
    since = "Nie obowiązuje od" if entry.deed is ConsentDeed.WITHDRAWN else "Obowiązuje od"
    facts = [
        ("Konto klienta", number),
        ("Decyzja", deed_words(decision=entry.decision, deed=entry.deed)),
        ("Kto", who),
        ("Jak", CHANNEL[entry.channel]),
        ("Adres", shown_address(entry)),
        ("Adres potwierdza", BASIS[entry.basis]),
        ("Dzień decyzji", long_date(entry.given_on)),
        ("Zapisano", moment(entry.recorded_at)),
        (since, long_date(entry.effective_from)),
        ("Dowód", entry.evidence),
        ("Skrót wpisu", entry.sha256.hex()),
    ]
    return [(label, value) for label, value in facts if value]
