"""Answers for the forms: turning something on, and another address for what is on. Both lead to the check."""

from dataclasses import dataclass
from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ebok.access.domain import AccountAction, CodeTicket
from ebok.customers.domain import Account, CustomerScope
from ebok.einvoicing.operations.acceptance import AcceptanceRefusal, ask_for_address_code
from ebok.einvoicing.queries.failures import failing_consents
from ebok.foundation import clock
from ebok.kernel.phones import shown_phone
from ebok.portal.care.place import place_of, shown_account
from ebok.portal.einvoice.forms import AddressForm, AgreeForm, GiveForm
from ebok.portal.einvoice.waiting import Waiting, keep
from ebok.portal.einvoice.words import BY_SLUG, REFUSED, WITH_NIP, WITH_NIP_CHANGES, WORDS
from ebok.portal.invoices.choices import whole_number
from ebok.portal.scope import acting_user, customer_view
from ebok.portal.sign_in import throttles
from ebok.terms.domain import ConsentDecision, ConsentStanding, StandingState, TermsKind, TermsText
from ebok.terms.queries import standings, terms_in_force
from ebok.web.step_up import fresh_sign_in

NONE: Final = {"title": "E-faktura"}
ON: Final = frozenset({StandingState.IN_FORCE, StandingState.LATER})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What one form asks: of which account, which decision, how it stands, and the address the login has itself."""

    account: Account
    decision: ConsentDecision
    standing: ConsentStanding
    own: str

    @property
    def sms(self) -> bool:
        """Whether it is about a number."""
        return self.decision is ConsentDecision.NOTICES_SMS

    @property
    def failing(self) -> bool:
        """Whether the present address has refused mail for good, so that it has to be confirmed anew."""
        ids = [self.standing.entry_id] if self.standing.entry_id else []
        return bool(failing_consents(entry_ids=ids))


@customer_view(AccountAction.GIVE_CONSENTS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show the text and what it changes, take the tick and the address, and go on to the check."""
    asked = _asked(request, scope)
    if asked is None:
        return render(request, "portal/care/none.html", NONE)
    text = terms_in_force(today=clock.today(), kind=TermsKind(asked.decision.value))
    if text is None or asked.standing.state in ON:
        return _back(request, AcceptanceRefusal.ALREADY_GIVEN if text else AcceptanceRefusal.OTHER)
    data = request.POST if request.method == "POST" else None
    form = AgreeForm(data) if asked.sms else GiveForm(data, own=asked.own)
    if data and form.is_valid() and _shown(request, text) and _waits(request, form, asked, version_id=text.id):
        return redirect("e_invoice_check")
    return render(request, "portal/einvoice/give.html", _place(asked, scope, form) | _offer(asked, text))


@customer_view(AccountAction.GIVE_CONSENTS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Take another address for what is on, and go on to the check; until then the old one stays."""
    asked = _asked(request, scope)
    if asked is None:
        return render(request, "portal/care/none.html", NONE)
    if asked.standing.state not in ON:
        return _back(request, AcceptanceRefusal.NOT_GIVEN)
    data = request.POST if request.method == "POST" else None
    form = forms.Form(data) if asked.sms else AddressForm(data, own=asked.own)
    if data and form.is_valid() and _is_new(form, asked) and _waits(request, form, asked):
        return redirect("e_invoice_check")
    context = _place(asked, scope, form) | {"present": _read(asked, asked.standing.address), "fails": asked.failing}
    return render(request, "portal/einvoice/address.html", context)


def send_code(request: HttpRequest, *, address: str) -> CodeTicket | str:
    """Send a code to an address that was typed, or say why not: too many were asked for."""
    now, user_id = clock.now(), request.user.pk or 0
    uses = [(throttles.IDENTITY_CHANGE, f"e_invoice:{user_id}"), (throttles.IDENTITY_TARGET, address)]
    if refusal := throttles.refusal(uses=uses, now=now):
        return refusal
    return ask_for_address_code(user_id=user_id, address=address, acting=acting_user(request), now=now)


def _asked(request: HttpRequest, scope: CustomerScope) -> _Asked | None:
    """What the address or the form asks; None for somebody without an account for it.

    :raises Http404: when it names no decision, or an account that is not theirs.
    """
    account, sent = shown_account(request, scope), request.POST if request.method == "POST" else request.GET
    decision = BY_SLUG.get(sent.get("co", ""))
    if decision is None:
        raise Http404
    if account is None:
        return None
    field = "phone" if decision is ConsentDecision.NOTICES_SMS else "email"
    return _Asked(
        account=account,
        decision=decision,
        standing=standings(scope=scope, account_id=account.id, day=clock.today())[decision],
        own=str(getattr(request.user, field, "")),
    )


def _back(request: HttpRequest, reason: AcceptanceRefusal) -> HttpResponse:
    messages.info(request, REFUSED[reason])
    return redirect("e_invoice")


def _shown(request: HttpRequest, text: TermsText) -> bool:
    """Whether the text shown with the form is still the one in force; else it is shown anew."""
    if whole_number(request.POST.get("version", "")) == text.id:
        return True
    messages.warning(request, REFUSED[AcceptanceRefusal.OTHER_WORDING])
    return False


def _is_new(form: forms.Form, asked: _Asked) -> bool:
    """Whether the address is another one; the same is confirmed anew only where mail to it fails."""
    if _chosen(form, asked) != asked.standing.address or asked.failing:
        return True
    form.add_error(None if asked.sms else "email", REFUSED[AcceptanceRefusal.SAME_ADDRESS])
    return False


def _waits(request: HttpRequest, form: forms.Form, asked: _Asked, *, version_id: int = 0) -> bool:
    """Send a code where one is needed and let the decision wait; say at the field why not."""
    chosen = _chosen(form, asked)
    if not chosen:
        return False
    proven = chosen == asked.own and (asked.sms or chosen != asked.standing.address)
    ticket = None if proven else send_code(request, address=chosen)
    if isinstance(ticket, str):
        form.add_error("email", ticket)
        return False
    waiting = Waiting(
        account_id=asked.account.id, decision=asked.decision, version_id=version_id, address=chosen, ticket=ticket
    )
    keep(request.session, waiting)
    return True


def _chosen(form: forms.Form, asked: _Asked) -> str:
    return form.address() if isinstance(form, AddressForm) else asked.own


def _place(asked: _Asked, scope: CustomerScope, form: forms.Form) -> dict[str, object]:
    return {
        **place_of(asked.account, scope),
        "words": WORDS[asked.decision],
        "form": form,
        "sms": asked.sms,
        "own_phone": _read(asked, asked.own) if asked.sms else "",
    }


def _offer(asked: _Asked, text: TermsText) -> dict[str, object]:
    nip = asked.decision is ConsentDecision.E_INVOICE and bool(asked.account.nip)
    words = WORDS[asked.decision]
    return {
        "text": text,
        "version": str(text.id),
        "what": WITH_NIP if nip else words.what,
        "changes": WITH_NIP_CHANGES if nip else words.changes,
    }


def _read(asked: _Asked, address: str) -> str:
    return shown_phone(address) if asked.sms else address
