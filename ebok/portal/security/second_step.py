"""The second step of signing in: a code or a passkey, after the password or the mailed code."""

from collections.abc import Callable
from typing import Any, Final

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ebok.access.domain.factors import Occasion
from ebok.access.operations.confirmations import note_proof, prove_by_factor_code
from ebok.access.queries import may_sign_in
from ebok.foundation import clock
from ebok.foundation.limits import give_back, take
from ebok.portal.scope import acting_user
from ebok.portal.security import ceremonies, limits
from ebok.portal.security.confirming import WRONG_CODE, WRONG_PASSKEY
from ebok.portal.security.confirming_forms import FactorCodeForm, PasskeyForm
from ebok.portal.sign_in.pending import still_holds
from ebok.web.rules import View, public

CANCEL: Final = "wroc"
_in_second_step: Callable[[View], View] = login_stage_required(
    stage=AuthenticateStage.key, redirect_urlname="account_login"
)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@_in_second_step
def second_step(request: HttpRequest) -> HttpResponse:
    """Take a code or a passkey and finish the sign-in; or drop it and go back to its start."""
    stage = request._login_stage  # type: ignore[attr-defined]  # set by allauth's decorator
    user = stage.login.user
    if user is None or not (may_sign_in(user_id=user.pk) and still_holds(request, user)) or CANCEL in request.POST:
        stage.abort()
        return redirect("account_login")
    code, passkey = _forms(request)
    if request.method == "POST" and (_code_fits(request, user, code) or _passkey_fits(request, user, passkey)):
        answer: HttpResponse = stage.exit()
        return answer
    return render(request, "portal/security/second_step.html", _shown(user, code, passkey))


def _forms(request: HttpRequest) -> tuple[FactorCodeForm, PasskeyForm]:
    by_passkey = "answer" in request.POST
    code = None if by_passkey else request.POST or None
    return FactorCodeForm(code), PasskeyForm(request.POST if by_passkey else None)


def _shown(user: AbstractBaseUser, code: FactorCodeForm, passkey: PasskeyForm) -> dict[str, Any]:
    kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    has_passkey = Authenticator.Type.WEBAUTHN in kinds
    return {
        "form": passkey if passkey.is_bound else code,
        "code": code,
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_passkey": has_passkey,
        "options": ceremonies.begin_check(user=user) if has_passkey else "",
    }


def _code_fits(request: HttpRequest, user: AbstractBaseUser, form: FactorCodeForm) -> bool:
    if not form.is_valid():
        return False
    now = clock.now()
    if not take(limit=limits.CODE, subject=str(user.pk), now=now):
        form.add_error("code", limits.TOO_MANY)
        return False
    digits, acting = form.cleaned_data["code"], acting_user(request)
    factor = prove_by_factor_code(user_id=user.pk, digits=digits, occasion=Occasion.SECOND_STEP, acting=acting, now=now)
    if factor is None:
        form.add_error("code", WRONG_CODE)
        return False
    give_back(limit=limits.CODE, subject=str(user.pk), now=now)
    factor.user = user
    post_authentication(request, factor)
    return True


def _passkey_fits(request: HttpRequest, user: AbstractBaseUser, form: PasskeyForm) -> bool:
    if not form.is_valid():
        return False
    factor = ceremonies.finish_check(answer=form.cleaned_data["answer"], user=user)
    if factor is None:
        form.add_error(None, WRONG_PASSKEY)
        return note_proof(
            user_id=user.pk, way="passkey", right=False, occasion=Occasion.SECOND_STEP,
            acting=acting_user(request), now=clock.now(),
        )  # fmt: skip
    post_authentication(request, factor)
    return True
