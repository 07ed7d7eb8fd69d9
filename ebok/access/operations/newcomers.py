"""Joining by an invitation, the regulations accepted with it: a new login, or one that was there, as a whole or not."""

from datetime import date, datetime

from django.db import transaction

from ebok.access.operations.giving import GivenGrant
from ebok.access.operations.invitations import InvitationRefusal, UnableToInvite, accept_invitation, count_try
from ebok.access.operations.logins import create_user
from ebok.audit.domain import Actor
from ebok.terms.domain import AcceptanceChannel
from ebok.terms.operations import accept_terms
from ebok.terms.queries import accepted, terms_in_force


def join_by_invitation(
    *,
    code: str,
    username: str,
    password: str,
    full_name: str,
    email: str,
    terms_id: int | None,
    today: date,
    acting: Actor,
    now: datetime,
) -> int:
    """Make a login, note that it accepted the regulations, and accept the invitation with it. Returns its id.

    `email` is an address its owner has shown to read, or empty. `terms_id` is the version of the regulations shown
    and accepted, None where none is in force. Nothing is left of a login that could not accept, but the try it cost.

    :raises UnableToCreateUser: when the name or address is taken or misshapen, or the password is weak.
    :raises UnableToInvite: when the code can no longer be used, or other regulations are in force.
    """
    try:
        with transaction.atomic():
            made = create_user(
                username=username, password=password, email=email, full_name=full_name, acting=acting, now=now
            )
            _accept_terms(made.user_id, terms_id, today, acting, now)
            accept_invitation(user_id=made.user_id, code=code, today=today, acting=acting, now=now)
    except UnableToInvite as refusal:
        if refusal.reason is not InvitationRefusal.TERMS:
            count_try(code=code, reason=refusal.reason, acting=acting, now=now)
        raise
    return made.user_id


def join_with_login(
    *, code: str, user_id: int, terms_id: int | None, today: date, acting: Actor, now: datetime
) -> GivenGrant:
    """Accept the invitation with a login that is there, and the regulations in force if it has not yet.

    `terms_id` is the version shown and accepted, None where nothing was left to accept. An invitation that cannot
    be accepted leaves no acceptance of the regulations, but the try it cost.

    :raises UnableToInvite: when the code can no longer be used by this login, or other regulations are in force.
    """
    try:
        with transaction.atomic():
            if not terms_accepted(user_id=user_id, today=today):
                _accept_terms(user_id, terms_id, today, acting, now)
            return accept_invitation(user_id=user_id, code=code, today=today, acting=acting, now=now)
    except UnableToInvite as refusal:
        if refusal.reason is not InvitationRefusal.TERMS:
            count_try(code=code, reason=refusal.reason, acting=acting, now=now)
        raise


def terms_accepted(*, user_id: int, today: date) -> bool:
    """Whether the login has nothing more to accept: the regulations in force, if any."""
    terms = terms_in_force(today=today)
    return terms is None or any(one.version_id == terms.id for one in accepted(who=f"user:{user_id}"))


def _accept_terms(user_id: int, version_id: int | None, today: date, acting: Actor, now: datetime) -> None:
    terms = terms_in_force(today=today)
    if terms is None:
        return
    if terms.id != version_id:
        raise UnableToInvite(InvitationRefusal.TERMS)
    accept_terms(
        who=f"user:{user_id}", version_id=terms.id, channel=AcceptanceChannel.ONLINE, acting=acting, now=now
    )  # fmt: skip
