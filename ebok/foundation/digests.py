"""Keyed digests: what may be compared but never read back."""

import hashlib
import hmac

from django.conf import settings


def keyed_digest(*, purpose: str, value: str) -> bytes:
    """Return the 32 bytes of HMAC-SHA-256 of `value` under `EBOK_HMAC_KEY`.

    `purpose` keeps digests of one value for different uses apart, so that they cannot be joined.
    """
    key = settings.EBOK_HMAC_KEY.encode()
    return hmac.digest(key, f"{purpose}\0{value}".encode(), hashlib.sha256)
