"""By which ways a person can say again who they are: not by less than they sign in with (ASVS 7.5.3)."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse

from ebok.access.queries.factors import FACTORS
from ebok.web.step_up import NEXT, safe_next

PASSWORD: Final = "account_reauthenticate"  # noqa: S105 - the name of an address
CODE: Final = "mfa_reauthenticate"
PASSKEY: Final = "mfa_reauthenticate_webauthn"
MAIL: Final = "confirm_by_mail"
CODES: Final = frozenset({Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way: the name of its address, what it is called, and its address with the page to come back to."""

    name: str
    word: str
    url: str


def ways_of(request: HttpRequest) -> list[Way]:
    """The ways open to the signed-in person, the usual one first."""
    back = safe_next(request, default="")
    query = f"?{urlencode({NEXT: back})}" if back else ""
    return [Way(name=name, word=word, url=reverse(name) + query) for name, word in _open_ways(request)]


def _open_ways(request: HttpRequest) -> list[tuple[str, str]]:
    user = request.user
    if not user.is_authenticated:
        return []
    kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    has_factor = bool(kinds & set(FACTORS))
    ways = [(PASSWORD, "hasłem")] if user.has_usable_password() and not has_factor else []
    if Authenticator.Type.WEBAUTHN in kinds:
        ways.append((PASSKEY, "kluczem"))
    if kinds & CODES:
        ways.append((CODE, "kodem z aplikacji" if Authenticator.Type.TOTP in kinds else "kodem zapasowym"))
    if user.email and not has_factor:
        ways.append((MAIL, "kodem z e-maila"))
    return ways
