"""The one form in which a seal is written: CMS signed data (RFC 5652) with the attributes PAdES asks for, in DER.

Written by hand for two reasons: general encoders took most of the time of a seal, and a seal that can be written in
one way only is read back by writing it again, so that hostile files are never parsed. Seals stay ours for ever, so
this form does not change: a new one would stand beside it.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from ebok.adapters.seal.keys import der

_SEQUENCE, _SET, _OCTETS, _INTEGER, _OID, _TAGGED = 0x30, 0x31, 0x04, 0x02, 0x06, 0xA0
_LONG_FORM: Final = 0x80
_NULL: Final = b"\x05\x00"
_ONE: Final = b"\x02\x01\x01"
EC_SIGNATURE_BYTES: Final = range(8, 142)
"""How long a signature on a curve can be, P-521 included."""


def tlv(tag: int, *parts: bytes) -> bytes:
    """One value in DER: tag, length, contents."""
    content = b"".join(parts)
    if len(content) < _LONG_FORM:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG_FORM | len(length))) + length + content


def _oid(hexadecimal: str) -> bytes:
    return tlv(_OID, bytes.fromhex(hexadecimal))


_SHA256: Final = tlv(_SEQUENCE, _oid("608648016503040201"))
_RSA: Final = tlv(_SEQUENCE, _oid("2a864886f70d01010b"), _NULL)
"""sha256WithRSAEncryption."""
_ECDSA: Final = tlv(_SEQUENCE, _oid("2a8648ce3d040302"))
"""ecdsa-with-SHA256."""
_DATA: Final = _oid("2a864886f70d010701")
_SIGNED_DATA: Final = _oid("2a864886f70d010702")
_CONTENT_TYPE: Final = tlv(_SEQUENCE, _oid("2a864886f70d010903"), tlv(_SET, _DATA))
_MESSAGE_DIGEST: Final = _oid("2a864886f70d010904")
_SIGNING_CERTIFICATE: Final = _oid("2a864886f70d010910022f")
_ALGORITHMS: Final = _oid("2a864886f70d010934")


@dataclass(frozen=True, kw_only=True)
class SealForm:
    """How seals under one certificate look; `chain` are the certificates that stand by."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def to_sign(self, digest: bytes) -> bytes:
        """What the key signs for a file of this SHA-256: the set of attributes."""
        return tlv(_SET, *self._attributes(digest))

    def written(self, digest: bytes, signature: bytes) -> bytes:
        """The whole seal."""
        signer = tlv(
            _SEQUENCE, _ONE, self.identity, _SHA256, tlv(_TAGGED, *self._attributes(digest)), self._algorithm,
            tlv(_OCTETS, signature),
        )  # fmt: skip
        content = (tlv(_SET, _SHA256), tlv(_SEQUENCE, _DATA), self._certificates, tlv(_SET, signer))
        return tlv(_SEQUENCE, _SIGNED_DATA, tlv(_TAGGED, tlv(_SEQUENCE, _ONE, *content)))

    def signature_in(self, raw: bytes, *, digest: bytes) -> bytes | None:
        """The signature, when `raw` begins with a seal of this form for a file of this SHA-256, else None."""
        for size in self._sizes:
            head = self.written(digest, bytes(size))[:-size]
            if raw.startswith(head) and len(raw) >= len(head) + size:
                return raw[len(head) : len(head) + size]
        return None

    @cached_property
    def identity(self) -> bytes:
        """Issuer and serial number: how a seal names its certificate."""
        serial = self.certificate.serial_number
        number = serial.to_bytes(serial.bit_length() // 8 + 1, "big")
        return tlv(_SEQUENCE, self.certificate.issuer.public_bytes(), tlv(_INTEGER, number))

    @property
    def largest(self) -> int:
        """The most bytes a seal takes."""
        return len(self.written(bytes(32), bytes(self._sizes[-1])))

    def _attributes(self, digest: bytes) -> list[bytes]:
        said = tlv(_SEQUENCE, _MESSAGE_DIGEST, tlv(_SET, tlv(_OCTETS, digest)))
        return sorted([_CONTENT_TYPE, said, *self._always])

    @cached_property
    def _always(self) -> tuple[bytes, bytes]:
        """The certificate by its hash (RFC 5035), and the algorithms, so that nobody swaps them (RFC 6211)."""
        named = tlv(_SEQUENCE, tlv(_SEQUENCE, tlv(_SEQUENCE, tlv(_OCTETS, sha256(der(self.certificate)).digest()))))
        algorithms = tlv(_SEQUENCE, _SHA256, b"\xa1" + self._algorithm[1:])
        return (
            tlv(_SEQUENCE, _SIGNING_CERTIFICATE, tlv(_SET, named)),
            tlv(_SEQUENCE, _ALGORITHMS, tlv(_SET, algorithms)),
        )

    @cached_property
    def _certificates(self) -> bytes:
        return tlv(_TAGGED, *sorted(der(one) for one in (self.certificate, *self.chain)))

    @property
    def _algorithm(self) -> bytes:
        return _RSA if isinstance(self.certificate.public_key(), RSAPublicKey) else _ECDSA

    @cached_property
    def _sizes(self) -> range:
        key = self.certificate.public_key()
        if isinstance(key, RSAPublicKey):
            return range(key.key_size // 8, key.key_size // 8 + 1)
        return EC_SIGNATURE_BYTES
