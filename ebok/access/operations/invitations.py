"""Inviting somebody to an account: a long code that travels by e-mail, SMS or paper, used once."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F

from ebok.access.domain import INVITATION_LIFETIME, GrantRole, new_long_code, plain_long_code
from ebok.access.models import Grant, Invitation, User
from ebok.access.operations.giving import GivenGrant, GrantRefusal, UnableToGrant, give, standing
from ebok.access.operations.telling import account_hint, tell_user
from ebok.access.queries import invitation_digest, owners
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.customers.domain import CustomerScope
from ebok.foundation.bulk import lock_key
from ebok.foundation.formats import moment
from ebok.foundation.locks import Lock
from ebok.kernel.identifiers import holds_pesel
from ebok.kernel.names import person_name
from ebok.notifications.domain import Channel, MessageKind, UnfitMessage
from ebok.notifications.operations import queue_message


class InvitationRefusal(StrEnum):
    """Why somebody cannot be invited, or an invitation not accepted."""

    NOT_THE_OWNER = "not_the_owner"
    """Whoever invites does not own the account (any more)."""
    OWNER_ROLE = "owner_role"
    PESEL = "pesel"
    """A PESEL was written where words go: eBOK keeps none."""
    BAD_NAME = "bad_name"
    """The person invited is called by what is no name."""
    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"
    BAD_RECIPIENT = "bad_recipient"
    """Not an address or number that this channel leads to, or the channel is not open here."""
    NOT_FOUND = "not_found"
    """No such code, or one that was used, withdrawn, tried too often or is too old: nobody is told which."""
    ALREADY_GRANTED = "already_granted"
    FORMER_OWNER = "former_owner"
    STAFF_LOGIN = "staff_login"
    CLOSED_LOGIN = "closed_login"
    ALREADY_INVITED = "already_invited"
    """These very answers have made an invitation before."""
    TERMS = "terms"
    """The regulations in force are not those that were accepted."""


class UnableToInvite(ValueError):
    """Nothing was changed but a try that was counted; `reason` says why."""

    def __init__(self, reason: InvitationRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation just made, with its code, ungrouped: the only time it is readable."""

    invitation_id: int
    code: str


@transaction.atomic
def invite(
    *,
    scope: CustomerScope,
    account_id: int,
    invited_by: int,
    invitee: str,
    role: GrantRole,
    channel: str,
    recipient: str,
    ground: str,
    until: date | None,
    today: date,
    acting: Actor,
    now: datetime,
    draft: UUID | None = None,
) -> Invited:
    """Invite somebody to an account in scope; send the code, unless `channel` is `paper`.

    `draft` names the answers this is made of: of the same ones sent several times, one invitation comes.

    The access will last up to, not including, `until`, and no longer than the inviter's ownership.

    :raises UnableToInvite: when the account is not theirs to give, or nothing can be sent to the recipient.
    """
    lock_key(Lock.ACCESS)
    if not scope.allows(account_id):
        raise UnableToInvite(InvitationRefusal.NOT_THE_OWNER)
    _check_new(role, draft)
    name = _fit_name(invitee, ground)
    until = _lasting(account_id, invited_by, until, today)
    code = new_long_code()
    row = Invitation(account_id=account_id, role=role.value, invited_by_id=invited_by, invitee=name)
    row.channel, row.recipient, row.ground = channel, recipient if channel != "paper" else "", ground
    row.grant_ends_on, row.created_at, row.expires_at = until, now, now + INVITATION_LIFETIME
    row.code_hmac, row.draft = invitation_digest(code), draft
    row.save(force_insert=True)
    _send(row, code, now)
    _note("invitation.send", row, acting, now)
    return Invited(invitation_id=row.id, code=code)


def _check_new(role: GrantRole, draft: UUID | None) -> None:
    """An owner is made by proof alone, and the same answers make one invitation."""
    if role is GrantRole.OWNER:
        raise UnableToInvite(InvitationRefusal.OWNER_ROLE)
    if draft is not None and Invitation.objects.filter(draft=draft).exists():
        raise UnableToInvite(InvitationRefusal.ALREADY_INVITED)


def _fit_name(invitee: str, ground: str) -> str:
    """The invitee's name as it is kept; neither it nor the ground says a PESEL."""
    if holds_pesel(f"{invitee}\n{ground}"):
        raise UnableToInvite(InvitationRefusal.PESEL)
    name = person_name(invitee)
    if name is None:
        raise UnableToInvite(InvitationRefusal.BAD_NAME)
    return name


def accept_invitation(*, user_id: int, code: str, today: date, acting: Actor, now: datetime) -> GivenGrant:
    """Open the account of the invitation to the login. Of two at once one wins; the inviter is told.

    A code that names an invitation and still cannot be used by this login costs it a try.

    :raises UnableToInvite: with the reason.
    """
    outcome = _try_accepting(user_id, code, today, acting, now)
    if isinstance(outcome, InvitationRefusal):
        raise UnableToInvite(outcome)
    return outcome


@transaction.atomic
def count_try(*, code: str, reason: InvitationRefusal, acting: Actor, now: datetime) -> None:
    """Count a try at a code whose operation was undone as a whole, the count with it."""
    lock_key(Lock.ACCESS)
    row = Invitation.objects.open(now).filter(code_hmac=invitation_digest(code)).first()
    if row is not None:
        _count(row, reason, acting, now)


@transaction.atomic
def withdraw_invitation(*, scope: CustomerScope, invitation_id: int, acting: Actor, now: datetime) -> None:
    """Take back an invitation that nobody has accepted yet.

    :raises UnableToInvite: when it is not in scope, or cannot be accepted any more anyway.
    """
    lock_key(Lock.ACCESS)
    row = Invitation.objects.open(now).filter(id=invitation_id).first()
    if row is None or not scope.allows(row.account_id):
        raise UnableToInvite(InvitationRefusal.NOT_FOUND)
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    _note("invitation.withdraw", row, acting, now)


def ends_with_owner(*, account_id: int, user_id: int, until: date | None, today: date) -> date | None:
    """The end of what this owner gives: as asked, but no later than their ownership.

    :raises UnableToGrant: when they do not own the account.
    """
    held = owners(account_id=account_id, today=today).filter(user_id=user_id).first()
    if held is None:
        raise UnableToGrant(GrantRefusal.NOT_GRANTED)
    return min((day for day in (until, held.ends_on) if day is not None), default=None)


@transaction.atomic
def _try_accepting(
    user_id: int, code: str, today: date, acting: Actor, now: datetime
) -> GivenGrant | InvitationRefusal:
    """The refusal is returned, not raised, so that the try it cost is committed."""
    lock_key(Lock.ACCESS)
    row = Invitation.objects.open(now).filter(code_hmac=invitation_digest(code)).select_related("invited_by").first()
    if row is None or not plain_long_code(code):
        return InvitationRefusal.NOT_FOUND
    try:
        made = _accept(row, user_id, today, acting, now)
    except UnableToInvite as refusal:
        _count(row, refusal.reason, acting, now)
        return refusal.reason
    return GivenGrant(grant_id=made.id, is_new=True)


def _count(row: Invitation, reason: InvitationRefusal, acting: Actor, now: datetime) -> None:
    Invitation.objects.filter(id=row.id).update(tries=F("tries") + 1)
    _note("invitation.accept", row, acting, now, result=reason.value)


def _accept(row: Invitation, user_id: int, today: date, acting: Actor, now: datetime) -> Grant:
    held = standing(account_id=row.account_id, user_id=user_id)
    if held is not None and (held.ends_on is None or held.ends_on > today):
        raise UnableToInvite(InvitationRefusal.ALREADY_GRANTED)
    until = _lasting(row.account_id, row.invited_by_id, row.grant_ends_on, today)
    try:
        made = give(
            account_id=row.account_id, user_id=user_id, role=GrantRole(row.role), ground=row.ground, until=until,
            today=today, acting=acting, now=now, giver=row.invited_by_id,
        )  # fmt: skip
    except UnableToGrant as refusal:
        raise UnableToInvite(InvitationRefusal(refusal.reason.value)) from refusal
    row.accepted_at, row.accepted_grant = now, made
    row.save(update_fields=["accepted_at", "accepted_grant"])
    _note("invitation.accept", row, acting, now)
    _tell_inviter(row, User.objects.get(id=user_id), now)
    return made


def _lasting(account_id: int, owner_id: int, until: date | None, today: date) -> date | None:
    try:
        until = ends_with_owner(account_id=account_id, user_id=owner_id, until=until, today=today)
    except UnableToGrant as refusal:
        raise UnableToInvite(InvitationRefusal.NOT_THE_OWNER) from refusal
    if until is not None and until <= today:
        raise UnableToInvite(InvitationRefusal.ENDS_BEFORE_IT_STARTS)
    return until


def _send(row: Invitation, code: str, now: datetime) -> None:
    if row.channel == "paper":
        return
    context = {
        "inviter": row.invited_by.get_full_name(),
        "account_hint": account_hint(row.account_id),
        "role": GrantRole(row.role).word,
        "code": code,
        "until": moment(row.expires_at),
    }
    try:
        queue_message(
            kind=MessageKind.INVITATION, recipient=row.recipient, context=context, now=now,
            channel=Channel(row.channel), expires_at=row.expires_at,
        )  # fmt: skip
    except UnfitMessage as unfit:
        raise UnableToInvite(InvitationRefusal.BAD_RECIPIENT) from unfit


def _tell_inviter(row: Invitation, user: User, now: datetime) -> None:
    context = {
        "account_hint": account_hint(row.account_id),
        "who": user.get_full_name(),
        "role": GrantRole(row.role).word,
    }
    tell_user(user=row.invited_by, kind=MessageKind.INVITATION_ACCEPTED, context=context, now=now)


def _note(action: str, row: Invitation, acting: Actor, now: datetime, *, result: str = "ok") -> None:
    details = {"role": row.role, "channel": row.channel}
    fact = AuditFact(
        action=action, subject=f"invitation:{row.id}", account_id=row.account_id, result=result, details=details
    )
    record(facts=[fact], acting=acting, now=now)
