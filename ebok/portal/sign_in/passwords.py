"""Answers of changing and resetting a password."""

from dataclasses import asdict
from typing import Final

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ebok.access.domain import CodeTicket
from ebok.access.operations import (
    ResetRefusal,
    UnableToReset,
    UnableToSetPassword,
    ask_for_reset,
    change_password,
    reset_password,
)
from ebok.foundation import clock
from ebok.portal.scope import acting_user, signed_in
from ebok.portal.sign_in import throttles
from ebok.portal.sign_in.devices import device_cookie
from ebok.portal.sign_in.forms import PasswordChangeForm, ResetCodeForm, ResetForm
from ebok.web.rules import public

TICKET: Final = "password_reset"
SENTENCES: Final = {
    ResetRefusal.WRONG_CODE: "Ten kod się nie zgadza. Sprawdź cyfry w najnowszym e-mailu.",
    ResetRefusal.EXPIRED: "Ten kod już nie działa. Wyślij nowy kod i wpisz go tutaj.",
}


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Change the password of the signed-in person; their other sessions end."""
    form = PasswordChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, "Hasło jest zmienione. Na innych urządzeniach zaloguj się nowym hasłem.")
        return redirect("me")
    return render(request, "portal/sign_in/password_change.html", {"form": form})


def _changed(request: HttpRequest, form: PasswordChangeForm) -> bool:
    user, now = request.user, clock.now()
    if not user.is_authenticated:
        return False
    if refusal := throttles.refusal(uses=[(throttles.PASSWORD_CHANGE, str(user.pk))], now=now):
        form.add_error("present_password", refusal)
        return False
    present, new = form.cleaned_data["present_password"], form.cleaned_data["new_password"]
    try:
        change_password(user_id=user.pk, present=present, new=new, acting=acting_user(request), now=now)
    except UnableToSetPassword as refused:
        if not refused.faults:
            form.add_error("present_password", "To nie jest Twoje obecne hasło. Wpisz je jeszcze raz.")
        form.say_faults(refused.faults)
        return False
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    return True


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take an e-mail address and say that a code is on its way, whoever's address it is."""
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, email = clock.now(), form.cleaned_data["email"]
        address = get_adapter(request).get_client_ip(request)
        refusal = throttles.refusal_of_code(email=email, address=address, device=device_cookie(request), now=now)
        if not refusal:
            ticket = ask_for_reset(address=email, acting=acting_user(request), now=now)
            request.session[TICKET] = asdict(ticket)
            return redirect("account_confirm_password_reset_code")
        form.add_error("email", refusal)
    return render(request, "portal/sign_in/password_reset.html", {"form": form})


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the code and a new password; nobody is signed in by it."""
    kept = request.session.get(TICKET)
    if not kept:
        return redirect("account_reset_password")
    form = ResetCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _reset(request, CodeTicket(**kept), form):
        request.session.flush()
        messages.success(request, "Nowe hasło jest ustawione. Zaloguj się nim.")
        return redirect("account_login")
    return render(request, "portal/sign_in/password_reset_code.html", {"form": form})


def _reset(request: HttpRequest, ticket: CodeTicket, form: ResetCodeForm) -> bool:
    now, address = clock.now(), get_adapter(request).get_client_ip(request)
    if refusal := throttles.refusal(uses=[(throttles.CODE_TYPED, address)], now=now):
        form.add_error("code", refusal)
        return False
    code, new = form.cleaned_data["code"], form.cleaned_data["new_password"]
    try:
        user_id = reset_password(ticket=ticket, code=code, new=new, acting=acting_user(request), now=now)
    except UnableToReset as refused:
        if refused.reason in SENTENCES:
            form.add_error("code", SENTENCES[refused.reason])
        form.say_faults(refused.faults)
        return False
    throttles.lift_sign_in(user_id=user_id, now=now)
    return True
