"""Customer accounts and the scope through which they are reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final


class CustomerKind(StrEnum):
    """Whom the account belongs to."""

    PERSON = "person"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWindow:
    """Which days' papers may be seen: from `since` up to, not including, `until`; None means no bound."""

    since: date | None = None
    until: date | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether any day is left out."""
        return self.since is not None or self.until is not None

    def covers(self, day: date) -> bool:
        """Say whether papers of this day may be seen."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerScope:
    """Which customer accounts a caller may reach. Every query of a customer's data takes one first.

    Made from the grants of a user (`access.domain.HeldGrants.scope`), by `for_staff` with a reason, by
    `for_proof` in enrolment only, or by `whole` in jobs and interchange only. `account_ids` None means all
    accounts. `windows` bounds the days whose rows are seen, for the accounts it names: a former owner keeps
    the papers of their own time, a later owner never sees those before theirs.
    """

    account_ids: frozenset[int] | None
    reason: str
    windows: Mapping[int, DocumentWindow] = field(default_factory=dict)

    def allows(self, account_id: int) -> bool:
        """Say whether the account is in scope."""
        return self.account_ids is None or account_id in self.account_ids

    @property
    def past_accounts(self) -> frozenset[int]:
        """Accounts whose window has an end: one had them once, and of today nothing is told."""
        ended = (account for account, window in self.windows.items() if window.until is not None)
        return frozenset(account for account in ended if self.allows(account))

    def narrowed(self, account_id: int) -> "CustomerScope":
        """The part of this scope that is one account; empty when the account is not in it."""
        ids = frozenset({account_id}) if self.allows(account_id) else frozenset[int]()
        windows = {account_id: self.windows[account_id]} if account_id in self.windows else {}
        return CustomerScope(account_ids=ids, reason=self.reason, windows=windows)

    @classmethod
    def for_accounts(
        cls, account_ids: frozenset[int], *, reason: str, windows: Mapping[int, DocumentWindow] | None = None
    ) -> "CustomerScope":
        """A scope of just these accounts."""
        return cls(account_ids=account_ids, reason=reason, windows=windows or {})

    @classmethod
    def for_staff(cls, account_ids: frozenset[int] | None, *, reason: str) -> "CustomerScope":
        """A scope of the office: accounts opened with the reason typed, or None for a search or a queue."""
        return cls(account_ids=account_ids, reason=reason)

    @classmethod
    def for_proof(cls, *, acting: str) -> "CustomerScope":
        """All accounts, for enrolment alone: to compare what somebody claims with what is on file."""
        return cls(account_ids=None, reason=acting)

    @classmethod
    def whole(cls, *, acting: str) -> "CustomerScope":
        """All accounts, for jobs and imports; `acting` names them."""
        return cls(account_ids=None, reason=acting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A Polish postal address; a village without streets has `street` empty."""

    street: str
    house: str
    flat: str
    postal_code: str
    city: str

    @property
    def place(self) -> str:
        """Street, house and flat: `ul. Polna 1/2`; the city's name where there is no street."""
        number = f"{self.house}/{self.flat}" if self.house and self.flat else self.house or self.flat
        return f"{self.street or self.city if number else self.street} {number}".strip()

    @property
    def words(self) -> str:
        """The whole address on one line: `ul. Polna 1/2, 05-400 Otwock`."""
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.place, town) if part)

    def __bool__(self) -> bool:
        return bool(self.street or self.house or self.city)


NOWHERE: Final = Address(street="", house="", flat="", postal_code="", city="")
PAST_NAME: Final = "dawne konto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A customer account as the registry gives it, with the contacts its holder has changed since.

    `correspondence` is empty when it equals `address`.
    """

    id: int
    number: str
    kind: CustomerKind
    name: str
    nip: str
    email: str
    phone: str
    address: Address
    correspondence: Address
    payment_nrb: str
    collect_id: str
    tariff_group: str
    billing_months: int | None
    opened_on: date | None
    closed_on: date | None

    def as_past(self) -> "Account":
        """What is left to somebody who had it once: its number, and nothing of whoever holds it now."""
        return replace(
            self, kind=CustomerKind.PERSON, name=PAST_NAME, nip="", email="", phone="", address=NOWHERE,
            correspondence=NOWHERE, payment_nrb="", collect_id="", tariff_group="", billing_months=None,
            opened_on=None, closed_on=None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A service point with the account that takes water there, and since when and until when it does."""

    id: int
    number: str
    account_id: int
    account_number: str
    address: Address
    zone: str
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What a customer calls a property: one customer account, named by its service address."""

    account_id: int
    number: str
    name: str
    address: Address
    closed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRow:
    """A checked row of a registry table: its line, its key, and the values of the columns the file has."""

    line: int
    key: str
    values: Mapping[str, Any]
