"""People, invitations and requests of accounts as a page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from ebok.access.domain import AccountGrant, GrantRole, OpenInvitation, WaitingRequest
from ebok.customers.domain import Premises
from ebok.foundation.formats import moment, short_date
from ebok.portal.access.words import CHANNELS, CLOSED, OPENS, capital, proved, short_until

NEVER_USED = "jeszcze nie"
NOW_USED = "teraz"
"""Whoever looks at their own line is using it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person's access. `leave_url` is there for one's own, `url` for that of others; empty for what cannot be."""

    name: str
    role: str
    opens: str
    since: str
    until: str
    given: str
    last_used: str
    url: str
    leave_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationLine:
    """An invitation nobody has accepted yet."""

    invitee: str
    role: str
    how: str
    until: str
    withdraw_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """Somebody who asks for access."""

    who: str
    proved: str
    asked: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCard:
    """One account: whom it is open to. For somebody who does not manage it, `people` is only their own line."""

    place: str
    number: str
    managed: bool
    people: tuple[PersonLine, ...]
    invitations: tuple[InvitationLine, ...]
    requests: tuple[RequestLine, ...]

    @property
    def only_me(self) -> bool:
        """Whether there is nothing to say but that the account is one's own."""
        return self.managed and len(self.people) == 1 and not self.invitations and not self.requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was asked of the accounts to be shown."""

    user_id: int
    managed: frozenset[int]
    people: tuple[AccountGrant, ...]
    invitations: tuple[OpenInvitation, ...]
    requests: tuple[WaitingRequest, ...]


def cards(places: Iterable[Premises], known: Known) -> list[AccountCard]:
    """One card for each of the premises, in their order."""
    return [_card(one, known) for one in places]


def _card(one: Premises, known: Known) -> AccountCard:
    here, managed = one.account_id, one.account_id in known.managed
    people = [p for p in known.people if p.account_id == here and (managed or p.user_id == known.user_id)]
    return AccountCard(
        place=one.address.words or one.name,
        number=one.number,
        managed=managed,
        people=tuple(person(p, me=known.user_id) for p in people),
        invitations=tuple(_invitation(i) for i in known.invitations if managed and i.account_id == here),
        requests=tuple(_request(r) for r in known.requests if managed and r.account_id == here),
    )


def person(held: AccountGrant, *, me: int) -> PersonLine:
    """One grant in words."""
    mine, owner = held.user_id == me, held.role is GrantRole.OWNER
    return PersonLine(
        name=f"{held.name} (Ty)" if mine else held.name,
        role=capital(held.role.word),
        opens=f"{OPENS[held.role]} {CLOSED[held.role]}".strip(),
        since=short_date(held.starts_on),
        until=short_until(held.ends_on),
        given=_given(held),
        last_used=NOW_USED if mine else moment(held.last_used) if held.last_used else NEVER_USED,
        url="" if mine else reverse("access_person", args=[held.grant_id]),
        leave_url=reverse("access_leave", args=[held.grant_id]) if mine and not owner else "",
    )


def _given(held: AccountGrant) -> str:
    return f"{held.given_by}: {held.ground}" if held.given_by else held.ground


def _invitation(row: OpenInvitation) -> InvitationLine:
    to = f": {row.recipient}" if row.recipient else ""
    return InvitationLine(
        invitee=row.invitee,
        role=capital(row.role.word),
        how=f"Kod {CHANNELS[row.channel]}{to}",
        until=moment(row.expires_at),
        withdraw_url=reverse("invitation_withdraw", args=[row.invitation_id]),
    )


def _request(row: WaitingRequest) -> RequestLine:
    return RequestLine(
        who=row.who,
        proved=proved(row.method),
        asked=moment(row.asked_at),
        url=reverse("access_request", args=[row.request_id]),
    )
