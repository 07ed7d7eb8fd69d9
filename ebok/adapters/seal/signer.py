"""pyHanko's signer with the key kept ready: as documented it reads the key, and encodes everything, for every seal."""

from typing import Any

from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ebok.adapters.seal.form import SealForm
from ebok.adapters.seal.keys import SealKey, der


class ReadySigner(SimpleSigner):
    """Signs SHA-256 with the key at hand, in our form."""

    def __init__(self, key: SealKey) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([asn1_x509.Certificate.load(der(one)) for one in key.chain])
        plain = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(der(key.certificate)),
            signing_key=asn1_keys.PrivateKeyInfo.load(plain),
            cert_registry=store,
        )
        self._ready = key.private
        self.form = SealForm(certificate=key.certificate, chain=key.chain)

    async def async_sign(
        self, data_digest: bytes, digest_algorithm: str, *_args: Any, **_options: Any
    ) -> cms.ContentInfo:
        """Return the seal for a file of this SHA-256; the options are pyHanko's, and all the form has."""
        signature = await self.async_sign_raw(self.form.to_sign(data_digest), digest_algorithm)
        return cms.ContentInfo.load(self.form.written(data_digest, signature))

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, *_args: Any, **_options: Any) -> bytes:
        """Return the signature over the data; `digest_algorithm` is what the seal asks for, always SHA-256."""
        if isinstance(self._ready, RSAPrivateKey):
            return self._ready.sign(data, PKCS1v15(), hashes.SHA256())
        return self._ready.sign(data, ECDSA(hashes.SHA256()))
