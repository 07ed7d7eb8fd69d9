"""Decisions on how invoices and notices reach a customer: given, changed, withdrawn, and what proves it."""

from enum import StrEnum


class ConsentDecision(StrEnum):
    """What is decided, each apart and for each account."""

    E_INVOICE = "e_invoice"
    """Acceptance of electronic invoices (art. 106n ustawy o VAT); not a consent of the RODO."""
    NOTICES_EMAIL = "notices_email"
    NOTICES_SMS = "notices_sms"


class ConsentDeed(StrEnum):
    """What was done."""

    GIVEN = "given"
    CHANGED = "changed"
    """The address or number is another one."""
    WITHDRAWN = "withdrawn"


class ConsentChannel(StrEnum):
    """How it was said."""

    ONLINE = "online"
    PAPER = "paper"
    BILLING = "billing"
    LINK = "link"
    """By the link of an invoice mail, without a login: withdrawals only."""


class ConsentBasis(StrEnum):
    """What confirms the address: that it is the customer's."""

    CODE = "code"
    """A code sent to it came back."""
    LOGIN_ADDRESS = "login_address"
    """It is the login's own, confirmed by a code before."""
    SIGNED_FORM = "signed_form"
    BILLING = "billing"
    NONE = "none"
    """Nothing had to be confirmed: a withdrawal."""
