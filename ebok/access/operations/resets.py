"""A new password by an e-mailed code: six digits, ten minutes, five tries, bound to the session that asked."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from ebok.access.domain import RESET_CODE_DIGITS, RESET_CODE_LIFETIME, RESET_CODE_TRIES, PasswordFault
from ebok.access.models import PasswordReset, User
from ebok.access.operations.logins import set_password
from ebok.access.operations.passwords import faults_of
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.digests import keyed_digest
from ebok.notifications.domain import MessageKind
from ebok.notifications.operations import queue_message


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetTicket:
    """What the asking session keeps: which reset, and a secret without which the code is worth nothing."""

    reset_id: int
    secret: str


@transaction.atomic
def ask_for_reset(*, address: str, acting: Actor, now: datetime) -> ResetTicket:
    """Make a code and queue it to the address, if a login has it.

    For an address nobody has, the same rows are written and the message is withdrawn before it is
    committed: same work, same answer, no mail.
    """
    user = User.objects.filter(email=address.strip().lower(), is_active=True).exclude(email="").first()
    code = f"{secrets.randbelow(10**RESET_CODE_DIGITS):0{RESET_CODE_DIGITS}d}"
    secret = secrets.token_urlsafe(32)
    reset = PasswordReset(user=user, asked_at=now, expires_at=now + RESET_CODE_LIFETIME)
    reset.code_hmac = _digest(secret, code)
    reset.save(force_insert=True)
    _queue(user, code, now)
    fact = AuditFact(action="password.reset_asked", subject=f"reset:{reset.id}", result="ok" if user else "unknown")
    record(facts=[fact], acting=acting, now=now)
    return ResetTicket(reset_id=reset.id, secret=secret)


def _queue(user: User | None, code: str, now: datetime) -> None:
    with transaction.atomic():
        queue_message(
            kind=MessageKind.PASSWORD_RESET_CODE,
            recipient=user.email if user else "nobody@invalid.example",
            context={"code": code},
            now=now,
            expires_at=now + RESET_CODE_LIFETIME,
        )
        transaction.set_rollback(user is None)


def reset_password(*, ticket: ResetTicket, code: str, new: str, acting: Actor, now: datetime) -> int:
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
def _try_reset(ticket: ResetTicket, code: str, new: str, acting: Actor, now: datetime) -> UnableToReset | int:
    """The refusal is returned, not raised, so that the try it cost is committed."""
    reset = PasswordReset.objects.select_for_update().filter(id=ticket.reset_id).first()
    if reset is None or reset.used_at or reset.expires_at <= now or reset.tries >= RESET_CODE_TRIES:
        return _refused(ticket, ResetRefusal.EXPIRED, acting, now)
    right = hmac.compare_digest(bytes(reset.code_hmac), _digest(ticket.secret, code))
    user = User.objects.select_for_update().filter(id=reset.user_id or 0, is_active=True).first()
    if not right or user is None:
        reset.tries += 1
        reset.save(update_fields=["tries"])
        return _refused(ticket, ResetRefusal.WRONG_CODE, acting, now)
    if faults := faults_of(password=new, user=user):
        return UnableToReset(ResetRefusal.WEAK_PASSWORD, faults)
    PasswordReset.objects.filter(user=user, used_at__isnull=True).update(used_at=now)
    set_password(user=user, password=new, action="password.reset", acting=acting, now=now)
    return user.id


def forget_past_resets(*, now: datetime) -> int:
    """Delete resets that can no longer be used. Returns how many."""
    return PasswordReset.objects.filter(Q(used_at__isnull=False) | Q(expires_at__lt=now)).delete()[0]


def _refused(ticket: ResetTicket, reason: ResetRefusal, acting: Actor, now: datetime) -> UnableToReset:
    fact = AuditFact(action="password.reset", subject=f"reset:{ticket.reset_id}", result=reason.value)
    record(facts=[fact], acting=acting, now=now)
    return UnableToReset(reason)


def _digest(secret: str, code: str) -> bytes:
    return keyed_digest(purpose="password_reset", value=f"{secret}:{code}")
