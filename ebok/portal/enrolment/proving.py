"""Answers of the ways: what is claimed is checked, and a proof is kept in the session."""

from dataclasses import asdict
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ebok.access.domain import CodeRefusal, CodeTicket
from ebok.enrolment.domain import ProofTicket
from ebok.enrolment.operations import (
    ask_for_data_code,
    order_letter_unseen,
    prove_by_data_code,
    prove_by_invoice,
    prove_by_letter,
    send_data_code_again,
)
from ebok.foundation import clock
from ebok.portal.enrolment.forms import DataCodeForm, DataForm, InvoiceForm, LetterForm, LetterOrderForm
from ebok.portal.enrolment.ways import CODE_TYPED, by_phone, may_go_on, may_try, refuse, way, ways
from ebok.portal.public_checks import TOO_MANY, may_check
from ebok.portal.scope import acting_user
from ebok.web.kept import Kept
from ebok.web.rules import public
from ebok.web.sign_in_first import network_address

PROOF: Final = "activation_proof"
DATA_CODE: Final = "activation_code"
ASKED: Final = Kept(name="activation_account")
"""The account number that was asked about, to count another code for it."""
SENT_AGAIN: Final = "Jeśli dane się zgadzają, wysłaliśmy nowy kod. Wpisz cyfry z najnowszej wiadomości."
SENTENCES: Final = {
    CodeRefusal.WRONG: "Ten kod się nie zgadza. Sprawdź cyfry w najnowszej wiadomości.",
    CodeRefusal.EXPIRED: "Ten kod już nie działa. Wyślij kod jeszcze raz.",
}


@public
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Show the ways that are open, what each needs and how long it takes."""
    return render(request, "portal/enrolment/choose.html", {"ways": ways()})


@way("invoice")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_invoice(request: HttpRequest) -> HttpResponse:
    """Take what stands on an invoice."""
    form = InvoiceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and may_try(request, form):
        proof = prove_by_invoice(**form.cleaned_data, acting=acting_user(request), now=clock.now())
        if proof is not None:
            return _proved(request, proof)
        refuse(form)
    return render(request, "portal/enrolment/invoice.html", {"form": form})


@way("typed_code")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_letter(request: HttpRequest) -> HttpResponse:
    """Take the code of a letter, or of an accepted application."""
    form = LetterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and may_try(request, form):
        typed, letters = form.cleaned_data, ways().letter
        proof = prove_by_letter(**typed, acting=acting_user(request), now=clock.now(), letters=letters)
        if proof is not None:
            return _proved(request, proof)
        refuse(form)
    return render(request, "portal/enrolment/letter.html", {"form": form, "ways": ways()})


@way("letter")
@require_http_methods(["GET", "HEAD", "POST"])
def order_letter(request: HttpRequest) -> HttpResponse:
    """Order a letter to the address on file, for whoever asks; the answer is always the same."""
    form = LetterOrderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and may_try(request, form):
        order_letter_unseen(**form.cleaned_data, acting=acting_user(request), now=clock.now())
        return redirect("activation_letter_ordered")
    return render(request, "portal/enrolment/letter_order.html", {"form": form})


@way("letter")
@require_safe
def letter_ordered(request: HttpRequest) -> HttpResponse:
    """Say what happens now."""
    return render(request, "portal/enrolment/letter_ordered.html")


@way("data")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_data(request: HttpRequest) -> HttpResponse:
    """Take PESEL or NIP; a code goes to the e-mail or phone on file, if there is one and they fit."""
    form = DataForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and may_try(request, form):
        ticket = ask_for_data_code(**form.cleaned_data, acting=acting_user(request), now=clock.now())
        request.session[DATA_CODE] = asdict(ticket)
        ASKED.put(request.session, form.cleaned_data["account_number"])
        return redirect("activation_data_code")
    return render(request, "portal/enrolment/data.html", {"form": form})


@way("data")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def by_data_code(request: HttpRequest) -> HttpResponse:
    """Take the code that came."""
    kept = request.session.get(DATA_CODE)
    if not kept:
        return redirect("activation_data")
    form = DataCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and may_go_on(request, form, CODE_TYPED):
        ticket, code = CodeTicket(**kept), form.cleaned_data["code"]
        proof = prove_by_data_code(ticket=ticket, code=code, acting=acting_user(request), now=clock.now())
        if isinstance(proof, ProofTicket):
            return _proved(request, proof)
        form.add_error("code", f"{SENTENCES[proof]} {by_phone()}")
    return render(request, "portal/enrolment/data_code.html", {"form": form, "ways": ways()})


@way("data")
@require_POST
def data_code_again(request: HttpRequest) -> HttpResponse:
    """Send another code for the account asked about. It counts as one more check of that account, known or not."""
    kept, number = request.session.get(DATA_CODE), ASKED.get(request.session)
    if not kept or not number:
        return redirect("activation_data")
    if not may_check(account_number=number, address=network_address(request), now=clock.now()):
        messages.error(request, f"{TOO_MANY} {by_phone()}")
        return redirect("activation_data_code")
    ticket = send_data_code_again(ticket=CodeTicket(**kept), acting=acting_user(request), now=clock.now())
    request.session[DATA_CODE] = asdict(ticket)
    messages.success(request, SENT_AGAIN)
    return redirect("activation_data_code")


def _proved(request: HttpRequest, proof: ProofTicket) -> HttpResponse:
    """Keep the proof under a new session id, so that nobody who planted the old one has it too."""
    request.session.pop(DATA_CODE, None)
    ASKED.forget(request.session)
    request.session.cycle_key()
    request.session[PROOF] = asdict(proof)
    return redirect("activation_login")
