"""Six-digit one-time codes: ten minutes, five tries, once, bound to the session that asked (ASVS 6.5, 6.6)."""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from ebok.access.domain import CODE_DIGITS, CODE_LIFETIME, CODE_TRIES, CodePurpose, CodeRefusal, CodeTicket
from ebok.access.models import OneTimeCode
from ebok.foundation.digests import keyed_digest
from ebok.notifications.domain import MessageKind
from ebok.notifications.operations import queue_message


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A code just made: what the asking session keeps, and the digits that go to the address proved by it."""

    ticket: CodeTicket
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RightCode:
    """A code that was typed right and is not spent yet: what it proves. `user_id` is None for nobody's address."""

    code_id: int
    user_id: int | None
    subject: str


def issue_code(*, purpose: CodePurpose, user_id: int | None, now: datetime, subject: str = "") -> IssuedCode:
    """Make a code in the caller's transaction; the caller queues it to its address there, too."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    secret = secrets.token_urlsafe(32)
    row = OneTimeCode.objects.create(
        purpose=purpose.value,
        user_id=user_id,
        subject=subject,
        code_hmac=_digest(purpose, secret, code),
        asked_at=now,
        expires_at=now + CODE_LIFETIME,
    )
    return IssuedCode(ticket=CodeTicket(code_id=row.id, secret=secret), code=code, expires_at=row.expires_at)


def send_code(*, kind: MessageKind, recipient: str, issued: IssuedCode, now: datetime) -> None:
    """Queue the code to an e-mail address, or do the same work and withdraw it when there is none.

    So an address that nobody has costs as much time, and gets the same answer, as one that somebody has.
    """
    with transaction.atomic():
        queue_message(
            kind=kind,
            recipient=recipient or "nobody@invalid.example",
            context={"code": issued.code},
            now=now,
            expires_at=issued.expires_at,
        )
        transaction.set_rollback(not recipient)


def check_code(*, ticket: CodeTicket, purpose: CodePurpose, code: str, now: datetime) -> RightCode | CodeRefusal:
    """Say whether the code is right, locking it until the caller's transaction ends. A wrong one costs a try.

    The refusal is returned, not raised, so that the try it cost is committed. A right code stays usable
    until it is spent.
    """
    row = OneTimeCode.objects.select_for_update().filter(id=ticket.code_id, purpose=purpose.value).first()
    if row is None or row.used_at or row.expires_at <= now or row.tries >= CODE_TRIES:
        return CodeRefusal.EXPIRED
    if not hmac.compare_digest(bytes(row.code_hmac), _digest(purpose, ticket.secret, code)):
        row.tries += 1
        row.save(update_fields=["tries"])
        return CodeRefusal.WRONG
    return RightCode(code_id=row.id, user_id=row.user_id, subject=row.subject)


def spend_code(*, right: RightCode, now: datetime) -> None:
    """Use the code up, and with it every other one of its purpose that its user has."""
    row = OneTimeCode.objects.get(id=right.code_id)
    same = Q(id=row.id) | Q(user_id=row.user_id, purpose=row.purpose, user__isnull=False)
    OneTimeCode.objects.filter(same, used_at__isnull=True).update(used_at=now)


def withdraw_codes(*, user_id: int, purposes: Collection[CodePurpose], now: datetime) -> None:
    """Make the codes of these purposes that a login has worth nothing, in the caller's transaction."""
    values = [purpose.value for purpose in purposes]
    OneTimeCode.objects.filter(user_id=user_id, purpose__in=values, used_at__isnull=True).update(used_at=now)


def forget_past_codes(*, now: datetime) -> int:
    """Delete codes that can no longer be used. Returns how many."""
    return OneTimeCode.objects.filter(Q(used_at__isnull=False) | Q(expires_at__lt=now)).delete()[0]


def _digest(purpose: CodePurpose, secret: str, code: str) -> bytes:
    return keyed_digest(purpose=f"one_time_code:{purpose.value}", value=f"{secret}:{code}")
