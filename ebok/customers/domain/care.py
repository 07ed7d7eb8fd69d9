"""What a customer changes about an account: contacts at once, data of the agreement by a request that staff decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ebok.customers.domain.accounts import Address
from ebok.kernel.names import is_same_name

WANTED_MAX_LENGTH: Final = 500
WHY_MAX_LENGTH: Final = 500
REASON_MAX_LENGTH: Final = 512
WAITING_AT_MOST: Final = 5
NEW_ADDRESS_WAITS: Final = timedelta(days=14)
"""For how long after a change online letters that open an account do not follow it."""
"""How many requests of one account may wait for a decision at once."""
ADDRESS_LENGTHS: Final[Mapping[str, int]] = {"street": 120, "house": 16, "flat": 16, "postal_code": 6, "city": 80}
"""Most letters in each part of a correspondence address: what fits on the lines of an envelope."""

ContactValue = str | dict[str, str]
"""An e-mail address or a phone number; or the five parts of an address, all empty for that of the premises."""


class ContactField(StrEnum):
    """A contact of an account that its holder changes at once."""

    CORRESPONDENCE = "correspondence"
    EMAIL = "email"
    PHONE = "phone"

    @property
    def word(self) -> str:
        """What it is called in Polish."""
        return _CONTACT_WORDS[self]


class DataField(StrEnum):
    """Data of the agreement: the billing system is their master, so that a change is asked for."""

    NAME = "name"
    SERVICE_ADDRESS = "service_address"
    NIP = "nip"
    HOLDER = "holder"
    OTHER = "other"

    @property
    def word(self) -> str:
        """What it is called in Polish."""
        return _DATA_WORDS[self]


_CONTACT_WORDS: Final = {
    ContactField.CORRESPONDENCE: "adres do korespondencji",
    ContactField.EMAIL: "adres e-mail",
    ContactField.PHONE: "numer telefonu",
}
_DATA_WORDS: Final = {
    DataField.NAME: "imię i nazwisko albo nazwa",
    DataField.SERVICE_ADDRESS: "adres nieruchomości",
    DataField.NIP: "NIP",
    DataField.HOLDER: "strona umowy",
    DataField.OTHER: "inne dane",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWord:
    """The last change of a contact, and what the registry said at that time."""

    new: ContactValue
    registry_value: ContactValue


def superseded(*, registry: ContactValue, last: LastWord | None) -> bool:
    """Say whether the billing system has delivered another value since the last change: then the registry wins."""
    return last is not None and registry != last.registry_value


def effective(*, registry: ContactValue, last: LastWord | None) -> ContactValue:
    """The value that holds: the last change, until the billing system delivers another value than it had then."""
    return registry if last is None or superseded(registry=registry, last=last) else last.new


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who holds an account, as the registry says it; what it does not say is empty."""

    name: str
    nip: str
    pesel_hmac: bytes

    def is_same_holder(self, other: "Identity") -> bool:
        """Say whether both are one person or organization: by PESEL, else by NIP, else by name.

        A number counts only where both have it: one that was filled in later, or a new name, changes no holder.
        """
        if self.pesel_hmac and other.pesel_hmac:
            return self.pesel_hmac == other.pesel_hmac
        if self.nip and other.nip:
            return self.nip == other.nip
        return is_same_name(self.name, other.name)


def parts_of(address: Address) -> dict[str, str]:
    """An address as it is kept among changes."""
    return {name: getattr(address, name) for name in ADDRESS_LENGTHS}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChange:
    """One change of a contact by a person, as it is told and exported; `account_number` is the customer's."""

    id: int
    account_id: int
    account_number: str
    field: ContactField
    old: ContactValue
    new: ContactValue
    at: datetime


class RequestState(StrEnum):
    """Where a request for a change of data stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChange:
    """A request to change data of the agreement: `what`, the words wanted instead, and `why`.

    `asked_by` is the login that asks. An approved one is still only a request to the billing system, whose
    data stand until it delivers others.
    """

    id: int
    account_id: int
    account_number: str
    what: DataField
    wanted: str
    why: str
    asked_by: int
    asked_at: datetime
    state: RequestState
    reason: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged:
    """A contact of this account was changed: the number of the change."""

    account_id: int
    change_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChangeDecided:
    """A request of this account was decided: its number."""

    account_id: int
    request_id: int
