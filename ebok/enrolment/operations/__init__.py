"""Proving that an account is one's own, letters with codes, and what a proof opens."""

from ebok.enrolment.operations.activation import (
    Activated,
    ActivationRefusal,
    NewLogin,
    UnableToActivate,
    activate,
)
from ebok.enrolment.operations.application_drafts import (
    forget_old_drafts,
    save_draft,
    start_application,
    submit_application,
)
from ebok.enrolment.operations.application_paper import enter_paper_application
from ebok.enrolment.operations.application_steps import (
    ApplicationRefusal,
    UnableToApply,
    accept_application,
    answer_question,
    ask_applicant,
    confirm_application,
    refuse_application,
    withdraw_application,
)
from ebok.enrolment.operations.codes import make_activation_code
from ebok.enrolment.operations.fetching import LETTERS_AT_ONCE, REASON_MAX_LENGTH, fetch_letters
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
    send_data_code_again,
)

__all__ = [
    "LETTERS_AT_ONCE",
    "REASON_MAX_LENGTH",
    "Activated",
    "ActivationRefusal",
    "ApplicationRefusal",
    "LetterRefusal",
    "NewLogin",
    "UnableToActivate",
    "UnableToApply",
    "UnableToOrderLetter",
    "accept_application",
    "activate",
    "answer_question",
    "ask_applicant",
    "ask_for_data_code",
    "confirm_application",
    "enter_paper_application",
    "fetch_letters",
    "forget_old_drafts",
    "forget_past_proofs",
    "forget_unprinted",
    "make_activation_code",
    "mark_printed",
    "order_letter",
    "order_letter_unseen",
    "prove_by_data_code",
    "prove_by_invoice",
    "prove_by_letter",
    "refuse_application",
    "save_draft",
    "send_data_code_again",
    "start_application",
    "submit_application",
    "withdraw_application",
]
