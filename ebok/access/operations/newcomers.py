"""A login for somebody who was invited and has none: made together with what it was invited to, or not at all."""

from datetime import date, datetime

from django.db import transaction

from ebok.access.operations.invitations import accept_invitation
from ebok.access.operations.logins import create_user
from ebok.audit.domain import Actor
from ebok.terms.domain import AcceptanceChannel
from ebok.terms.operations import accept_terms


@transaction.atomic
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

    `email` is an address its owner has shown to read, or empty.

    :raises UnableToCreateUser: when the name or address is taken or misshapen, or the password is weak.
    :raises UnableToInvite: when the code can no longer be used.
    """
    made = create_user(username=username, password=password, email=email, full_name=full_name, acting=acting, now=now)
    if terms_id is not None:
        accept_terms(
            who=f"user:{made.user_id}", version_id=terms_id, channel=AcceptanceChannel.ONLINE, acting=acting, now=now
        )
    accept_invitation(user_id=made.user_id, code=code, today=today, acting=acting, now=now)
    return made.user_id
