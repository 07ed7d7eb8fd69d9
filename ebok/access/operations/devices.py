"""Browsers a login has been used from: a new one is told of by e-mail."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, Subquery

from ebok.access.models import KnownDevice, User
from ebok.access.queries.devices import cookie_of, device_digest, tokens_of
from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.foundation.formats import moment
from ebok.notifications.domain import MessageKind
from ebok.notifications.operations import queue_message

DEVICE_KEPT: Final = timedelta(days=400)
"""How long a browser is remembered after its last sign-in: as long as browsers keep a cookie at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDevice:
    """What the browser keeps from now on, and whether the login met it for the first time."""

    cookie: str
    is_new: bool


@transaction.atomic
def see_device(*, user_id: int, cookie: str, description: str, acting: Actor, now: datetime) -> SeenDevice:
    """Note a good sign-in from a browser, known by the cookie it showed, and tell the login's owner of a new one.

    `description` is the browser in words. Each login has a token of its own in the browser, made here, so that no
    token anybody brings along becomes a known one. The very first browser of a login is not told of.
    """
    shown = tokens_of(cookie)
    ours = KnownDevice.objects.filter(user_id=user_id)
    if ours.filter(token_hmac__in=[device_digest(token) for token in shown]).update(last_seen_at=now):
        return SeenDevice(cookie=cookie_of(shown), is_new=False)
    first, token = not ours.exists(), secrets.token_urlsafe(32)
    KnownDevice.objects.create(user_id=user_id, token_hmac=device_digest(token), first_seen_at=now, last_seen_at=now)
    if not first:
        _tell(user_id, description, now)
    result = "first" if first else "new"
    record(facts=[AuditFact(action="device.new", subject=f"user:{user_id}", result=result)], acting=acting, now=now)
    return SeenDevice(cookie=cookie_of((token, *shown)), is_new=not first)


def forget_past_devices(*, now: datetime) -> int:
    """Delete browsers not seen for `DEVICE_KEPT`, but never the last one of a login. Returns how many.

    A login without any would take a stranger's browser for its very first.
    """
    newest = KnownDevice.objects.filter(user_id=OuterRef("user_id")).order_by("-last_seen_at", "-id").values("id")[:1]
    past = KnownDevice.objects.filter(last_seen_at__lt=now - DEVICE_KEPT)
    return past.exclude(id=Subquery(newest)).delete()[0]


def _tell(user_id: int, description: str, now: datetime) -> None:
    email = User.objects.values_list("email", flat=True).get(id=user_id)
    if email:
        context = {"when": moment(now), "device": description}
        queue_message(kind=MessageKind.NEW_DEVICE, recipient=email, context=context, now=now)
