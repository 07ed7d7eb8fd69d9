"""Answers for the page of all decisions, for one entry of the ledger, its receipt, and a wording."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from ebok.access.domain import AccountAction
from ebok.customers.domain import Account, CustomerScope
from ebok.customers.queries import account as account_of
from ebok.einvoicing.domain.consent_words import BASIS, CHANNEL, deed_words, shown_address
from ebok.einvoicing.queries.consents import entry_in_scope, receipt_pdf, who_decided
from ebok.foundation import clock
from ebok.foundation.formats import long_date, moment
from ebok.portal import downloads
from ebok.portal.care.place import place_of, shown_account
from ebok.portal.einvoice.cards import cards, give_url, stand_of
from ebok.portal.einvoice.words import WORDS, effect, entry_line
from ebok.portal.invoices.choices import LARGEST_ID
from ebok.portal.looking import downloaded
from ebok.portal.scope import customer_view, held_grants
from ebok.portal.terms.words import when_words
from ebok.terms.domain import ConsentDeed, ConsentEntry, TermsKind
from ebok.terms.queries import consent_history, terms_version
from ebok.web.errors import too_many_downloads
from ebok.web.rules import public

SHOWN: Final = 50


@customer_view(AccountAction.SEE_CONSENTS)
@require_safe
def show(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show how each decision of the chosen account stands, and everything that was decided before."""
    account = shown_account(request, scope)
    if account is None:
        return render(request, "portal/care/none.html", {"title": "E-faktura"})
    history = consent_history(scope=scope, account_id=account.id)
    may_give = held_grants(request).may(AccountAction.GIVE_CONSENTS, account.id)
    stand = stand_of(account=account, scope=scope, history=history, may_give=may_give, today=clock.today())
    context = {
        **place_of(account, scope),
        "cards": cards(stand),
        "may_give": may_give,
        "lines": _lines(history),
        "cut": len(history) > SHOWN,
    }
    return render(request, "portal/einvoice/overview.html", context)


@customer_view(AccountAction.SEE_CONSENTS)
@require_safe
def entry(request: HttpRequest, consent_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Show one entry: what was decided, from which invoice it counts, and how to undo it."""
    one, account = _found(scope, consent_id)
    words, has_nip = WORDS[one.decision], bool(account.nip)
    may_give = held_grants(request).may(AccountAction.GIVE_CONSENTS, account.id)
    context = {
        **place_of(account, scope),
        "title": deed_words(decision=one.decision, deed=one.deed),
        "effect": effect(one, has_nip=has_nip),
        "facts": _facts(one),
        "withdrawn": one.deed is ConsentDeed.WITHDRAWN,
        "turn_on": words.turn_on,
        "again_url": give_url(one.decision) if one.deed is ConsentDeed.WITHDRAWN and may_give else "",
        "receipt_url": reverse("e_invoice_receipt", args=[one.id]),
    }
    return render(request, "portal/einvoice/entry.html", context)


@customer_view(AccountAction.SEE_CONSENTS)
@require_safe
def receipt(request: HttpRequest, consent_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Send the receipt of an entry, made now from the ledger."""
    one, account = _found(scope, consent_id)
    if not downloads.allowed(request, downloads.FILES):
        return too_many_downloads(request)
    pdf = receipt_pdf(scope=scope, entry_id=one.id)
    downloaded(request, taken=[(f"consent:{one.id}", account.id)], kind="pdf")
    answer = HttpResponse(pdf, content_type="application/pdf")
    name = f"potwierdzenie-{one.id}.pdf"
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer


@public
@require_safe
def wording(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show the text of a consent, of today or of before, to anybody."""
    text = terms_version(version_id=version_id) if version_id <= LARGEST_ID else None
    if text is None or text.kind is TermsKind.REGULATIONS:
        raise Http404
    context = {"text": text, "when": when_words(text, today=clock.today()), "sha256": text.sha256.hex()}
    return render(request, "portal/einvoice/wording.html", context)


def _found(scope: CustomerScope, entry_id: int) -> tuple[ConsentEntry, Account]:
    """An entry and its account.

    :raises Http404: when it is not in scope.
    """
    one = entry_in_scope(scope=scope, entry_id=entry_id) if entry_id <= LARGEST_ID else None
    account = account_of(scope=scope, account_id=one.account_id) if one else None
    if one is None or account is None:
        raise Http404
    return one, account


def _lines(history: list[ConsentEntry]) -> list[Any]:
    newest = history[::-1][:SHOWN]
    who = who_decided(entries=newest)
    return [entry_line(one, who=who[one.id]) for one in newest]


def _facts(one: ConsentEntry) -> list[tuple[str, str]]:
    facts = [
        ("Adres", shown_address(one)),
        ("Adres potwierdza", BASIS[one.basis]),
        ("Kto zdecydował", who_decided(entries=[one])[one.id]),
        ("Jak", CHANNEL[one.channel]),
        ("Zapisano", moment(one.recorded_at)),
        ("Nie obowiązuje od" if one.deed is ConsentDeed.WITHDRAWN else "Obowiązuje od", long_date(one.effective_from)),
        ("Wpływ na cenę", one.price_effect),
    ]
    return [(label, value) for label, value in facts if value]
