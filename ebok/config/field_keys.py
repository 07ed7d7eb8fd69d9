"""The keys of what is encrypted in the database, as `EBOK_FIELD_KEYS` writes them."""

import base64
import binascii
import hashlib
import re
from typing import Final

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES: Final = 32
MIN_DIFFERENT_BYTES: Final = 12
DEMO_KEY: Final = "demo"
_ID: Final = re.compile(r"[a-z0-9]{1,16}")


def field_keys(*, value: str, demo: bool, secret: str) -> dict[str, bytes]:
    """Read `id:key,id:key…`: each key 32 random bytes in base64url, the first one current.

    The demo may go without: its key is then made of its `secret`.

    :raises ImproperlyConfigured: when there is none outside the demo, or one is misshapen, weak or there twice.
    """
    if not value and demo:
        return {DEMO_KEY: hashlib.sha256(b"field-keys:" + secret.encode()).digest()}
    pairs = [_pair(part) for part in value.split(",")]
    keys = dict(pairs)
    if len(keys) < len(pairs):
        raise _refusal("ma dwa razy ten sam identyfikator")
    return keys


def _pair(part: str) -> tuple[str, bytes]:
    key_id, _, text = part.strip().partition(":")
    if not key_id:
        raise _refusal("nie jest ustawiony")
    if not _ID.fullmatch(key_id):
        raise _refusal("ma identyfikator inny niż małe litery i cyfry")
    return key_id, _key(text)


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _refusal("ma klucz, który nie jest zapisany w base64url") from error
    if len(key) != KEY_BYTES or len(set(key)) < MIN_DIFFERENT_BYTES:
        raise _refusal(f"ma klucz, który nie jest losowymi {KEY_BYTES} bajtami")
    return key


def _refusal(fault: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"EBOK_FIELD_KEYS {fault}. Ustaw identyfikator, dwukropek i {KEY_BYTES} losowe bajty w base64url, na przykład "
        "„k1:…”, w zmiennej EBOK_FIELD_KEYS albo w pliku wskazanym przez EBOK_FIELD_KEYS_FILE. Klucz zrobisz tak: "
        f"python3 -c 'import secrets; print(secrets.token_urlsafe({KEY_BYTES}))'"
    )
