"""The invitation somebody is about to accept: its code, kept encrypted in their session."""

import base64
from typing import Final

from django.contrib.sessions.backends.base import SessionBase

from ebok.foundation.encryption import UnableToDecrypt, decrypt, encrypt

_KEPT: Final = "invitation"
_PURPOSE: Final = "portal.invitation"


def keep_code(session: SessionBase, code: str) -> None:
    """Keep the code until it is used; who reads the session's row cannot read it."""
    session[_KEPT] = base64.b64encode(encrypt(purpose=_PURPOSE, plain=code.encode())).decode()


def kept_code(session: SessionBase) -> str:
    """The code that was kept, empty without any."""
    try:
        return decrypt(purpose=_PURPOSE, sealed=base64.b64decode(str(session.get(_KEPT, "")))).decode()
    except UnableToDecrypt:
        return ""


def forget_code(session: SessionBase) -> None:
    """Forget the code: it is used, or worth nothing any more."""
    session.pop(_KEPT, None)
