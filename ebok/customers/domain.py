"""Customer accounts and the scope through which they are reached."""

from dataclasses import dataclass
from enum import StrEnum


class CustomerKind(StrEnum):
    """Whom the account belongs to."""

    PERSON = "person"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerScope:
    """Which customer accounts a caller may reach. Every query of a customer's data takes one first.

    Made by `access.queries.scope_for_user`, by `for_staff` with a reason, or by `whole` in jobs and
    interchange only. `account_ids` None means all accounts.
    """

    account_ids: frozenset[int] | None
    reason: str

    def allows(self, account_id: int) -> bool:
        """Say whether the account is in scope."""
        return self.account_ids is None or account_id in self.account_ids

    def narrowed(self, account_id: int) -> "CustomerScope":
        """The part of this scope that is one account; empty when the account is not in it."""
        ids = frozenset({account_id}) if self.allows(account_id) else frozenset[int]()
        return CustomerScope(account_ids=ids, reason=self.reason)

    @classmethod
    def for_accounts(cls, account_ids: frozenset[int], *, reason: str) -> "CustomerScope":
        """A scope of just these accounts."""
        return cls(account_ids=account_ids, reason=reason)

    @classmethod
    def whole(cls, *, acting: str) -> "CustomerScope":
        """All accounts, for jobs and imports; `acting` names them."""
        return cls(account_ids=None, reason=acting)
