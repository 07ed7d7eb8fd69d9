"""Invitations that can be accepted, and requests that wait."""

from collections.abc import Iterable
from datetime import datetime

from ebok.access.domain import GrantRole, OpenInvitation, WaitingRequest, plain_long_code
from ebok.access.models import AccessRequest, Invitation, InvitationQuerySet
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope
from ebok.foundation.digests import keyed_digest


def open_invitations(*, scope: CustomerScope, now: datetime) -> list[OpenInvitation]:
    """The invitations to accounts in scope that can still be accepted, the newest first."""
    rows = Invitation.objects.open(now).order_by("-id")
    return _invitations(rows if scope.account_ids is None else rows.filter(account_id__in=scope.account_ids))


def invitation_by_code(*, code: str, now: datetime) -> OpenInvitation | None:
    """The invitation that this code, typed in any grouping, accepts; None when it is none or can no longer be used.

    Looking changes nothing. Whoever asks counts the tries (`portal.public_checks`).
    """
    found = _invitations(Invitation.objects.open(now).filter(code_hmac=invitation_digest(code)))
    return found[0] if found else None


def invitation_digest(code: str) -> bytes:
    """What is kept of an invitation's code, however it was grouped and typed."""
    return keyed_digest(purpose="invitation", value=plain_long_code(code))


def waiting_requests(*, scope: CustomerScope) -> list[WaitingRequest]:
    """The undecided requests for accounts in scope, the longest waiting first."""
    rows = AccessRequest.objects.filter(decision="").select_related("user").order_by("id")
    if scope.account_ids is not None:
        rows = rows.filter(account_id__in=scope.account_ids)
    numbers = account_numbers([row.account_id for row in rows])
    return [
        WaitingRequest(
            request_id=row.id,
            account_id=row.account_id,
            account_number=numbers[row.account_id],
            user_id=row.user_id,
            who=row.user.get_full_name(),
            method=row.method,
            asked_at=row.asked_at,
        )
        for row in rows
    ]


def account_numbers(ids: Iterable[int]) -> dict[int, str]:
    """The numbers of accounts, by id."""
    wanted = frozenset(ids)
    if not wanted:
        return {}
    scope = CustomerScope.for_accounts(wanted, reason="access:numbers")
    return {one.id: one.number for one in customers.accounts(scope=scope)}


def _invitations(rows: InvitationQuerySet) -> list[OpenInvitation]:
    found = list(rows.select_related("invited_by"))
    numbers = account_numbers([row.account_id for row in found])
    return [
        OpenInvitation(
            invitation_id=row.id,
            account_id=row.account_id,
            account_number=numbers[row.account_id],
            role=GrantRole(row.role),
            inviter=row.invited_by.get_full_name(),
            invitee=row.invitee,
            channel=row.channel,
            recipient=row.recipient,
            ground=row.ground,
            grant_ends_on=row.grant_ends_on,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row in found
    ]
