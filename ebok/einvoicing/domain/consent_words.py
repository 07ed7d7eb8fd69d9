"""Decisions, deeds and what proves them in Polish words, for pages, messages and papers alike."""

from typing import Final

from ebok.kernel.phones import shown_phone
from ebok.terms.domain import ConsentBasis, ConsentChannel, ConsentDecision, ConsentDeed, ConsentEntry

WHAT: Final = {
    ConsentDecision.E_INVOICE: "e-faktury",
    ConsentDecision.NOTICES_EMAIL: "powiadomienia e-mailem",
    ConsentDecision.NOTICES_SMS: "powiadomienia SMS-em",
}
DEED: Final = {
    ConsentDeed.GIVEN: "Włączone",
    ConsentDeed.CHANGED: "Zmiana adresu",
    ConsentDeed.WITHDRAWN: "Wyłączone",
}
CHANNEL: Final = {
    ConsentChannel.ONLINE: "w eBOK",
    ConsentChannel.PAPER: "na papierze",
    ConsentChannel.BILLING: "w systemie rozliczeń",
    ConsentChannel.LINK: "linkiem z wiadomości",
    ConsentChannel.HANDOVER: "po zmianie odbiorcy",
}
BASIS: Final = {
    ConsentBasis.CODE: "kod wysłany na ten adres i wpisany w eBOK",
    ConsentBasis.LOGIN_ADDRESS: "adres loginu w eBOK, potwierdzony kodem",
    ConsentBasis.SIGNED_FORM: "podpis na formularzu",
    ConsentBasis.BILLING: "zapis w systemie rozliczeń",
    ConsentBasis.NONE: "",
}


def deed_words(*, decision: ConsentDecision, deed: ConsentDeed) -> str:
    """What was done, as a heading: `Włączone: e-faktury`, for SMS the number is changed and not the address."""
    said = "Zmiana numeru" if (decision, deed) == (ConsentDecision.NOTICES_SMS, ConsentDeed.CHANGED) else DEED[deed]
    return f"{said}: {WHAT[decision]}"


def shown_address(entry: ConsentEntry) -> str:
    """The address of an entry as people read it: an e-mail as it is, a number in groups."""
    return shown_phone(entry.address) if entry.decision is ConsentDecision.NOTICES_SMS else entry.address
