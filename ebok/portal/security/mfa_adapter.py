"""What allauth asks about factors: its secrets are encrypted, passkeys belong to our address and carry our name."""

import base64
from typing import Final
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from ebok.foundation.encryption import DecryptionFault, UnableToDecrypt, decrypt, encrypt
from ebok.foundation.utility import utility

PURPOSE: Final = "mfa"


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's questions about second factors."""

    def encrypt(self, text: str) -> str:
        """Encrypt a seed for the database."""
        return base64.urlsafe_b64encode(encrypt(purpose=PURPOSE, plain=text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a seed from the database.

        :raises ebok.foundation.encryption.UnableToDecrypt: when its key is gone or it was changed.
        """
        try:
            sealed = base64.urlsafe_b64decode(encrypted_text)
        except ValueError as error:
            raise UnableToDecrypt(DecryptionFault.DAMAGED) from error
        return decrypt(purpose=PURPOSE, sealed=sealed).decode()

    def get_totp_issuer(self) -> str:
        """The name an app shows beside its code."""
        return f"eBOK {utility().short_name}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whose passkeys they are: of the address people type, whatever host a request names."""
        return {"id": urlsplit(settings.EBOK_PUBLIC_URL).hostname or "", "name": self.get_totp_issuer()}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """The name of a passkey its owner did not name."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "Klucz" if number == 1 else f"Klucz {number}"
