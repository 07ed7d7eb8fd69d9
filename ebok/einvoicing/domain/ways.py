"""The legal way of an invoice: KSeF, e-mail or paper, and the reason."""

from enum import StrEnum


class Channel(StrEnum):
    """The legal way an invoice travels (doręczenie)."""

    KSEF = "ksef"
    EMAIL = "email"
    PAPER = "paper"


class WayReason(StrEnum):
    """Why an invoice goes the way it goes."""

    BUYER_WITH_NIP = "buyer_with_nip"
    """The buyer has a NIP: KSeF (art. 106ga ustawy o VAT)."""
    ACCEPTED = "accepted"
    """E-invoices were accepted on the day of issue (art. 106n ustawy o VAT)."""
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    """The acceptance had been withdrawn before the day of issue."""
    ACCEPTED_LATER = "accepted_later"
    """There is an acceptance, but it holds from a later day."""
    ADDRESS_FAILS = "address_fails"
    """Accepted, but the address has refused mail for good and was not confirmed since."""


class Carrier(StrEnum):
    """Who carries an invoice its way: this eBOK, or the billing system as before."""

    EBOK = "ebok"
    BILLING = "billing"
