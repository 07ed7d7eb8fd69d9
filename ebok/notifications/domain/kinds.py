"""What kinds of message there are, how each travels, and what each must be told."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class MessageKind(StrEnum):
    """Every message eBOK sends. Each has a subject, a text and an HTML template of its name, or an SMS template."""

    PASSWORD_RESET_CODE = "password_reset_code"  # noqa: S105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    READING_RECEIVED = "reading_received"
    LOGIN_CODE = "login_code"
    NEW_DEVICE = "new_device"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    EMAIL_CHANGE_CODE = "email_change_code"
    EMAIL_CHANGED = "email_changed"
    PHONE_CHANGE_CODE = "phone_change_code"
    PHONE_CHANGED = "phone_changed"
    ACTIVATION_CODE = "activation_code"
    ACCESS_ADDED = "access_added"
    ACCESS_REQUESTED = "access_requested"
    ACCESS_DECIDED = "access_decided"
    INVITATION = "invitation"
    INVITATION_ACCEPTED = "invitation_accepted"
    GRANT_ENDED = "grant_ended"
    APPLICATION_RECEIVED = "application_received"
    APPLICATION_STEP = "application_step"
    APPLICATION_QUESTION = "application_question"
    APPLICATION_REFUSED = "application_refused"
    APPLICATION_ACCEPTED = "application_accepted"
    DETAILS_CHANGED = "details_changed"
    DATA_CHANGE_DECIDED = "data_change_decided"
    LOGIN_CLOSED = "login_closed"
    INVOICE = "invoice"
    CORRECTION = "correction"
    E_INVOICE_ACCEPTED = "e_invoice_accepted"
    E_INVOICE_CHANGED = "e_invoice_changed"
    E_INVOICE_WITHDRAWN = "e_invoice_withdrawn"
    E_INVOICE_ADDRESS_CODE = "e_invoice_address_code"
    E_INVOICE_FAILED = "e_invoice_failed"


_INVOICE: Final = frozenset(
    {
        "number", "period", "amount", "due", "nrb", "title", "account_hint", "page", "check_page", "withdraw_page",
        "instead", "file",
    }
)  # fmt: skip
"""`period` and `due` end in their year ("październik 2026", "30 listopada 2026"): the subject leaves it out. `due` is
empty when nothing is to be paid. Pages are paths of this site beginning with "/"; `file` is the name of the attached
file, empty when only the page is named; `nrb` may be empty. `instead` says how invoices come after a withdrawal.
"""

NEEDED: Final[Mapping[MessageKind, frozenset[str]]] = {
    MessageKind.PASSWORD_RESET_CODE: frozenset({"code"}),
    MessageKind.PASSWORD_CHANGED: frozenset(),
    MessageKind.READING_RECEIVED: frozenset({"meter_serial", "value", "read_on", "status"}),
    MessageKind.LOGIN_CODE: frozenset({"code"}),
    MessageKind.NEW_DEVICE: frozenset({"when", "device"}),
    MessageKind.SECOND_FACTOR_CHANGED: frozenset({"what", "when"}),
    MessageKind.EMAIL_CHANGE_CODE: frozenset({"code"}),
    MessageKind.EMAIL_CHANGED: frozenset({"new_hint"}),
    MessageKind.PHONE_CHANGE_CODE: frozenset({"code"}),
    MessageKind.PHONE_CHANGED: frozenset({"new_hint"}),
    MessageKind.ACTIVATION_CODE: frozenset({"code"}),
    MessageKind.ACCESS_ADDED: frozenset({"account_hint", "who", "role", "when"}),
    MessageKind.ACCESS_REQUESTED: frozenset({"account_hint", "who"}),
    MessageKind.ACCESS_DECIDED: frozenset({"account_hint", "decision", "reason"}),
    MessageKind.INVITATION: frozenset({"inviter", "account_hint", "role", "code", "until"}),
    MessageKind.INVITATION_ACCEPTED: frozenset({"account_hint", "who", "role"}),
    MessageKind.GRANT_ENDED: frozenset({"account_hint", "role"}),
    MessageKind.APPLICATION_RECEIVED: frozenset({"number", "code"}),
    MessageKind.APPLICATION_STEP: frozenset({"number", "step"}),
    MessageKind.APPLICATION_QUESTION: frozenset({"number", "question"}),
    MessageKind.APPLICATION_REFUSED: frozenset({"number", "reason"}),
    MessageKind.APPLICATION_ACCEPTED: frozenset({"number", "code", "until"}),
    MessageKind.DETAILS_CHANGED: frozenset({"account_hint", "what", "when"}),
    MessageKind.DATA_CHANGE_DECIDED: frozenset({"account_hint", "decision", "reason"}),
    MessageKind.LOGIN_CLOSED: frozenset(),
    MessageKind.INVOICE: _INVOICE,
    MessageKind.CORRECTION: _INVOICE | {"corrects", "change"},
    MessageKind.E_INVOICE_ACCEPTED: frozenset({"account_hint", "what", "address", "since", "price_effect"}),
    MessageKind.E_INVOICE_CHANGED: frozenset({"account_hint", "what", "address", "since"}),
    MessageKind.E_INVOICE_WITHDRAWN: frozenset({"account_hint", "what", "since"}),
    MessageKind.E_INVOICE_ADDRESS_CODE: frozenset({"code"}),
    MessageKind.E_INVOICE_FAILED: frozenset({"account_hint", "address_hint", "number"}),
}
"""The keys each kind's context must have, all plain text: the words the reader sees.

`…_hint` shows the end of a number or address only; `what`, `step`, `decision` and `change` are whole Polish phrases;
`since` is a day in words; `reason`, `due`, `file`, `nrb` and `price_effect` may be empty.
"""

SECRET: Final[Mapping[MessageKind, frozenset[str]]] = {
    kind: frozenset({"code"}) for kind, keys in NEEDED.items() if "code" in keys
}
"""Keys whose value is forgotten as soon as the message is sent, given up or expired."""

ONLY_BY_SMS: Final = frozenset({MessageKind.PHONE_CHANGE_CODE})
BY_SMS: Final = ONLY_BY_SMS | {
    MessageKind.ACTIVATION_CODE,
    MessageKind.ACCESS_ADDED,
    MessageKind.ACCESS_REQUESTED,
    MessageKind.INVITATION,
    MessageKind.PHONE_CHANGED,
    MessageKind.DETAILS_CHANGED,
    MessageKind.APPLICATION_RECEIVED,
    MessageKind.APPLICATION_STEP,
    MessageKind.APPLICATION_QUESTION,
    MessageKind.APPLICATION_REFUSED,
}
"""Kinds that can also go by SMS: they have an SMS template of one part."""
