"""Answers of changing and removing one's phone."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from ebok.access.operations import IdentityRefusal, ask_to_change_phone, confirm_new_phone, remove_phone
from ebok.foundation import clock
from ebok.kernel.phones import shown_phone
from ebok.notifications.queries import sms_available
from ebok.portal.identity.forms import NewPhoneForm, PhoneCodeForm
from ebok.portal.identity.steps import ask_for, confirm_with, leave, page, waiting
from ebok.portal.scope import acting_user, signed_in
from ebok.portal.sign_in import throttles
from ebok.web.step_up import fresh_sign_in

FIELD: Final = "phone"
SMS: Final = ((throttles.SMS_ALL, ""),)
WORDS: Final = {
    IdentityRefusal.SAME: "To już jest Twój numer. Wpisz inny.",
    IdentityRefusal.NO_SMS: "Teraz nie wysyłamy SMS-ów. Zadzwoń do nas, a zapiszemy numer.",
}


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a new number and send a code to it."""
    form = NewPhoneForm(request.POST or None)
    if ask_for(request, form, field=FIELD, ask=ask_to_change_phone, words=WORDS, uses=SMS):
        return redirect("phone_change_code")
    present = shown_phone(getattr(request.user, "phone", ""))
    return page(request, "phone.html", {"form": form, "present": present, "sms": sms_available()})


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the code from the SMS; from then on the number is the login's."""
    kept = waiting(request, field=FIELD)
    if kept is None:
        return redirect("phone_change")
    form, present = PhoneCodeForm(request.POST or None), shown_phone(getattr(request.user, "phone", ""))
    if confirm_with(request, form, field=FIELD, confirm=confirm_new_phone):
        messages.success(request, f"Twój numer telefonu jest {'zmieniony' if present else 'dodany'}.")
        return leave(request, contact="phone_contact")
    return page(request, "phone_code.html", {"form": form, "new": shown_phone(kept["new"]), "present": present})


@signed_in
@fresh_sign_in
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Forget the number."""
    remove_phone(user_id=request.user.pk or 0, acting=acting_user(request), now=clock.now())
    messages.success(request, "Twój numer telefonu jest usunięty.")
    return leave(request)
