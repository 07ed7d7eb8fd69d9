"""Which browsers a login knows."""

from typing import Final

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
    digests = [device_digest(token) for token in tokens_of(cookie)] or [b""]
    found = KnownDevice.objects.filter(token_hmac__in=digests, user__email=email, user__is_active=True)
    return bool(email) and found.exists()
