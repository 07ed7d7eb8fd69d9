"""What a session keeps between two pages about people: encrypted, so that who reads its row reads nothing."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from ebok.foundation.encryption import UnableToDecrypt, decrypt, encrypt


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One place in a session, for what JSON can say. What was put under another name cannot be read here."""

    name: str

    def put(self, session: SessionBase, value: Any) -> None:
        """Keep the value until it is forgotten, or the session ends."""
        session[self.name] = seal(purpose=self._purpose, value=value)

    def get(self, session: SessionBase) -> Any | None:
        """The value; None when there is none, or its key is gone."""
        return unseal(purpose=self._purpose, sealed=session.get(self.name))

    def forget(self, session: SessionBase) -> None:
        """Forget it: it is used, or worth nothing any more."""
        session.pop(self.name, None)

    @property
    def _purpose(self) -> str:
        return f"session:{self.name}"


def seal(*, purpose: str, value: Any) -> str:
    """Encrypt what JSON can say, as text for a session."""
    return base64.b64encode(encrypt(purpose=purpose, plain=json.dumps(value).encode())).decode()


def unseal(*, purpose: str, sealed: object) -> Any | None:
    """Return what was sealed for this purpose; None for anything else."""
    try:
        return json.loads(decrypt(purpose=purpose, sealed=base64.b64decode(str(sealed or ""))))
    except (UnableToDecrypt, binascii.Error, ValueError):
        return None
