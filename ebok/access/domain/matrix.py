"""Who may do what: the table of roles and actions, for customers' accounts and for the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ebok.customers.domain import CustomerScope, DocumentWindow


class GrantRole(StrEnum):
    """How much of an account a grant opens (dostęp)."""

    OWNER = "owner"
    FULL = "full"
    PAYER = "payer"
    INVOICES = "invoices"
    READINGS = "readings"

    @property
    def word(self) -> str:
        """The role in Polish, as people see it."""
        return _WORDS[self]


class AccountAction(StrEnum):
    """What one can do with a customer's account. Every view of a customer's data names one."""

    SEE_ACCOUNT = "see_account"
    """That the account is there: its number and address. Every role has it."""
    SEE_BALANCE = "see_balance"
    SEE_INVOICES = "see_invoices"
    """Invoices and their files, and whether each is paid."""
    SEE_LEDGER = "see_ledger"
    PAY = "pay"
    SEE_READINGS = "see_readings"
    SEND_READINGS = "send_readings"
    SEE_DETAILS = "see_details"
    """The holder's contact and contract data on file."""
    CHANGE_DETAILS = "change_details"
    SEE_CONSENTS = "see_consents"
    """Which consents are in force, and the way invoices go."""
    GIVE_CONSENTS = "give_consents"
    """Accept electronic invoices and notices, change the address, withdraw."""
    MANAGE_ACCESS = "manage_access"
    SEE_VIEWERS = "see_viewers"


_WORDS: Final = {
    GrantRole.OWNER: "właściciel",
    GrantRole.FULL: "pełny dostęp",
    GrantRole.PAYER: "płatnik",
    GrantRole.INVOICES: "tylko faktury",
    GrantRole.READINGS: "tylko odczyty",
}
_MONEY: Final = frozenset(
    {AccountAction.SEE_BALANCE, AccountAction.SEE_INVOICES, AccountAction.SEE_LEDGER, AccountAction.PAY}
)
_READINGS: Final = frozenset({AccountAction.SEE_READINGS, AccountAction.SEND_READINGS})
_SEEN: Final = frozenset({AccountAction.SEE_ACCOUNT})

ALLOWED: Final[Mapping[GrantRole, frozenset[AccountAction]]] = {
    GrantRole.OWNER: frozenset(AccountAction),
    GrantRole.FULL: frozenset(AccountAction) - {AccountAction.MANAGE_ACCESS, AccountAction.SEE_VIEWERS},
    GrantRole.PAYER: _SEEN | _MONEY,
    GrantRole.INVOICES: _SEEN | {AccountAction.SEE_INVOICES},
    GrantRole.READINGS: _SEEN | _READINGS,
}
"""The matrix of roles and actions. What is not here nobody may do."""

FORMER_OWNER_MAY: Final[frozenset[AccountAction]] = frozenset({AccountAction.SEE_INVOICES})
"""What is left to an owner whose ownership has ended: the documents of their own time, nothing later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGrant:
    """One grant of a login as it stands today. `former`: an ownership that has ended; others that ended are not held.

    `window` is which days' papers it opens.
    """

    account_id: int
    role: GrantRole
    former: bool
    window: DocumentWindow

    def may(self, action: AccountAction) -> bool:
        """Say whether this grant allows the action on its account."""
        return action in (FORMER_OWNER_MAY if self.former else ALLOWED[self.role])


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGrants:
    """Everything a login holds today: asked once a request."""

    user_id: int
    grants: tuple[HeldGrant, ...]

    def scope(self, action: AccountAction) -> CustomerScope:
        """The accounts on which the login may do this, each with the days whose papers it sees."""
        able = [held for held in self.grants if held.may(action)]
        windows = {held.account_id: held.window for held in able if held.window.is_bounded}
        ids = frozenset(held.account_id for held in able)
        return CustomerScope.for_accounts(ids, reason=f"user:{self.user_id}", windows=windows)

    def may_anywhere(self, action: AccountAction) -> bool:
        """Say whether the login may do this on any account."""
        return any(held.may(action) for held in self.grants)

    def actions_on(self, account_id: int) -> frozenset[AccountAction]:
        """Everything the login may do on this account."""
        there = [held for held in self.grants if held.account_id == account_id]
        return frozenset(action for action in AccountAction if any(held.may(action) for held in there))

    def may(self, action: AccountAction, account_id: int) -> bool:
        """Say whether the login may do this on this account."""
        return action in self.actions_on(account_id)

    def role_on(self, account_id: int) -> GrantRole | None:
        """The role on this account, None without a grant in force."""
        return next((held.role for held in self.grants if held.account_id == account_id and not held.former), None)


class StaffRole(StrEnum):
    """What a member of staff works at."""

    CLERK = "clerk"
    READINGS = "readings"
    BILLING = "billing"
    DISPATCH = "dispatch"
    ADMINISTRATOR = "administrator"
    DATA_PROTECTION = "data_protection"

    @property
    def word(self) -> str:
        """The role in Polish."""
        return _STAFF_WORDS[self]


class StaffAction(StrEnum):
    """What one can do in the office. Every view of the office names one."""

    ENTER = "enter"
    """The home of the office. Every role has it."""
    SEARCH_CUSTOMERS = "search_customers"
    OPEN_CUSTOMER = "open_customer"
    DECIDE_APPLICATIONS = "decide_applications"
    PRINT_LETTERS = "print_letters"
    DECIDE_ACCESS = "decide_access"
    """Requests for access, and ending an ownership."""
    DECIDE_DATA_CHANGES = "decide_data_changes"
    ENTER_CONSENTS = "enter_consents"
    """Consents that came on paper, with their scans."""
    PRINT_INVOICES = "print_invoices"
    SEND_INVOICES = "send_invoices"
    """Runs that send invoices, failed deliveries, reports of suspect invoices."""
    SEE_AUDIT = "see_audit"


_STAFF_WORDS: Final = {
    StaffRole.CLERK: "BOK",
    StaffRole.READINGS: "odczyty",
    StaffRole.BILLING: "rozliczenia",
    StaffRole.DISPATCH: "dyżurny",
    StaffRole.ADMINISTRATOR: "administrator",
    StaffRole.DATA_PROTECTION: "IOD",
}
_LOOK: Final = frozenset({StaffAction.ENTER, StaffAction.SEARCH_CUSTOMERS, StaffAction.OPEN_CUSTOMER})

STAFF_ALLOWED: Final[Mapping[StaffRole, frozenset[StaffAction]]] = {
    StaffRole.CLERK: frozenset(StaffAction) - {StaffAction.SEE_AUDIT},
    StaffRole.READINGS: _LOOK,
    StaffRole.BILLING: _LOOK | {StaffAction.DECIDE_DATA_CHANGES, StaffAction.PRINT_INVOICES, StaffAction.SEND_INVOICES},
    StaffRole.DISPATCH: frozenset({StaffAction.ENTER}),
    StaffRole.ADMINISTRATOR: frozenset(StaffAction),
    StaffRole.DATA_PROTECTION: frozenset({StaffAction.ENTER, StaffAction.SEE_AUDIT}),
}
"""The matrix of staff roles and actions."""
