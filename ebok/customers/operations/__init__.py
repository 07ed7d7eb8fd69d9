"""Writing accounts as the registry gives them, and what their holders change about them."""

from ebok.customers.operations.care import (
    CONTACT_CHANGED,
    DATA_CHANGE_DECIDED,
    ContactRefusal,
    DataRefusal,
    UnableToAskForData,
    UnableToChangeContact,
    UnableToDecideData,
    ask_for_data_change,
    change_contact,
    change_contacts,
    change_correspondence,
    decide_data_change,
)
from ebok.customers.operations.handover import end_contact_changes
from ebok.customers.operations.registry import (
    Registered,
    pesel_digest,
    register_accounts,
    register_points,
)

__all__ = [
    "CONTACT_CHANGED",
    "DATA_CHANGE_DECIDED",
    "ContactRefusal",
    "DataRefusal",
    "Registered",
    "UnableToAskForData",
    "UnableToChangeContact",
    "UnableToDecideData",
    "ask_for_data_change",
    "change_contact",
    "change_contacts",
    "change_correspondence",
    "decide_data_change",
    "end_contact_changes",
    "pesel_digest",
    "register_accounts",
    "register_points",
]
