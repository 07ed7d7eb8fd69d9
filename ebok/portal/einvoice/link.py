"""Answer for the link of an invoice mail: e-invoices are turned off without a login, by a press and not by opening."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from ebok.einvoicing.operations.acceptance import withdraw_by_link
from ebok.einvoicing.queries.withdrawal_links import LinkedConsent, linked_consent
from ebok.foundation import clock
from ebok.foundation.formats import long_date
from ebok.foundation.limits import Limit, take
from ebok.portal.einvoice.words import WORDS, effect
from ebok.portal.invoices.choices import LARGEST_ID
from ebok.portal.scope import acting_user
from ebok.terms.domain import ConsentEntry
from ebok.web.rules import public
from ebok.web.sign_in_first import network_address

WRONG: Final = Limit(name="e_invoice.link", times=20, within=timedelta(hours=1))
"""Links that are not ours, from one network address; ours always open, however many a mail scanner opens."""


@public
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest, consent_id: int, mac: str) -> HttpResponse:
    """Say what the link ends, for an account of which only the end is shown; end it when the button is pressed."""
    link = linked_consent(entry_id=consent_id, mac=mac) if consent_id <= LARGEST_ID else None
    if link is None:
        return _not_ours(request)
    done = link.withdrawn
    if request.method == "POST":
        done = withdraw_by_link(
            entry_id=consent_id, mac=mac, today=clock.today(), acting=acting_user(request), now=clock.now()
        )
    return render(request, "portal/einvoice/link.html", _said(link, done))


def _not_ours(request: HttpRequest) -> HttpResponse:
    """Say that a link is not whole: the same for every one that is not ours, 404, and after many of them 429."""
    few = take(limit=WRONG, subject=network_address(request), now=clock.now())
    return render(request, "portal/einvoice/link_broken.html", {"too_many": not few}, status=404 if few else 429)


def _said(link: LinkedConsent, done: ConsentEntry | None) -> dict[str, object]:
    words = WORDS[link.decision]
    return {
        "words": words,
        "has_nip": link.has_nip,
        "account_hint": link.account_hint,
        "today": long_date(clock.today()),
        "done": done is not None,
        "since": long_date(done.effective_from) if done else "",
        "effect": effect(done, has_nip=link.has_nip) if done else "",
    }
