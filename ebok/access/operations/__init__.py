"""Making and closing logins, giving and taking access, codes and passwords, the posts and visits of staff."""

from ebok.access.operations.care import tell_of_contact_change, tell_of_data_decision
from ebok.access.operations.closing import ClosingRefusal, UnableToClose, close_login
from ebok.access.operations.codes import (
    IssuedCode,
    RightCode,
    check_code,
    forget_past_codes,
    issue_code,
    send_code,
    spend_code,
)
from ebok.access.operations.decided import open_as_decided
from ebok.access.operations.devices import SeenDevice, forget_past_devices, see_device
from ebok.access.operations.giving import GivenGrant, GrantRefusal, UnableToGrant
from ebok.access.operations.grants import grant, revoke, take_back
from ebok.access.operations.handover import hand_over_what_ran_out
from ebok.access.operations.identity import (
    IdentityRefusal,
    UnableToChangeIdentity,
    ask_to_change_email,
    ask_to_change_phone,
    confirm_new_email,
    confirm_new_phone,
    remove_phone,
)
from ebok.access.operations.invitations import (
    InvitationRefusal,
    Invited,
    UnableToInvite,
    accept_invitation,
    invite,
    withdraw_invitation,
)
from ebok.access.operations.logins import (
    LoginRefusal,
    UnableToCreateUser,
    UnableToSetPassword,
    change_password,
    create_user,
)
from ebok.access.operations.ownership import Taken, end_ownership, take_ownership
from ebok.access.operations.passwords import general_faults
from ebok.access.operations.requests import decide_request
from ebok.access.operations.resets import (
    ResetRefusal,
    UnableToReset,
    ask_for_reset,
    reset_password,
)
from ebok.access.operations.sign_in import (
    SignInRefusal,
    UnableToSignIn,
    ask_for_sign_in_code,
    login_by_password,
    prove_by_code,
)
from ebok.access.operations.staff import StaffRefusal, UnableToPost, end_staff, make_staff
from ebok.access.operations.telling import contacts_of
from ebok.access.operations.visits import UnableToOpenCustomer, VisitRefusal, leave_customer, open_customer

__all__ = [
    "ClosingRefusal",
    "GivenGrant",
    "GrantRefusal",
    "IdentityRefusal",
    "InvitationRefusal",
    "Invited",
    "IssuedCode",
    "LoginRefusal",
    "ResetRefusal",
    "RightCode",
    "SeenDevice",
    "SignInRefusal",
    "StaffRefusal",
    "Taken",
    "UnableToChangeIdentity",
    "UnableToClose",
    "UnableToCreateUser",
    "UnableToGrant",
    "UnableToInvite",
    "UnableToOpenCustomer",
    "UnableToPost",
    "UnableToReset",
    "UnableToSetPassword",
    "UnableToSignIn",
    "VisitRefusal",
    "accept_invitation",
    "ask_for_reset",
    "ask_for_sign_in_code",
    "ask_to_change_email",
    "ask_to_change_phone",
    "change_password",
    "check_code",
    "close_login",
    "confirm_new_email",
    "confirm_new_phone",
    "contacts_of",
    "create_user",
    "decide_request",
    "end_ownership",
    "end_staff",
    "forget_past_codes",
    "forget_past_devices",
    "general_faults",
    "grant",
    "hand_over_what_ran_out",
    "invite",
    "issue_code",
    "leave_customer",
    "login_by_password",
    "make_staff",
    "open_as_decided",
    "open_customer",
    "prove_by_code",
    "remove_phone",
    "reset_password",
    "revoke",
    "see_device",
    "send_code",
    "spend_code",
    "take_back",
    "take_ownership",
    "tell_of_contact_change",
    "tell_of_data_decision",
    "withdraw_invitation",
]
