"""One calm page of what guards a login: its password, factors, sessions, and what happened lately."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ebok.access.queries import factors
from ebok.audit.domain import LoginDeed
from ebok.audit.queries import login_deeds
from ebok.foundation.formats import counted, moment
from ebok.portal.scope import signed_in
from ebok.portal.security.frame import page, person
from ebok.portal.security.sessions import open_sessions

PASSWORD_DEEDS: Final = ("user.create", "password.change", "password.reset")
WORDS: Final = {
    "sign_in": "Logowanie",
    "device.new": "Logowanie z nowego urządzenia",
    "sign_out": "Wylogowanie",
    "second_factor": "Zły kod albo klucz przy logowaniu",
    "confirm": "Potwierdzenie, że to Ty",
    "confirm.code_asked": "Wysłanie kodu do potwierdzenia",
    "session.end": "Wylogowanie innych urządzeń",
    "password.change": "Zmiana hasła",
    "password.reset": "Nowe hasło po zapomnianym",
    "password.remove": "Usunięcie hasła",
    "factor.passkey_added": "Dodanie klucza",
    "factor.passkey_removed": "Usunięcie klucza",
    "factor.app_added": "Włączenie kodów z aplikacji",
    "factor.app_removed": "Wyłączenie kodów z aplikacji",
    "factor.recovery_codes_made": "Nowe kody zapasowe",
    "factor.all_removed": "Biuro usunęło drugi krok logowania",
    "email.change": "Zmiana e-maila",
    "phone.change": "Zmiana telefonu",
}
REFUSED: Final = "nieudane"
SAY_IT_ALL: Final = frozenset({"second_factor", "device.new"})
"""Deeds whose words need no result."""
EVENTS: Final = 10
FEW_CODES: Final = 3
"""From how many recovery codes on new ones are suggested."""


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show it. Nothing secret is on it."""
    return page(request, "overview.html", _found(request))


def _found(request: HttpRequest) -> dict[str, Any]:
    user = person(request)
    passkeys, left = list(factors.passkeys_of(user_id=user.pk)), factors.unused_codes(user_id=user.pk)
    app = factors.app_of(user_id=user.pk)
    return {
        "has_password": user.has_usable_password(),
        "password_since": _password_since(user.pk),
        "passkeys": [_passkey(one) for one in passkeys],
        "app_since": app and moment(app.created_at),
        "has_factor": bool(passkeys or app),
        "codes_left": counted(left, one="kod", few="kody", many="kodów"),
        "codes_low": left <= FEW_CODES,
        "may_go_without_password": user.has_usable_password() and len(passkeys) + min(left, 1) > 1 and bool(passkeys),
        "sessions": open_sessions(request),
        "events": [_event(deed) for deed in login_deeds(user_id=user.pk, actions=WORDS, limit=EVENTS)],
    }


def _password_since(user_id: int) -> str:
    deeds = login_deeds(user_id=user_id, actions=PASSWORD_DEEDS, limit=EVENTS)
    return next((moment(deed.at) for deed in deeds if deed.result == "ok"), "")


def _passkey(factor: Any) -> dict[str, str]:
    used = moment(factor.last_used_at) if factor.last_used_at else "jeszcze nie"
    return {"id": str(factor.pk), "name": factor.wrap().name, "added": moment(factor.created_at), "used": used}


def _event(deed: LoginDeed) -> dict[str, str]:
    failed = deed.result != "ok" and deed.action not in SAY_IT_ALL
    words = f"{WORDS[deed.action]}, {REFUSED}" if failed else WORDS[deed.action]
    return {"words": words, "at": moment(deed.at), "address": deed.address}
