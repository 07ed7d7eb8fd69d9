"""Looking up a password among those known from breaches, of which only the beginnings of digests are kept."""

import hashlib
from typing import Final

DIGEST_BYTES: Final = 6
"""Among 55 thousand passwords, one in five thousand million others is taken for one of them."""


def breached_digest(password: str) -> bytes:
    """What a list keeps of a password, whatever its letters' case."""
    return hashlib.sha256(password.strip().casefold().encode("utf-8", "surrogatepass")).digest()[:DIGEST_BYTES]


def is_listed(password: str, *, digests: bytes) -> bool:
    """Whether the password is on the list: `digests` are its digests in order, one after another."""
    digest = breached_digest(password)
    low, high = 0, len(digests) // DIGEST_BYTES
    while low < high:
        middle = (low + high) // 2
        if digests[middle * DIGEST_BYTES : (middle + 1) * DIGEST_BYTES] < digest:
            low = middle + 1
        else:
            high = middle
    return digests[low * DIGEST_BYTES : (low + 1) * DIGEST_BYTES] == digest
