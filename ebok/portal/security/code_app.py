"""Codes from an app (TOTP): turning them on with a picture or by hand, and off."""

from typing import Final

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ebok.access.operations.factors import AddedFactor, UnableToRemoveFactor, add_app, remove_factor
from ebok.access.queries.factors import app_of, barrier, has_app, is_last
from ebok.foundation import clock
from ebok.foundation.encryption import UnableToDecrypt
from ebok.foundation.limits import give_back, take
from ebok.portal.scope import acting_user, signed_in
from ebok.portal.security import limits
from ebok.portal.security.confirming_forms import AppCodeForm
from ebok.portal.security.frame import page, person
from ebok.portal.security.mfa_adapter import MfaAdapter
from ebok.portal.security.recovery import show_once
from ebok.portal.security.removal import STAYS
from ebok.web.qr import qr_svg
from ebok.web.step_up import fresh_sign_in

SECRET: Final = "code_app_secret"  # noqa: S105 - the name of a place in the session
GROUP: Final = 4
WRONG: Final = "Ten kod się nie zgadza. Sprawdź, czy zegar telefonu jest dokładny, i wpisz kod, który widzisz teraz."


@signed_in
@fresh_sign_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def turn_on(request: HttpRequest) -> HttpResponse:
    """Show the secret as a picture and in letters, and take the first code."""
    user, form = person(request), AppCodeForm(request.POST or None)
    if has_app(user_id=user.pk):
        return redirect("security")
    secret = _secret(request)
    if request.method == "POST" and form.is_valid() and (added := _add(request, user, secret, form)):
        return _after(request, added)
    return page(request, "app_on.html", {"form": form, **_shown(user, secret)})


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def turn_off(request: HttpRequest) -> HttpResponse:
    """Turn the codes off, after saying what is left without them."""
    user = person(request)
    app = app_of(user_id=user.pk)
    if app is None:
        return redirect("security")
    refusal = barrier(factor=app)
    if request.method == "POST":
        try:
            remove_factor(user_id=user.pk, factor_id=app.pk, acting=acting_user(request), now=clock.now())
        except UnableToRemoveFactor as unable:
            refusal = unable.reason
        else:
            messages.success(request, "Kody z aplikacji są wyłączone. Wpis w aplikacji możesz skasować.")
            return redirect("security")
    return page(request, "app_off.html", {"barrier": STAYS.get(refusal, ""), "last": is_last(factor=app)})


def _secret(request: HttpRequest) -> str:
    """The secret this session is setting up, the same until it is done, so that a second look shows the same."""
    try:
        return MfaAdapter().decrypt(request.session[SECRET])
    except (KeyError, UnableToDecrypt):
        secret: str = generate_totp_secret()
        request.session[SECRET] = MfaAdapter().encrypt(secret)
        return secret


def _shown(user: AbstractBaseUser, secret: str) -> dict[str, object]:
    url = MfaAdapter().build_totp_url(user, secret)
    letters = " ".join(secret[at : at + GROUP] for at in range(0, len(secret), GROUP))
    return {
        "picture": qr_svg(url, label="Kod QR do aplikacji. Te same dane w literach są pod nim."),
        "letters": letters,
        "secret": secret,
        "name": MfaAdapter().get_totp_label(user),
        "issuer": MfaAdapter().get_totp_issuer(),
    }


def _add(request: HttpRequest, user: AbstractBaseUser, secret: str, form: AppCodeForm) -> AddedFactor | None:
    now, acting = clock.now(), acting_user(request)
    if not take(limit=limits.CODE, subject=str(user.pk), now=now):
        form.add_error("code", limits.TOO_MANY)
        return None
    added = add_app(user_id=user.pk, secret=secret, digits=form.cleaned_data["code"], acting=acting, now=now)
    if added is None:
        form.add_error("code", WRONG)
        return None
    give_back(limit=limits.CODE, subject=str(user.pk), now=now)
    return added


def _after(request: HttpRequest, added: AddedFactor) -> HttpResponse:
    request.session.pop(SECRET, None)
    post_authentication(request, added.factor)
    messages.success(request, "Kody z aplikacji są włączone. Przy logowaniu wpiszesz kod po haśle.")
    return show_once(request) if added.first else redirect("security")
