"""How somebody shows that an account is theirs, and what a letter with a code says."""

from ebok.enrolment.domain.activation import (
    CODE_LIFETIME,
    CODE_TRIES,
    DAYS_BETWEEN_LETTERS,
    INVOICES_THAT_PROVE,
    PROOF_LIFETIME,
    ActivationMethod,
    Delivery,
    MadeCode,
    ProofTicket,
    may_order_again,
    usable,
)

__all__ = [
    "CODE_LIFETIME",
    "CODE_TRIES",
    "DAYS_BETWEEN_LETTERS",
    "INVOICES_THAT_PROVE",
    "PROOF_LIFETIME",
    "ActivationMethod",
    "Delivery",
    "MadeCode",
    "ProofTicket",
    "may_order_again",
    "usable",
]
