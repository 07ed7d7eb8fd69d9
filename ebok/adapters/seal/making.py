"""A seal of one's own: an authority and a certificate below it, for the demo and for those without a qualified seal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

RSA_BITS: Final = 3072
AUTHORITY_YEARS, SEAL_YEARS = 12, 10
_YEAR: Final = timedelta(days=365)
_SLOW_CLOCKS: Final = timedelta(days=1)
_NAME_LENGTH: Final = 64
"""Most characters of a common name and of an organization (X.520)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSeal:
    """The PKCS#12 file with the key, and the authority's certificate for those who want to check (PEM)."""

    p12: bytes
    authority: bytes


def make_seal(*, name: str, short_name: str, password: str, now: datetime) -> MadeSeal:
    """Make an authority and a seal (RSA, 3072 bits) for the utility of this name. The authority's key is forgotten."""
    root_key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    root_name = _named(f"Urząd certyfikacji eBOK {short_name}", name)
    root = (
        _begun(root_name, root_name, root_key.public_key(), now=now, years=AUTHORITY_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    seal = (
        _begun(
            _named(f"Pieczęć elektroniczna {short_name}", name), root_name, key.public_key(), now=now, years=SEAL_YEARS
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    encryption = BestAvailableEncryption(password.encode())
    p12 = pkcs12.serialize_key_and_certificates(short_name.encode(), key, seal, [root], encryption)
    return MadeSeal(p12=p12, authority=root.public_bytes(Encoding.PEM))


def _begun(
    subject: x509.Name, issuer: x509.Name, public: rsa.RSAPublicKey, *, now: datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLOW_CLOCKS)
        .not_valid_after(now + years * _YEAR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _named(common: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "PL"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:_NAME_LENGTH].strip()),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:_NAME_LENGTH].strip()),
        ]
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
