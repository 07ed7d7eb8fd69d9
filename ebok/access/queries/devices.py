"""Which browsers a login knows."""

from typing import Final

from django.db.models import QuerySet

from ebok.access.models import KnownDevice
from ebok.foundation.digests import keyed_digest

DEVICE_TOKENS: Final = 5
"""How many logins one browser remembers, the newest first."""
_JOINT: Final = "."
_TOKEN_LETTERS: Final = 43


def tokens_of(cookie: str) -> tuple[str, ...]:
    """The tokens a browser shows; nothing of what is no token."""
    return tuple(part for part in cookie.split(_JOINT)[:DEVICE_TOKENS] if len(part) == _TOKEN_LETTERS)


def cookie_of(tokens: tuple[str, ...]) -> str:
    """What a browser keeps: its tokens, the newest first."""
    return _JOINT.join(tokens[:DEVICE_TOKENS])


def device_digest(token: str) -> bytes:
    """What is kept of a token."""
    return keyed_digest(purpose="known_device", value=token)


def is_known_device(*, email: str, cookie: str) -> bool:
    """Whether the login with this e-mail, if there is one, was used from the browser before. Always the same work."""
    found = _shown(cookie).filter(user__email=email)
    return bool(email) and found.exists()


def knows_browser(*, user_id: int, cookie: str) -> bool:
    """Whether the login was used from the browser before; 0 is nobody's. Always the same work."""
    return _shown(cookie).filter(user_id=user_id).exists()


def _shown(cookie: str) -> QuerySet[KnownDevice]:
    digests = [device_digest(token) for token in tokens_of(cookie)] or [b""]
    return KnownDevice.objects.filter(token_hmac__in=digests, user__is_active=True)
