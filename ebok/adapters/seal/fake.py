"""A seal without certificates, for tests of what uses it: the same verdicts, in a millisecond."""

import hashlib
import hmac
import re
from datetime import datetime
from typing import Final

from ebok.einvoicing.ports import SealFinding, SealUnavailable, SealVerdict, UnableToSeal

_KEY: Final = b"a fake seal"
_MARK: Final = b"% fake seal "
_SEAL: Final = re.compile(rb"% fake seal ([0-9T:.+-]{19,40}) ([0-9a-f]{64})\n")


class FakeSeal:
    """Ends a file with a line that only this class makes. With `words` nothing can be sealed; `soon` is a warning."""

    def __init__(self, *, words: str = "", soon: str = "") -> None:
        self.words, self.soon = words, soon

    def trouble(self, *, now: datetime) -> str:
        """Say what `words` say."""
        return self.words

    def warning(self, *, now: datetime) -> str:
        """Say what `soon` says."""
        return self.soon

    def seal(self, pdf: bytes, *, now: datetime) -> bytes:
        """Return the file with the line added.

        :raises SealUnavailable: with `words`.
        :raises UnableToSeal: for what does not begin as a PDF or is encrypted.
        """
        if self.words:
            raise SealUnavailable(self.words)
        if not pdf.startswith(b"%PDF-") or b"%%EOF" not in pdf or b"/Encrypt" in pdf:
            raise UnableToSeal("Pliku PDF nie da się opieczętować.")
        body = pdf if pdf.endswith(b"\n") else pdf + b"\n"
        at = now.isoformat().encode()
        return body + _MARK + at + b" " + _mac(body + at) + b"\n"

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the last such line says."""
        body, mark, _ = pdf.rpartition(_MARK)
        line = _SEAL.fullmatch(pdf[len(body) :]) if mark else None
        if line is None:
            return SealFinding(verdict=SealVerdict.ALTERED if mark else SealVerdict.NOT_OURS)
        if not hmac.compare_digest(line[2], _mac(body + line[1])):
            return SealFinding(verdict=SealVerdict.ALTERED)
        return SealFinding(verdict=SealVerdict.OURS, sealed_at=datetime.fromisoformat(line[1].decode()))


def _mac(data: bytes) -> bytes:
    return hmac.new(_KEY, data, hashlib.sha256).hexdigest().encode()
