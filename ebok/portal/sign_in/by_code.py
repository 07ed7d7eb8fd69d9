"""Signing in by a code that goes to one's e-mail: ask for it, then type it in."""

from dataclasses import asdict
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_login_redirect_url, get_next_redirect_url
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ebok.access.domain import CodeTicket
from ebok.access.operations import SignInRefusal, UnableToSignIn, ask_for_sign_in_code, prove_by_code
from ebok.foundation import clock
from ebok.portal.scope import acting_user
from ebok.portal.sign_in import throttles
from ebok.portal.sign_in.devices import device_cookie
from ebok.portal.sign_in.entering import EMAILED_CODE, enter
from ebok.portal.sign_in.forms import SignInCodeForm, SignInCodeRequestForm
from ebok.web.rules import public

ASKED: Final = "sign_in_code"
"""What the session keeps between asking and typing: the code's ticket, and the page to go to."""
SENTENCES: Final = {
    SignInRefusal.WRONG_CODE: "Ten kod się nie zgadza. Sprawdź cyfry w najnowszym e-mailu.",
    SignInRefusal.EXPIRED: "Ten kod już nie działa. Wyślij nowy kod i wpisz go tutaj.",
}


@public
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take an e-mail address and say that a code is on its way, whoever's address it is."""
    if request.user.is_authenticated:
        return redirect(get_login_redirect_url(request))
    form = SignInCodeRequestForm(request.POST or None)
    wanted = get_next_redirect_url(request) or ""
    if request.method == "POST" and form.is_valid() and _asked(request, form, wanted):
        return redirect("account_confirm_login_code")
    return render(request, "portal/sign_in/code_request.html", {"form": form, "wanted": wanted})


def _asked(request: HttpRequest, form: SignInCodeRequestForm, wanted: str) -> bool:
    now, email = clock.now(), form.cleaned_data["email"]
    address = get_adapter(request).get_client_ip(request)
    refusal = throttles.refusal_of_code(email=email, address=address, device=device_cookie(request), now=now)
    if refusal:
        form.add_error("email", refusal)
        return False
    ticket = ask_for_sign_in_code(address=email, acting=acting_user(request), now=now)
    request.session[ASKED] = {"ticket": asdict(ticket), "wanted": wanted}
    return True


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def type_in(request: HttpRequest) -> HttpResponse:
    """Take the code and sign in, or lead on to the second factor."""
    kept = request.session.get(ASKED)
    if request.user.is_authenticated or not kept:
        return redirect(
            get_login_redirect_url(request) if request.user.is_authenticated else "account_request_login_code"
        )
    form = SignInCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user_id = _proved(request, CodeTicket(**kept["ticket"]), form)
        if user_id is not None:
            del request.session[ASKED]
            return enter(request, user_id=user_id, method=EMAILED_CODE, redirect_url=kept["wanted"] or None)
    return render(request, "portal/sign_in/code.html", {"form": form})


def _proved(request: HttpRequest, ticket: CodeTicket, form: SignInCodeForm) -> int | None:
    now, address = clock.now(), get_adapter(request).get_client_ip(request)
    if refusal := throttles.refusal(uses=[(throttles.CODE_TYPED, address)], now=now):
        form.add_error("code", refusal)
        return None
    try:
        return prove_by_code(ticket=ticket, code=form.cleaned_data["code"], acting=acting_user(request), now=now)
    except UnableToSignIn as refused:
        form.add_error("code", SENTENCES[refused.reason])
        return None
