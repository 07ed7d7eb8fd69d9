"""Proving that an account is one's own, letters with codes, and what a proof opens."""

from ebok.enrolment.operations.activation import (
    Activated,
    ActivationRefusal,
    NewLogin,
    UnableToActivate,
    activate,
    terms_accepted,
)
from ebok.enrolment.operations.codes import make_activation_code
from ebok.enrolment.operations.letters import (
    LetterRefusal,
    UnableToOrderLetter,
    forget_unprinted,
    mark_printed,
    order_letter,
    order_letter_unseen,
)
from ebok.enrolment.operations.proofs import (
    ask_for_data_code,
    forget_past_proofs,
    prove_by_data_code,
    prove_by_invoice,
    prove_by_letter,
)

__all__ = [
    "Activated",
    "ActivationRefusal",
    "LetterRefusal",
    "NewLogin",
    "UnableToActivate",
    "UnableToOrderLetter",
    "activate",
    "ask_for_data_code",
    "forget_past_proofs",
    "forget_unprinted",
    "make_activation_code",
    "mark_printed",
    "order_letter",
    "order_letter_unseen",
    "prove_by_data_code",
    "prove_by_invoice",
    "prove_by_letter",
    "terms_accepted",
]
