"""Asking again who is there: by password, by a code, by a passkey, or by a code to the e-mail."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from allauth.mfa.base.internal.flows import post_authentication
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ebok.access.domain import CodeTicket
from ebok.access.domain.factors import Occasion
from ebok.access.operations.confirmations import (
    confirm_by_mail,
    confirm_by_password,
    mail_confirmation,
    note_proof,
    prove_by_factor_code,
)
from ebok.foundation import clock
from ebok.foundation.limits import give_back, take
from ebok.portal.scope import acting_user, signed_in
from ebok.portal.security import ceremonies, limits, ways
from ebok.portal.security.confirming_forms import FactorCodeForm, MailCodeForm, PasskeyForm, PasswordForm
from ebok.portal.security.frame import person
from ebok.web.step_up import confirm, kept_form, safe_next

TICKET: Final = "confirm_by_mail"
WRONG_PASSWORD: Final = "To nie jest Twoje hasło. Wpisz je jeszcze raz."  # noqa: S105 - a sentence
WRONG_CODE: Final = "Ten kod się nie zgadza. Wpisz kod, który aplikacja pokazuje teraz, albo nieużyty kod zapasowy."
WRONG_PASSKEY: Final = "Ten klucz nie pasuje. Użyj klucza, który masz w eBOK, albo wybierz inny sposób."
WRONG_MAIL_CODE: Final = "Ten kod się nie zgadza albo już nie działa. Sprawdź cyfry w najnowszym e-mailu."

Prove = Callable[[HttpRequest, forms.Form], bool]


def _asking(name: str, form_class: type[forms.Form], prove: Prove) -> Callable[..., HttpResponseBase]:
    """A page that asks in one way. `prove` says whether the form proves it, and at the field why not."""

    @signed_in
    @sensitive_post_parameters()
    @require_http_methods(["GET", "POST"])
    def ask(request: HttpRequest) -> HttpResponse:
        if name not in {way.name for way in ways.ways_of(request)}:
            return _first_way(request)
        form = form_class(request.POST or None)
        if request.method == "POST" and form.is_valid() and prove(request, form):
            return redirect(safe_next(request, default=reverse("security")))
        return _page(request, name, form)

    return ask


def _page(request: HttpRequest, name: str, form: forms.Form) -> HttpResponse:
    others = [way for way in ways.ways_of(request) if way.name != name]
    shown = {"form": form, "way": name, "others": others, "next": safe_next(request, default="")}
    shown["sent"] = TICKET in request.session
    if name == ways.PASSKEY:
        shown["options"] = ceremonies.begin_check(user=person(request))
    return render(request, "portal/security/confirm.html", shown)


def _first_way(request: HttpRequest) -> HttpResponse:
    """Lead to the usual way of this person.

    :raises PermissionDenied: when they have none: no password, no factor, no e-mail.
    """
    for way in ways.ways_of(request):
        return redirect(way.url)
    raise PermissionDenied


def _by_password(request: HttpRequest, form: forms.Form) -> bool:
    user, now = person(request), clock.now()
    if not take(limit=limits.PASSWORD, subject=str(user.pk), now=now):
        return _refused(form, "password", limits.TOO_MANY)
    typed, acting = form.cleaned_data["password"], acting_user(request)
    if not confirm_by_password(user_id=user.pk, password=typed, acting=acting, now=now):
        return _refused(form, "password", WRONG_PASSWORD)
    give_back(limit=limits.PASSWORD, subject=str(user.pk), now=now)
    confirm(request, way="password")
    return True


def _by_code(request: HttpRequest, form: forms.Form) -> bool:
    user, now = person(request), clock.now()
    if not take(limit=limits.CODE, subject=str(user.pk), now=now):
        return _refused(form, "code", limits.TOO_MANY)
    digits, acting = form.cleaned_data["code"], acting_user(request)
    factor = prove_by_factor_code(user_id=user.pk, digits=digits, occasion=Occasion.CONFIRM, acting=acting, now=now)
    if factor is None:
        return _refused(form, "code", WRONG_CODE)
    give_back(limit=limits.CODE, subject=str(user.pk), now=now)
    post_authentication(request, factor, reauthenticated=True)
    return True


def _by_passkey(request: HttpRequest, form: forms.Form) -> bool:
    user, acting = person(request), acting_user(request)
    factor = ceremonies.finish_check(answer=form.cleaned_data["answer"], user=user)
    right, now = factor is not None, clock.now()
    if not note_proof(user_id=user.pk, way="passkey", right=right, occasion=Occasion.CONFIRM, acting=acting, now=now):
        return _refused(form, None, WRONG_PASSKEY)
    post_authentication(request, factor, reauthenticated=True)
    return True


def _by_mail(request: HttpRequest, form: forms.Form) -> bool:
    kept, typed = request.session.get(TICKET), form.cleaned_data["code"]
    ticket, user_id = CodeTicket(**kept) if kept else None, person(request).pk
    if not confirm_by_mail(user_id=user_id, ticket=ticket, code=typed, acting=acting_user(request), now=clock.now()):
        return _refused(form, "code", WRONG_MAIL_CODE)
    del request.session[TICKET]
    confirm(request, way="email")
    return True


def _refused(form: forms.Form, field: str | None, sentence: str) -> bool:
    form.add_error(field, sentence)
    return False


by_password = _asking(ways.PASSWORD, PasswordForm, _by_password)
by_code = _asking(ways.CODE, FactorCodeForm, _by_code)
by_passkey = _asking(ways.PASSKEY, PasskeyForm, _by_passkey)
by_mail = _asking(ways.MAIL, MailCodeForm, _by_mail)


@signed_in
@require_POST
def send_mail_code(request: HttpRequest) -> HttpResponse:
    """Send a code to the e-mail of the signed-in person; their other ways stay open."""
    mail = next((way for way in ways.ways_of(request) if way.name == ways.MAIL), None)
    if mail is None:
        return _first_way(request)
    user, now = person(request), clock.now()
    if not take(limit=limits.MAIL, subject=str(user.pk), now=now):
        messages.error(request, limits.TOO_MANY)
        return redirect(mail.url)
    ticket = mail_confirmation(user_id=user.pk, acting=acting_user(request), now=now)
    request.session[TICKET] = asdict(ticket)
    return redirect(mail.url)


@signed_in
@require_safe
def resume_form(request: HttpRequest) -> HttpResponse:
    """Offer again, as it was, the form that had to wait for the confirmation."""
    kept = kept_form(request)
    if kept is None:
        return redirect("/")
    return render(request, "portal/security/resume_form.html", {"kept": kept})
