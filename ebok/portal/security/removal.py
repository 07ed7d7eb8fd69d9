"""Whether a factor can go, and what goes with it."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser

from ebok.access.queries import staff_member
from ebok.portal.security.factors import passkeys_of
from ebok.web.second_factor import FACTORS

ONLY_WAY = "To Twój jedyny sposób logowania. Najpierw ustaw hasło albo dodaj drugi klucz."
STAFF_DUTY = "Pracownik loguje się zawsze z drugim składnikiem. Najpierw dodaj inny, potem usuń ten."


def is_last(*, user_id: int, factor: Authenticator) -> bool:
    """Say whether the login has no other app or passkey."""
    others = Authenticator.objects.filter(user_id=user_id, type__in=FACTORS).exclude(pk=factor.pk)
    return not others.exists()


def barrier(*, user: AbstractBaseUser, factor: Authenticator) -> str:
    """Why the factor has to stay, as a sentence; empty when it can go."""
    is_passkey = factor.type == Authenticator.Type.WEBAUTHN
    if is_passkey and not user.has_usable_password() and passkeys_of(user_id=user.pk).count() == 1:
        return ONLY_WAY
    staff = staff_member(user_id=user.pk)
    if staff and not staff.is_demo and is_last(user_id=user.pk, factor=factor):
        return STAFF_DUTY
    return ""
