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
    may_have_letter,
    may_order_again,
    usable,
)
from ebok.enrolment.domain.papers import ActivationLetter, WaitingLetter, in_postal_order
from ebok.enrolment.domain.typed import (
    TypedProblem,
    UnableToRead,
    bare_number,
    read_amount,
    read_number,
    spellings,
    the_one_meant,
    without_zeros,
)

__all__ = [
    "CODE_LIFETIME",
    "CODE_TRIES",
    "DAYS_BETWEEN_LETTERS",
    "INVOICES_THAT_PROVE",
    "PROOF_LIFETIME",
    "ActivationLetter",
    "ActivationMethod",
    "Delivery",
    "MadeCode",
    "ProofTicket",
    "TypedProblem",
    "UnableToRead",
    "WaitingLetter",
    "bare_number",
    "in_postal_order",
    "may_have_letter",
    "may_order_again",
    "read_amount",
    "read_number",
    "spellings",
    "the_one_meant",
    "usable",
    "without_zeros",
]
