"""Encryption of the few things kept that must be read back: AES-256-GCM, with the key's name in the value.

What only needs comparing is kept as a keyed digest instead. Keys come from `EBOK_FIELD_KEYS`: the first one
encrypts, all of them decrypt, so a new key is put in front and an old one goes when nothing is left under it.
"""

import secrets
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
_SHORTEST: Final = 2


class DecryptionFault(StrEnum):
    """Why a value cannot be read."""

    UNKNOWN_KEY = "unknown_key"
    """Its key is not among `EBOK_FIELD_KEYS`."""
    DAMAGED = "damaged"
    """It was changed, cut, or encrypted for another purpose."""


class UnableToDecrypt(ValueError):
    """The value cannot be read; `reason` says why."""

    def __init__(self, reason: DecryptionFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


def encrypt(*, purpose: str, plain: bytes) -> bytes:
    """Encrypt under the current key. `purpose` names what it is: a value moved elsewhere does not decrypt there."""
    key_id = _current()
    header = _header(key_id)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return header + nonce + _cipher(key_id).encrypt(nonce, plain, _bound(header, purpose))


def decrypt(*, purpose: str, sealed: bytes) -> bytes:
    """Return what was encrypted for this purpose, under whichever of the keys.

    :raises UnableToDecrypt: when the key is not known, or the value is not as `encrypt` made it.
    """
    key_id = _key_id(sealed)
    header = _header(key_id)
    rest = sealed[len(header) :]
    try:
        return _cipher(key_id).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], _bound(header, purpose))
    except (InvalidTag, ValueError) as error:
        raise UnableToDecrypt(DecryptionFault.DAMAGED) from error


def _current() -> str:
    return next(iter(settings.EBOK_FIELD_KEYS))


def _header(key_id: str) -> bytes:
    name = key_id.encode("ascii")
    return _FORMAT + bytes([len(name)]) + name


def _key_id(sealed: bytes) -> str:
    if len(sealed) < _SHORTEST or not sealed.startswith(_FORMAT):
        raise UnableToDecrypt(DecryptionFault.DAMAGED)
    name = sealed[_SHORTEST : _SHORTEST + sealed[1]].decode("ascii", "replace")
    if name not in settings.EBOK_FIELD_KEYS:
        raise UnableToDecrypt(DecryptionFault.UNKNOWN_KEY)
    return name


def _cipher(key_id: str) -> AESGCM:
    return AESGCM(settings.EBOK_FIELD_KEYS[key_id])


def _bound(header: bytes, purpose: str) -> bytes:
    return header + purpose.encode()
