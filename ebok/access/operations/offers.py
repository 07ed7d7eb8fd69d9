"""Counting sign-ins towards the offer of a passkey, and keeping the answer."""

from datetime import datetime

from django.db.models import F

from ebok.access.domain.offers import is_passkey_due
from ebok.access.models import PasskeyOffer
from ebok.foundation.bulk import count_up


def count_sign_in(*, user_id: int) -> bool:
    """Count a good sign-in of a login without a passkey, and say whether to offer one now.

    An offer counts as put off from the start, so that one nobody answers does not come at every sign-in.
    """
    count_up(PasskeyOffer, key={"user_id": user_id}, column="sign_ins", others={"put_off": 0})
    offer = PasskeyOffer.objects.get(user_id=user_id)
    due = is_passkey_due(sign_ins=offer.sign_ins, put_off=offer.put_off, declined=offer.declined_at is not None)
    if due:
        PasskeyOffer.objects.filter(user_id=user_id).update(put_off=F("put_off") + 1)
    return due


def decline_offer(*, user_id: int, now: datetime) -> None:
    """Never offer a passkey to this login again; it can still add one."""
    PasskeyOffer.objects.filter(user_id=user_id).update(declined_at=now)
