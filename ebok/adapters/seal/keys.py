"""Keys to seal with, from PKCS#12 files, and the certificates of earlier ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

Key = RSAPrivateKey | EllipticCurvePrivateKey
LEAST_RSA_BITS: Final = 2048
WARNED_AHEAD: Final = timedelta(days=30)
"""How long before a certificate ends it is told of: a qualified one takes weeks to get."""
_WARSAW: Final = ZoneInfo("Europe/Warsaw")
_PEM: Final = b"-----BEGIN CERTIFICATE-----"


class UnreadableKey(ValueError):
    """There is no key to use in this file; the text is a Polish sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFiles:
    """Where the key is, what opens it, and the certificates of earlier keys, whose seals stay ours."""

    p12: Path
    password: str
    past: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey:
    """A private key, its certificate, and the certificates above it, the nearest first."""

    private: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def trouble(self, now: datetime) -> str:
        """Say in a Polish sentence why it cannot seal at this moment; empty when it can."""
        if now < self.certificate.not_valid_before_utc:
            return f"Certyfikat pieczęci zacznie obowiązywać dopiero {self.certificate.not_valid_before_utc:%d.%m.%Y}."
        if now >= self.certificate.not_valid_after_utc:
            return (
                f"Certyfikat pieczęci wygasł {self.certificate.not_valid_after_utc:%d.%m.%Y}. Faktury czekają. "
                "Ustaw w EBOK_SEAL_P12 nowy, a stary dopisz do EBOK_SEAL_PAST."
            )
        return ""

    def warning(self, now: datetime) -> str:
        """Say in Polish that it will soon seal no more, and what to do; empty before that, and once it cannot."""
        end = self.certificate.not_valid_after_utc
        if self.trouble(now) or now < end - WARNED_AHEAD:
            return ""
        return (
            f"Certyfikat pieczęci wygaśnie {end.astimezone(_WARSAW):%d.%m.%Y o %H:%M}. Potem faktury będą czekać. "
            "Zamów nowy certyfikat albo zrób własny: ebok make_seal. "
            "Ustaw nowy w EBOK_SEAL_P12, a stary dopisz do EBOK_SEAL_PAST."
        )


def key_in(p12: bytes, *, password: str) -> SealKey:
    """Read a PKCS#12 file.

    :raises UnreadableKey: when the password does not open it, or it has no key that can seal.
    """
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(p12, password.encode() or None)
    except ValueError as error:
        raise UnreadableKey("to nie jest plik PKCS#12 albo EBOK_SEAL_PASSWORD do niego nie pasuje") from error
    if private is None or certificate is None:
        raise UnreadableKey("plik nie ma klucza z certyfikatem")
    if not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey) or _weak(private):
        raise UnreadableKey(f"klucz musi być RSA (od {LEAST_RSA_BITS} bitów) albo EC")
    return SealKey(private=private, certificate=certificate, chain=above(certificate, others))


def certificates_in(content: bytes) -> list[x509.Certificate]:
    """Read certificates from a PEM or DER file.

    :raises UnreadableKey: when there are none.
    """
    try:
        if _PEM in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except ValueError as error:
        raise UnreadableKey("plik nie ma certyfikatu") from error


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it is one that only signs other certificates."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def der(certificate: x509.Certificate) -> bytes:
    """The certificate's bytes."""
    return certificate.public_bytes(Encoding.DER)


def _weak(private: Key) -> bool:
    return isinstance(private, RSAPrivateKey) and private.key_size < LEAST_RSA_BITS


def above(certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Of these certificates the ones that stand above this one, the nearest first.

    By their signatures: an authority made anew bears the name of the one before.
    """
    left = [one for one in others if one != certificate]
    found, last = list[x509.Certificate](), certificate
    while parent := next((one for one in left if _issued(last, by=one)), None):
        left.remove(parent)
        found.append(parent)
        last = parent
    return tuple(found)


def _issued(certificate: x509.Certificate, *, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
