"""The answer for deciding on a request for access."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ebok.access.domain import AccountAction, GrantRole, WaitingRequest
from ebok.access.operations import GrantRefusal, UnableToGrant, decide_request
from ebok.access.queries import waiting_requests
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.portal.access.forms import REFUSE, DecisionForm, place_words
from ebok.portal.access.words import proved
from ebok.portal.scope import acting_user, customer_view
from ebok.web.step_up import fresh_sign_in

REFUSED: Final = {
    GrantRefusal.FORMER_OWNER: "Ta osoba była właścicielem i ma dawne faktury. Innego dostępu udzielimy w biurze.",
    GrantRefusal.OWNERSHIP: "Ta osoba jest już właścicielem tego konta. Możesz tylko odmówić.",
    GrantRefusal.CLOSED_LOGIN: "Ta osoba zamknęła swój login. Możesz tylko odmówić.",
    GrantRefusal.ENDS_BEFORE_IT_STARTS: "Ten dzień już minął. Wpisz późniejszy.",
    GrantRefusal.STAFF_LOGIN: "To login pracownika. Nie może mieć dostępu do kont klientów.",
}


@customer_view(AccountAction.MANAGE_ACCESS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def access_request(request: HttpRequest, request_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Show who asks and how they proved their case; grant it in a role, or refuse it."""
    row = next((one for one in waiting_requests(scope=scope) if one.request_id == request_id), None)
    if row is None:
        raise Http404
    form = DecisionForm(request.POST if request.method == "POST" else None, today=clock.today())
    if form.is_valid() and _decided(request, scope, row, form):
        return redirect("access_list")
    places = customers.premises(scope=scope.narrowed(row.account_id))
    context = {
        "form": form,
        "who": row.who,
        "proved": proved(row.method),
        "asked": moment(row.asked_at),
        "place": place_words(places[0]) if places else row.account_number,
        "list_url": reverse("access_list"),
    }
    return render(request, "portal/access/request.html", context)


def _decided(request: HttpRequest, scope: CustomerScope, row: WaitingRequest, form: DecisionForm) -> bool:
    said = form.cleaned_data
    given = None if said["decision"] == REFUSE else GrantRole(said["decision"])
    try:
        decide_request(
            scope=scope, request_id=row.request_id, grant_as=given, until=said["until"] if given else None,
            reason="" if given else said["reason"], today=clock.today(), acting=acting_user(request), now=clock.now(),
        )  # fmt: skip
    except UnableToGrant as unable:
        if unable.reason not in REFUSED:
            raise Http404 from unable
        form.add_error("decision", REFUSED[unable.reason])
        return False
    messages.success(
        request, f"{row.who} ma teraz dostęp: {given.word}." if given else f"{row.who} nie dostaje dostępu."
    )
    return True
