"""Answers for the data of the agreement: what is on file, and asking for other data."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.domain import AccountAction
from ebok.customers.domain import Account, CustomerScope, DataChange, RequestState
from ebok.customers.operations import DataRefusal, UnableToAskForData, ask_for_data_change
from ebok.customers.queries import data_changes
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.kernel.phones import shown_phone
from ebok.portal.access.words import capital
from ebok.portal.care.forms import DataChangeForm
from ebok.portal.care.place import place_of, shown_account
from ebok.portal.scope import acting_user, customer_view, held_grants
from ebok.web.step_up import fresh_sign_in

SHOWN: Final = 20
NONE: Final = "nie ma"
STATES: Final = {
    RequestState.WAITING: ("soon", "clock", "Czeka na decyzję"),
    RequestState.APPROVED: ("done", "check", "Przyjęta"),
    RequestState.REFUSED: ("late", "cross", "Odmowa"),
}
REFUSED: Final = {
    DataRefusal.PESEL: ("wanted", "Usuń numer PESEL. Nie zapisujemy go w eBOK."),
    DataRefusal.ASKED_ALREADY: ("what", "Taka prośba już czeka na decyzję. Poczekaj na odpowiedź."),
    DataRefusal.TOO_MANY: ("what", "Dużo próśb już czeka. Poczekaj na odpowiedź albo zadzwoń do nas."),
    DataRefusal.UNFIT: ("wanted", "Wpisz, jak ma być i dlaczego."),
}


@customer_view(AccountAction.SEE_DETAILS)
@require_safe
def show(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show what is on file about the chosen account, and what became of requests to change it."""
    account = shown_account(request, scope)
    if account is None:
        return render(request, "portal/care/none.html", {"title": "Dane umowy"})
    requests = data_changes(scope=scope.narrowed(account.id), limit=SHOWN)
    context = {
        **place_of(account, scope),
        "facts": _facts(account),
        "requests": [_line(one) for one in requests],
        "may_change": held_grants(request).may(AccountAction.CHANGE_DETAILS, account.id),
    }
    return render(request, "portal/care/data.html", context)


@customer_view(AccountAction.CHANGE_DETAILS)
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Take a request for other data; staff decide it."""
    account = shown_account(request, scope)
    if account is None:
        return render(request, "portal/care/none.html", {"title": "Zmiana danych umowy"})
    form = DataChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _asked(request, scope, account, form):
        messages.success(request, "Mamy Twoją prośbę. Napiszemy, gdy zdecydujemy.")
        return redirect("contract_data")
    return render(request, "portal/care/data_change.html", {**place_of(account, scope), "form": form})


def _asked(request: HttpRequest, scope: CustomerScope, account: Account, form: DataChangeForm) -> bool:
    try:
        ask_for_data_change(
            scope=scope,
            account_id=account.id,
            what=form.chosen,
            wanted=form.cleaned_data["wanted"],
            why=form.cleaned_data["why"],
            asked_by=request.user.pk or 0,
            acting=acting_user(request),
            now=clock.now(),
        )
    except UnableToAskForData as refused:
        form.add_error(*REFUSED[refused.reason])
    return not form.errors


def _facts(account: Account) -> list[tuple[str, str]]:
    facts = [
        ("Numer konta klienta", account.number),
        ("Imię i nazwisko albo nazwa", account.name),
        ("NIP", account.nip),
        ("Adres w umowie", account.address.words),
        ("Adres do korespondencji", (account.correspondence or account.address).words),
        ("E-mail na koncie klienta", account.email or NONE),
        ("Telefon na koncie klienta", shown_phone(account.phone) or NONE),
    ]
    return [(label, value) for label, value in facts if value]


def _line(one: DataChange) -> dict[str, Any]:
    kind, icon, word = STATES[one.state]
    return {
        "what": capital(one.what.word),
        "wanted": one.wanted,
        "asked": moment(one.asked_at),
        "kind": kind,
        "icon": icon,
        "state": word,
        "decided": moment(one.decided_at) if one.decided_at else "",
        "reason": one.reason,
    }
