"""Six digits to the e-mail or phone already on file."""

from datetime import datetime
from typing import Final

from django.db import transaction

from ebok.access.operations import IssuedCode
from ebok.notifications.domain import Channel, MessageKind, UnfitMessage, check_address, check_phone
from ebok.notifications.operations import queue_message
from ebok.notifications.queries import sms_available

_NOBODY: Final = "nobody@invalid.example"


def send_activation_code(*, email: str, phone: str, issued: IssuedCode, now: datetime) -> bool:
    """Queue the code by e-mail, else by SMS where there is a carrier. Returns whether anybody will get it.

    Without an address that can be used the same message is queued and withdrawn, so that the asker cannot tell.
    """
    contact = _by_email(email) or _by_sms(phone)
    recipient, channel = contact or (_NOBODY, Channel.EMAIL)
    with transaction.atomic():
        queue_message(
            kind=MessageKind.ACTIVATION_CODE,
            channel=channel,
            recipient=recipient,
            context={"code": issued.code},
            now=now,
            expires_at=issued.expires_at,
        )
        transaction.set_rollback(contact is None)
    return contact is not None


def _by_email(email: str) -> tuple[str, Channel] | None:
    try:
        return check_address(email), Channel.EMAIL
    except UnfitMessage:
        return None


def _by_sms(phone: str) -> tuple[str, Channel] | None:
    if not sms_available():
        return None
    try:
        return check_phone(phone), Channel.SMS
    except UnfitMessage:
        return None
