"""Answers for the check before anything is recorded, for another code, and for turning something off."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ebok.access.domain import AccountAction
from ebok.customers.domain import Account, CustomerScope
from ebok.customers.queries import account as account_of
from ebok.einvoicing.operations.acceptance import (
    AcceptanceRefusal,
    ChosenAddress,
    Deciding,
    UnableToAccept,
    accept,
    change_address,
    withdraw,
)
from ebok.foundation import clock
from ebok.foundation.formats import long_date
from ebok.kernel.phones import shown_phone
from ebok.portal.care.place import place_of, shown_account
from ebok.portal.einvoice.asking import send_code
from ebok.portal.einvoice.cards import change_url, give_url
from ebok.portal.einvoice.forms import AddressCodeForm
from ebok.portal.einvoice.waiting import Waiting, forget, keep, kept
from ebok.portal.einvoice.words import BY_SLUG, REFUSED, WITH_NIP_CHANGES, WORDS
from ebok.portal.invoices.choices import whole_number
from ebok.portal.scope import acting_user, customer_view
from ebok.portal.sign_in import throttles
from ebok.terms.domain import ConsentDecision, ConsentEntry
from ebok.terms.queries import terms_version
from ebok.web.step_up import fresh_sign_in

AT_CODE: Final = frozenset({AcceptanceRefusal.WRONG_CODE, AcceptanceRefusal.EXPIRED})
START_OVER: Final = "Ten krok jest już zrobiony albo zaczęto go w innym oknie. Niżej widzisz, jak jest teraz."
NEW_CODE: Final = "Wysłaliśmy nowy kod. Poprzedni już nie działa."


@customer_view(AccountAction.GIVE_CONSENTS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show what will be recorded and, for an address that is not the login's own, take its code; then record it."""
    waiting = _waiting(request, scope)
    account = account_of(scope=scope, account_id=waiting.account_id) if waiting else None
    if waiting is None or account is None:
        messages.info(request, START_OVER)
        return redirect("e_invoice")
    sent = request.method == "POST"
    form = AddressCodeForm(request.POST if sent else None) if waiting.ticket else None
    if sent and (form is None or form.is_valid()):
        answer = _recorded(request, scope, waiting, form)
        if answer is not None:
            return answer
    return render(request, "portal/einvoice/check.html", _checked(account, scope, waiting, form))


@customer_view(AccountAction.GIVE_CONSENTS)
@fresh_sign_in
@require_POST
def code_again(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Send another code to the address that waits."""
    waiting = _waiting(request, scope)
    if waiting is None or waiting.ticket is None:
        messages.info(request, START_OVER)
        return redirect("e_invoice")
    ticket = send_code(request, address=waiting.address)
    if isinstance(ticket, str):
        messages.error(request, ticket)
    else:
        keep(request.session, waiting.with_ticket(ticket))
        messages.success(request, NEW_CODE)
    return redirect("e_invoice_check")


@customer_view(AccountAction.GIVE_CONSENTS)
@require_POST
def turn_off(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Withdraw in one press, and show from which invoice it counts and how to turn it on again."""
    account, decision = shown_account(request, scope), BY_SLUG.get(request.POST.get("co", ""))
    if account is None or decision is None:
        raise Http404
    try:
        entry = withdraw(
            deciding=_deciding(request, scope, account.id, decision), acting=acting_user(request), now=clock.now()
        )
    except UnableToAccept as unable:
        messages.info(request, REFUSED[unable.reason])
        return redirect("e_invoice")
    return redirect("e_invoice_entry", consent_id=entry.id)


def _waiting(request: HttpRequest, scope: CustomerScope) -> Waiting | None:
    """What waits, while its account is in scope, and a form sent for it is of a page that showed this very thing.

    Two windows share a session: what was begun in the other one, be it with another address only, is never confirmed
    here.
    """
    waiting = kept(request.session)
    if waiting is None or not scope.allows(waiting.account_id):
        return None
    if request.method != "POST":
        return waiting
    sent = request.POST
    named = (whole_number(sent.get("account", "")), BY_SLUG.get(sent.get("co", "")), sent.get("shown", ""))
    return waiting if named == (waiting.account_id, waiting.decision, waiting.shown) else None


def _recorded(
    request: HttpRequest, scope: CustomerScope, waiting: Waiting, form: AddressCodeForm | None
) -> HttpResponse | None:
    """Record it and lead to what was recorded; None when the form now says what to mend."""
    tries = [(throttles.IDENTITY_CODE, f"e_invoice:{request.user.pk or 0}")]
    if form is not None and (refusal := throttles.refusal(uses=tries, now=clock.now())):
        form.add_error("code", refusal)
        return None
    try:
        entry = _write(request, scope, waiting, code=form.cleaned_data["code"] if form else "")
    except UnableToAccept as unable:
        if form is not None and unable.reason in AT_CODE:
            form.add_error("code", REFUSED[unable.reason])
            return None
        forget(request.session)
        messages.info(request, REFUSED[unable.reason])
        return redirect("e_invoice")
    forget(request.session)
    return redirect("e_invoice_entry", consent_id=entry.id)


def _write(request: HttpRequest, scope: CustomerScope, waiting: Waiting, *, code: str) -> ConsentEntry:
    deciding = _deciding(request, scope, waiting.account_id, waiting.decision)
    chosen = ChosenAddress(address=waiting.address, ticket=waiting.ticket, code=code)
    acting, now = acting_user(request), clock.now()
    if waiting.is_change:
        return change_address(deciding=deciding, chosen=chosen, acting=acting, now=now)
    return accept(deciding=deciding, chosen=chosen, version_id=waiting.version_id, acting=acting, now=now)


def _deciding(request: HttpRequest, scope: CustomerScope, account_id: int, decision: ConsentDecision) -> Deciding:
    return Deciding(
        scope=scope, account_id=account_id, decision=decision, user_id=request.user.pk or 0, today=clock.today()
    )


def _checked(account: Account, scope: CustomerScope, waiting: Waiting, form: AddressCodeForm | None) -> dict[str, Any]:
    words, text = WORDS[waiting.decision], terms_version(version_id=waiting.version_id)
    sms = waiting.decision is ConsentDecision.NOTICES_SMS
    nip = waiting.decision is ConsentDecision.E_INVOICE and bool(account.nip)
    change = "Zmień numer" if sms else "Zmień adres"
    return {
        **place_of(account, scope),
        "words": words,
        "title": "Sprawdź i potwierdź" if form else "Sprawdź",
        "form": form,
        "address": shown_phone(waiting.address) if sms else waiting.address,
        "shown": waiting.shown,
        "text": text,
        "since": "" if waiting.is_change else long_date(clock.today()),
        "changes": "" if waiting.is_change else WITH_NIP_CHANGES if nip else words.changes,
        "is_change": waiting.is_change,
        "button": change if waiting.is_change else words.turn_on,
        "sms": sms,
        "back_url": change_url(waiting.decision) if waiting.is_change else give_url(waiting.decision),
    }
