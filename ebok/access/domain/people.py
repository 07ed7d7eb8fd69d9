"""Who reaches an account, who was invited to it, who asks for it, and who must be told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from ebok.access.domain.matrix import GrantRole

INVITATION_LIFETIME: Final = timedelta(days=14)
INVITATION_TRIES: Final = 5
CLOSED_PREFIX: Final = "closed-"
"""How the name of a closed login begins; no other login may be called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Everywhere the people of an account can be told of something, each address and number (E.164) once."""

    emails: tuple[str, ...]
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGrant:
    """One person's access to one account as it stands today.

    `given_by` names the login that gave it, empty when it was activated or given by the utility. `last_used`
    is when they last did something on the account that is on record; looking is not.
    """

    grant_id: int
    account_id: int
    user_id: int
    name: str
    role: GrantRole
    starts_on: date
    ends_on: date | None
    given_by: str
    ground: str
    last_used: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitation:
    """An invitation that can still be accepted. `recipient` is where its code went, empty on paper."""

    invitation_id: int
    account_id: int
    account_number: str
    role: GrantRole
    inviter: str
    invitee: str
    channel: str
    recipient: str
    ground: str
    grant_ends_on: date | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRequest:
    """Somebody who asks for an account that has an owner; `method` is how they proved their case."""

    request_id: int
    account_id: int
    account_number: str
    user_id: int
    who: str
    method: str
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVisit:
    """A customer that a member of staff has open in one session, and why."""

    visit_id: int
    staff_id: int
    account_id: int
    reason: str
    opened_at: datetime
