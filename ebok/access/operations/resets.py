"""A new password by an e-mailed code: six digits, ten minutes, five tries, bound to the session that asked."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from ebok.access.domain import CodePurpose, CodeRefusal, CodeTicket, PasswordFault
from ebok.access.models import User
from ebok.access.operations.codes import RightCode, check_code, spend_code
from ebok.access.operations.logins import set_password
from ebok.access.operations.passwords import faults_of
from ebok.access.operations.sign_in import ask_by_email
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.notifications.domain import MessageKind


class ResetRefusal(StrEnum):
    """Why a password was not reset."""

    WRONG_CODE = "wrong_code"
    EXPIRED = "expired"
    WEAK_PASSWORD = "weak_password"  # noqa: S105


class UnableToReset(ValueError):
    """The password was not reset; `faults` say what is wrong with a weak one."""

    def __init__(self, reason: ResetRefusal, faults: tuple[PasswordFault, ...] = ()) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.faults = faults


def ask_for_reset(*, address: str, acting: Actor, now: datetime) -> CodeTicket:
    """Make a code for a new password and queue it to the address, if a login has it; the same answer if none has."""
    return ask_by_email(
        purpose=CodePurpose.PASSWORD_RESET, kind=MessageKind.PASSWORD_RESET_CODE, action="password.reset_asked",
        address=address, acting=acting, now=now,
    )  # fmt: skip


def reset_password(*, ticket: CodeTicket, code: str, new: str, acting: Actor, now: datetime) -> int:
    """Set a new password with the code and return the login's id.

    Every session of the login ends; nobody is signed in by it.

    A wrong code costs a try; a right one with a weak password does not.

    :raises UnableToReset: when the code is wrong, used, too old or tried too often, or the password weak.
    """
    outcome = _try_reset(ticket, code, new, acting, now)
    if isinstance(outcome, UnableToReset):
        raise outcome
    return outcome


@transaction.atomic
def _try_reset(ticket: CodeTicket, code: str, new: str, acting: Actor, now: datetime) -> UnableToReset | int:
    """The refusal is returned, not raised, so that the try it cost is committed."""
    right = check_code(ticket=ticket, purpose=CodePurpose.PASSWORD_RESET, code=code, now=now)
    if not isinstance(right, RightCode):
        reason = ResetRefusal.EXPIRED if right is CodeRefusal.EXPIRED else ResetRefusal.WRONG_CODE
        return _refused(ticket, reason, acting, now)
    user = User.objects.select_for_update().filter(id=right.user_id or 0, is_active=True).first()
    if user is None:
        return _refused(ticket, ResetRefusal.WRONG_CODE, acting, now)
    if faults := faults_of(password=new, user=user):
        return UnableToReset(ResetRefusal.WEAK_PASSWORD, faults)
    spend_code(right=right, now=now)
    set_password(user=user, password=new, action="password.reset", acting=acting, now=now)
    return user.id


def _refused(ticket: CodeTicket, reason: ResetRefusal, acting: Actor, now: datetime) -> UnableToReset:
    fact = AuditFact(action="password.reset", subject=f"code:{ticket.code_id}", result=reason.value)
    record(facts=[fact], acting=acting, now=now)
    return UnableToReset(reason)
