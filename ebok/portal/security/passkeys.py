"""Passkeys: signing in by one alone, adding, naming and removing them."""

from typing import Final

from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from ebok.access.domain.factors import PASSKEYS_AT_MOST
from ebok.access.operations.factors import AddedFactor, UnableToRemoveFactor, add_passkey, remove_factor, rename_passkey
from ebok.access.queries import may_sign_in
from ebok.access.queries.factors import barrier, is_last, passkeys_of
from ebok.audit.domain import AuditFact
from ebok.audit.operations import record
from ebok.foundation import clock
from ebok.foundation.limits import take
from ebok.portal.scope import acting_user, signed_in
from ebok.portal.security import ceremonies, limits
from ebok.portal.security.confirming_forms import PasskeyForm
from ebok.portal.security.frame import page, person
from ebok.portal.security.passkey_forms import NameForm, NewPasskeyForm
from ebok.portal.security.recovery import show_once
from ebok.portal.security.removal import STAYS
from ebok.web.rules import public
from ebok.web.sign_in_first import network_address
from ebok.web.step_up import fresh_sign_in, safe_next

NOT_KNOWN: Final = "Ten klucz nie pasuje do żadnego loginu w eBOK. Zaloguj się inaczej i dodaj klucz."
NOT_MADE: Final = "Klucz nie został dodany. Spróbuj jeszcze raz."
ENOUGH: Final = f"Masz już {PASSKEYS_AT_MOST} kluczy. Usuń jeden, żeby dodać nowy."


@public
@require_POST
def begin_sign_in(request: HttpRequest) -> HttpResponse:
    """Give the browser what it needs to look for a passkey of ours, whoever's."""
    if not take(limit=limits.PASSKEY, subject=network_address(request), now=clock.now()):
        return HttpResponse(status=429)
    return HttpResponse(ceremonies.begin_check(), content_type="application/json")


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey alone: it was opened by a finger, face or PIN, so nothing else is asked."""
    form = PasskeyForm(request.POST or None)
    if request.method == "GET" or request.user.is_authenticated or not form.is_valid():
        return redirect("account_login")
    factor = ceremonies.finish_check(answer=form.cleaned_data["answer"])
    if factor is None or not may_sign_in(user_id=factor.user_id):
        fact = AuditFact(action="sign_in", subject="login", result="refused", details={"way": "passkey"})
        record(facts=[fact], acting=acting_user(request), now=clock.now())
        messages.error(request, NOT_KNOWN)
        return redirect("account_login")
    login = Login(user=factor.user, redirect_url=safe_next(request, default="") or None)
    answer: HttpResponse = perform_passwordless_login(request, factor, login)
    return answer


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a passkey. With the first factor recovery codes are made and shown."""
    user, form = person(request), NewPasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        credential = ceremonies.finish_new(answer=form.cleaned_data["answer"])
        if credential is None:
            form.add_error(None, NOT_MADE)
        elif added := add_passkey(
            user_id=user.pk, name=form.name_or(_usual_name(user.pk)), credential=credential,
            acting=acting_user(request), now=clock.now(),
        ):  # fmt: skip
            return _after(request, added)
        else:
            form.add_error(None, ENOUGH)
    return page(request, "passkey_new.html", {"form": form, "options": ceremonies.begin_new(user=user)})


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a passkey another name."""
    passkey = _own(request, pk)
    form = NameForm(request.POST or None, initial={"name": passkey.wrap().name})
    if request.method == "POST" and form.is_valid():
        rename_passkey(user_id=passkey.user_id, passkey_id=passkey.pk, name=form.cleaned_data["name"])
        messages.success(request, "Nazwa klucza jest zmieniona.")
        return redirect("security")
    return page(request, "passkey_name.html", {"form": form})


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a passkey, after saying what is left without it."""
    user, passkey = person(request), _own(request, pk)
    refusal = barrier(factor=passkey)
    if request.method == "POST":
        try:
            remove_factor(user_id=user.pk, factor_id=passkey.pk, acting=acting_user(request), now=clock.now())
        except UnableToRemoveFactor as unable:
            refusal = unable.reason
        else:
            messages.success(request, "Klucz jest usunięty. Usuń go też z urządzenia, na którym był zapisany.")
            return redirect("security")
    shown = {"name": passkey.wrap().name, "barrier": STAYS.get(refusal, ""), "last": is_last(factor=passkey)}
    return page(request, "passkey_remove.html", shown)


def _own(request: HttpRequest, pk: int) -> Authenticator:
    """:raises Http404: when the signed-in person has no such passkey."""
    passkey: Authenticator | None = passkeys_of(user_id=person(request).pk).filter(pk=pk).first()
    if passkey is None:
        raise Http404
    return passkey


def _usual_name(user_id: int) -> str:
    number = passkeys_of(user_id=user_id).count() + 1
    return "Klucz" if number == 1 else f"Klucz {number}"


def _after(request: HttpRequest, added: AddedFactor) -> HttpResponse:
    post_authentication(request, added.factor)
    messages.success(request, "Klucz jest dodany. Następnym razem wystarczy on zamiast hasła.")
    if added.first:
        return show_once(request)
    return redirect("security")
