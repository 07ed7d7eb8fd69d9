"""Changing the e-mail and the phone of a login: the new one is confirmed by a code, the old one is told.

Until the code is typed the old one stays.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import IntegrityError, transaction

from ebok.access.domain import CodePurpose, CodeRefusal, CodeTicket
from ebok.access.models import OneTimeCode, User
from ebok.access.operations.codes import RightCode, check_code, issue_code, send_code, spend_code
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.notifications.domain import Channel, MessageKind
from ebok.notifications.operations import queue_message
from ebok.notifications.queries import sms_available

_HINT_DIGITS: Final = 3
_BY_EMAIL: Final = (CodePurpose.PASSWORD_RESET.value, CodePurpose.SIGN_IN.value)
"""Codes that went to the old address."""


class IdentityRefusal(StrEnum):
    """Why an e-mail or a phone is not changed."""

    SAME = "same"
    NO_SMS = "no_sms"
    WRONG_CODE = "wrong_code"
    EXPIRED = "expired"
    """The code no longer works, or what it confirms has meanwhile become another login's."""


class UnableToChangeIdentity(ValueError):
    """Nothing was changed; `reason` says why."""

    def __init__(self, reason: IdentityRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def ask_to_change_email(*, user_id: int, new: str, acting: Actor, now: datetime) -> CodeTicket:
    """Send a code to the new address. To one that another login has, nothing goes, and the answer is the same.

    :raises UnableToChangeIdentity: when it is the address the login has.
    """
    address = new.strip().lower()
    if User.objects.filter(id=user_id, email=address).exists():
        raise UnableToChangeIdentity(IdentityRefusal.SAME)
    taken = User.objects.filter(email=address).exists()
    issued = issue_code(purpose=CodePurpose.EMAIL_CHANGE, user_id=user_id, subject=address, now=now)
    send_code(kind=MessageKind.EMAIL_CHANGE_CODE, recipient="" if taken else address, issued=issued, now=now)
    _record("email.change_asked", user_id, acting, now, result="taken" if taken else "ok")
    return issued.ticket


@transaction.atomic
def ask_to_change_phone(*, user_id: int, new: str, acting: Actor, now: datetime) -> CodeTicket:
    """Send a code by SMS to the new number, in E.164.

    :raises UnableToChangeIdentity: when it is the number the login has, or this installation sends no SMS.
    """
    if not sms_available():
        raise UnableToChangeIdentity(IdentityRefusal.NO_SMS)
    if User.objects.filter(id=user_id, phone=new).exists():
        raise UnableToChangeIdentity(IdentityRefusal.SAME)
    issued = issue_code(purpose=CodePurpose.PHONE_CHANGE, user_id=user_id, subject=new, now=now)
    queue_message(
        kind=MessageKind.PHONE_CHANGE_CODE, recipient=new, context={"code": issued.code}, now=now,
        channel=Channel.SMS, expires_at=issued.expires_at,
    )  # fmt: skip
    _record("phone.change_asked", user_id, acting, now)
    return issued.ticket


def confirm_new_email(*, user_id: int, ticket: CodeTicket, code: str, acting: Actor, now: datetime) -> str:
    """Take the new address over, tell the old one, and return the new one. Codes that went to the old one end.

    :raises UnableToChangeIdentity: when the code is wrong, used, too old or tried too often.
    """
    return _raised(_try_email(user_id, ticket, code, acting, now))


def confirm_new_phone(*, user_id: int, ticket: CodeTicket, code: str, acting: Actor, now: datetime) -> str:
    """Take the new number over, tell the old one and the e-mail, and return the new one.

    :raises UnableToChangeIdentity: when the code is wrong, used, too old or tried too often.
    """
    return _raised(_try_phone(user_id, ticket, code, acting, now))


@transaction.atomic
def remove_phone(*, user_id: int, acting: Actor, now: datetime) -> None:
    """Forget the number of a login, and tell the number and the e-mail. Without a number nothing happens."""
    user = User.objects.select_for_update().get(id=user_id)
    if user.phone:
        _set_phone(user, "", "phone.remove", acting, now)


def _raised(outcome: str | IdentityRefusal) -> str:
    if isinstance(outcome, IdentityRefusal):
        raise UnableToChangeIdentity(outcome)
    return outcome


@transaction.atomic
def _try_email(user_id: int, ticket: CodeTicket, code: str, acting: Actor, now: datetime) -> str | IdentityRefusal:
    """The refusal is returned, not raised, so that the try it cost is committed."""
    user = User.objects.select_for_update().get(id=user_id)
    old, right = user.email, _check(CodePurpose.EMAIL_CHANGE, user_id, ticket, code, now)
    if isinstance(right, RightCode) and _has_email(user, right.subject):
        spend_code(right=right, now=now)
        OneTimeCode.objects.filter(user=user, purpose__in=_BY_EMAIL, used_at__isnull=True).update(used_at=now)
        if old:
            context = {"new_hint": email_hint(right.subject)}
            queue_message(kind=MessageKind.EMAIL_CHANGED, recipient=old, context=context, now=now)
        _record("email.change", user_id, acting, now)
        return right.subject
    refusal = IdentityRefusal.EXPIRED if isinstance(right, RightCode) else right
    _record("email.change", user_id, acting, now, result=refusal.value)
    return refusal


@transaction.atomic
def _try_phone(user_id: int, ticket: CodeTicket, code: str, acting: Actor, now: datetime) -> str | IdentityRefusal:
    """The refusal is returned, not raised, so that the try it cost is committed."""
    user = User.objects.select_for_update().get(id=user_id)
    right = _check(CodePurpose.PHONE_CHANGE, user_id, ticket, code, now)
    if not isinstance(right, RightCode):
        _record("phone.change", user_id, acting, now, result=right.value)
        return right
    spend_code(right=right, now=now)
    _set_phone(user, right.subject, "phone.change", acting, now)
    return right.subject


def _check(
    purpose: CodePurpose, user_id: int, ticket: CodeTicket, code: str, now: datetime
) -> RightCode | IdentityRefusal:
    right = check_code(ticket=ticket, purpose=purpose, code=code, now=now)
    if isinstance(right, RightCode) and right.user_id == user_id:
        return right
    return IdentityRefusal.EXPIRED if right is CodeRefusal.EXPIRED else IdentityRefusal.WRONG_CODE


def _has_email(user: User, new: str) -> bool:
    """Give the login the address, unless another login has taken it since."""
    user.email = new
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError:
        return False
    return True


def _set_phone(user: User, new: str, action: str, acting: Actor, now: datetime) -> None:
    old, user.phone = user.phone, new
    user.save(update_fields=["phone"])
    end = new[-_HINT_DIGITS:]
    if user.email:
        context = {"new_hint": f"… {end}" if end else ""}
        queue_message(kind=MessageKind.PHONE_CHANGED, recipient=user.email, context=context, now=now)
    if old and sms_available():
        context = {"new_hint": end}
        queue_message(kind=MessageKind.PHONE_CHANGED, recipient=old, context=context, now=now, channel=Channel.SMS)
    _record(action, user.id, acting, now)


def email_hint(address: str) -> str:
    """So much of an address that its owner knows it, and a reader of an old mailbox does not: `a…@poczta.pl`."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


def _record(action: str, user_id: int, acting: Actor, now: datetime, *, result: str = "ok") -> None:
    record(facts=[AuditFact(action=action, subject=f"user:{user_id}", result=result)], acting=acting, now=now)
