"""Proving who one is by a password, a factor or a mailed code: spent and audited in one transaction.

The session is the face's: it writes there that its person was confirmed, once this says so.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from ebok.access.domain import CodePurpose, CodeTicket
from ebok.access.domain.factors import Occasion
from ebok.access.models import User
from ebok.access.operations.codes import RightCode, check_code, issue_code, send_code, spend_code
from ebok.access.operations.factor_codes import take_code
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.notifications.domain import MessageKind


@transaction.atomic
def confirm_by_password(*, user_id: int, password: str, acting: Actor, now: datetime) -> bool:
    """Say whether this is the login's password, and put it on record."""
    right = User.objects.get(id=user_id).check_password(password)
    return note_proof(user_id=user_id, way="password", right=right, occasion=Occasion.CONFIRM, acting=acting, now=now)


@transaction.atomic
def prove_by_factor_code(
    *, user_id: int, digits: str, occasion: Occasion, acting: Actor, now: datetime
) -> Authenticator | None:
    """Use up a code of the app or a recovery code and put it on record; None when it is wrong."""
    factor = take_code(user_id=user_id, digits=digits)
    way, right = ("code", False) if factor is None else (str(factor.type), True)
    note_proof(user_id=user_id, way=way, right=right, occasion=occasion, acting=acting, now=now)
    return factor


@transaction.atomic
def mail_confirmation(*, user_id: int, acting: Actor, now: datetime) -> CodeTicket:
    """Make a code, queue it to the e-mail of the login, and put on record that it was asked for."""
    user = User.objects.get(id=user_id)
    issued = issue_code(purpose=CodePurpose.CONFIRM, user_id=user.id, now=now)
    send_code(kind=MessageKind.LOGIN_CODE, recipient=user.email, issued=issued, now=now)
    fact = AuditFact(action="confirm.code_asked", subject=f"user:{user.id}")
    record(facts=[fact], acting=acting, now=now)
    return issued.ticket


@transaction.atomic
def confirm_by_mail(*, user_id: int, ticket: CodeTicket | None, code: str, acting: Actor, now: datetime) -> bool:
    """Spend a mailed code of this login and put it on record; a wrong one costs a try and is on record, too."""
    right = check_code(ticket=ticket, purpose=CodePurpose.CONFIRM, code=code, now=now) if ticket else None
    is_theirs = isinstance(right, RightCode) and right.user_id == user_id
    if isinstance(right, RightCode) and is_theirs:
        spend_code(right=right, now=now)
    return note_proof(user_id=user_id, way="email", right=is_theirs, occasion=Occasion.CONFIRM, acting=acting, now=now)


def note_proof(*, user_id: int, way: str, right: bool, occasion: Occasion, acting: Actor, now: datetime) -> bool:
    """Put on record how somebody proved who they are, and whether it fitted; return `right`.

    A face calls it for passkeys only: their answer belongs to a challenge in the session, so it was checked there.
    A second step that fits has no row here: the sign-in it completes has one.
    """
    if not (right and occasion is Occasion.SECOND_STEP):
        result, details = "ok" if right else "wrong", {"way": way}
        fact = AuditFact(action=occasion.value, subject=f"user:{user_id}", result=result, details=details)
        record(facts=[fact], acting=acting, now=now)
    return right
