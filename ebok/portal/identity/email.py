"""Answers of changing one's e-mail."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ebok.access.operations import IdentityRefusal, ask_to_change_email, confirm_new_email
from ebok.portal.identity.forms import EmailCodeForm, NewEmailForm
from ebok.portal.identity.steps import ask_for, confirm_with, leave, page, waiting
from ebok.portal.scope import signed_in
from ebok.web.step_up import fresh_sign_in

FIELD: Final = "email"
WORDS: Final = {IdentityRefusal.SAME: "To już jest Twój e-mail. Wpisz inny."}


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a new address and say that a code is on its way to it, whoever else may have it."""
    form = NewEmailForm(request.POST or None)
    if ask_for(request, form, field=FIELD, ask=ask_to_change_email, words=WORDS):
        return redirect("email_change_code")
    return page(request, "email.html", {"form": form})


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the code from the new address; from then on it is the login's."""
    kept = waiting(request, field=FIELD)
    if kept is None:
        return redirect("email_change")
    form = EmailCodeForm(request.POST or None)
    if confirm_with(request, form, field=FIELD, confirm=confirm_new_email):
        messages.success(request, "Twój e-mail jest zmieniony.")
        return leave(request, contact="email_contact")
    return page(request, "email_code.html", {"form": form, "new": kept["new"]})
