"""Proving to be the owner of a login: by a password, or by a code to its e-mail."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from ebok.access.domain import CodePurpose, CodeRefusal, CodeTicket
from ebok.access.models import User
from ebok.access.operations.codes import RightCode, check_code, issue_code, send_code, spend_code
from ebok.access.queries import may_sign_in
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.notifications.domain import MessageKind


class SignInRefusal(StrEnum):
    """Why a code does not sign in."""

    WRONG_CODE = "wrong_code"
    EXPIRED = "expired"


class UnableToSignIn(ValueError):
    """Nobody is signed in; `reason` says why."""

    def __init__(self, reason: SignInRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def login_by_password(*, typed: str, password: str) -> int | None:
    """The id of the login whose name or e-mail and password these are, None when there is none or it is off.

    One password is hashed whoever is meant, so that the time tells nothing; two only where the login name of one
    person is the e-mail of another.
    """
    words = typed.strip().lower()
    meant = User.objects.filter(Q(username=words) | Q(email=words) & ~Q(email=""))[:2] if words else []
    for user in list(meant) or [User()]:
        if user.check_password(password):
            return user.id if may_sign_in(user_id=user.id) else None
    return None


@transaction.atomic
def ask_by_email(
    *, purpose: CodePurpose, kind: MessageKind, action: str, address: str, acting: Actor, now: datetime
) -> CodeTicket:
    """Make a code and queue it to the address, if a login that may be used has it.

    For an address nobody has, the same rows are written and the message is withdrawn before it is
    committed: same work, same answer, no mail.
    """
    user = User.objects.filter(email=address.strip().lower(), is_active=True).exclude(email="").first()
    issued = issue_code(purpose=purpose, user_id=user.id if user else None, now=now)
    send_code(kind=kind, recipient=user.email if user else "", issued=issued, now=now)
    subject, result = f"code:{issued.ticket.code_id}", "ok" if user else "unknown"
    record(facts=[AuditFact(action=action, subject=subject, result=result)], acting=acting, now=now)
    return issued.ticket


def ask_for_sign_in_code(*, address: str, acting: Actor, now: datetime) -> CodeTicket:
    """Make a code that signs in and queue it to the address, if a login has it; the same answer if none has."""
    return ask_by_email(
        purpose=CodePurpose.SIGN_IN, kind=MessageKind.LOGIN_CODE, action="sign_in.code_asked",
        address=address, acting=acting, now=now,
    )  # fmt: skip


def prove_by_code(*, ticket: CodeTicket, code: str, acting: Actor, now: datetime) -> int:
    """Spend the code and return the id of the login whose e-mail it went to. Nobody is signed in by it yet.

    A wrong code costs a try.

    :raises UnableToSignIn: when the code is wrong, used, too old or tried too often, or the login is off.
    """
    proved = _try_code(ticket, code, acting, now)
    if isinstance(proved, SignInRefusal):
        raise UnableToSignIn(proved)
    return proved


@transaction.atomic
def _try_code(ticket: CodeTicket, code: str, acting: Actor, now: datetime) -> int | SignInRefusal:
    """The refusal is returned, not raised, so that the try it cost is committed."""
    right = check_code(ticket=ticket, purpose=CodePurpose.SIGN_IN, code=code, now=now)
    if isinstance(right, RightCode) and right.user_id is not None and may_sign_in(user_id=right.user_id):
        spend_code(right=right, now=now)
        return right.user_id
    refusal = SignInRefusal.EXPIRED if right is CodeRefusal.EXPIRED else SignInRefusal.WRONG_CODE
    fact = AuditFact(action="sign_in.code", subject=f"code:{ticket.code_id}", result=refusal.value)
    record(facts=[fact], acting=acting, now=now)
    return refusal
