"""What the seal of a file says, read from its bytes alone.

Files come from anybody, so nothing of them is parsed but the four numbers that say where a signature stands. A seal
holds when our key signed every byte of the file but the seal itself, and the seal is written exactly as we write it;
how the file is built inside does not matter then.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from ebok.adapters.seal.form import SealForm
from ebok.adapters.seal.keys import above, der, is_authority
from ebok.einvoicing.ports import SealFinding, SealVerdict

LARGEST_FILE: Final = 64 * 1024 * 1024
LARGEST_SEAL: Final = 128 * 1024
HASHED_AT_MOST: Final = 4
"""How many times one file is hashed, whatever it says of itself."""
_RANGE: Final = re.compile(
    rb"/ByteRange[ \r\n]{0,4}\[ {0,4}0 {1,4}([0-9]{1,9}) {1,4}([0-9]{1,9}) {1,4}([0-9]{1,9}) {0,80}\]"
)
_MADE_AT: Final = re.compile(rb"/M ?\(D(?::|\\072)([0-9]{14})(\+|-|\\053|\\055)([0-9]{2})(?:'|\\047)([0-9]{2})")
_MINUS: Final = (b"-", b"\\055")
_NEAR: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSeals:
    """How seals of ours look, and what they leave in a file when they are damaged."""

    forms: tuple[SealForm, ...]
    traces: frozenset[bytes]

    @classmethod
    def of(cls, certificates: Iterable[x509.Certificate]) -> "KnownSeals":
        """Sort out the certificates of our keys, earlier ones too, and of what stands above them."""
        given = list(certificates)
        sealing = [one for one in given if not is_authority(one)]
        forms = tuple(form for one in sealing for form in _forms(one, above(one, given)))
        left = {trace.hex() for form in forms for trace in (form.identity, der(form.certificate))}
        written = frozenset(text.encode() for one in left for text in (one, one.upper()))
        return cls(forms=forms, traces=written)


def _forms(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> list[SealForm]:
    """With each length of its chain: the file of a key may have held less of it than is known here."""
    return [SealForm(certificate=certificate, chain=chain[:size]) for size in range(len(chain), -1, -1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a seal over the whole file stands: its hexadecimal text from `start` to `end`, brackets included."""

    start: int
    end: int
    described: int


def inspect(pdf: bytes, *, known: KnownSeals) -> SealFinding:
    """Say what the seal of a file says. Takes any bytes; time and memory grow with their number only."""
    if len(pdf) > LARGEST_FILE:
        return SealFinding(verdict=SealVerdict.NOT_OURS)
    for place in islice(_places(pdf, known), HASHED_AT_MOST):
        if _holds(pdf, place, known):
            return SealFinding(verdict=SealVerdict.OURS, sealed_at=_sealed_at(pdf, place))
    altered = any(trace in pdf for trace in known.traces)
    return SealFinding(verdict=SealVerdict.ALTERED if altered else SealVerdict.NOT_OURS)


def _places(pdf: bytes, known: KnownSeals) -> Iterator[_Place]:
    """Where something that names our certificate claims to seal the whole file; each place once."""
    seen = set[tuple[int, int]]()
    for match in _RANGE.finditer(pdf):
        start, end, covered = (int(number) for number in match.groups())
        if not 0 < end - start <= LARGEST_SEAL or end + covered != len(pdf) or (start, end) in seen:
            continue
        seen.add((start, end))
        if len(seen) > LARGEST_SEAL:
            return
        text = pdf[start:end]
        if any(trace in text for trace in known.traces):
            yield _Place(start=start, end=end, described=match.start())


def _holds(pdf: bytes, place: _Place, known: KnownSeals) -> bool:
    text = pdf[place.start : place.end]
    try:
        raw = bytes.fromhex(text[1:-1].decode("ascii"))
    except ValueError:
        return False
    digest = hashlib.sha256(memoryview(pdf)[: place.start])
    digest.update(memoryview(pdf)[place.end :])
    return any(_is_of(form, raw, text, digest.digest()) for form in known.forms)


def _is_of(form: SealForm, raw: bytes, text: bytes, digest: bytes) -> bool:
    signature = form.signature_in(raw, digest=digest)
    if signature is None or not _verified(form.certificate, signature, form.to_sign(digest)):
        return False
    # Nobody signs the seal itself, so every digit of it must be the one we would write.
    written, room = form.written(digest, signature).hex(), len(text) - 2
    return text in (f"<{digits.ljust(room, '0')}>".encode() for digits in (written.upper(), written))


def _verified(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    key = certificate.public_key()
    try:
        match key:
            case RSAPublicKey():
                key.verify(signature, data, PKCS1v15(), hashes.SHA256())
            case EllipticCurvePublicKey():
                key.verify(signature, data, ECDSA(hashes.SHA256()))
            case _:
                return False
    except InvalidSignature:
        return False
    return True


def _sealed_at(pdf: bytes, place: _Place) -> datetime | None:
    """When our seal says it was put on; only of a seal that holds."""
    near = pdf[max(0, place.described - _NEAR) : place.start] + pdf[place.end : place.end + _NEAR]
    match = _MADE_AT.search(near)
    if match is None:
        return None
    digits, sign, hours, minutes = match.groups()
    offset = f"{'-' if sign in _MINUS else '+'}{hours.decode()}{minutes.decode()}"
    return datetime.strptime(digits.decode() + offset, "%Y%m%d%H%M%S%z")
