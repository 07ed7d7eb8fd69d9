"""What a person's access covers: which of the five places are open to them, and what the others are told."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ebok.access.domain import AccountAction, HeldGrants

NEEDED: Final[Mapping[str, AccountAction]] = {
    "/panel/": AccountAction.SEE_ACCOUNT,
    "/faktury/": AccountAction.SEE_INVOICES,
    "/odczyty/": AccountAction.SEE_READINGS,
    "/rozliczenia/": AccountAction.SEE_LEDGER,
}
"""The places that ask for a role, by address. The others are everybody's."""
_WORDS: Final = {
    AccountAction.SEE_ACCOUNT: "tego konta",
    AccountAction.SEE_BALANCE: "salda konta",
    AccountAction.SEE_INVOICES: "faktur",
    AccountAction.SEE_LEDGER: "rozliczeń",
    AccountAction.PAY: "płacenia",
    AccountAction.SEE_READINGS: "odczytów",
    AccountAction.SEND_READINGS: "podawania odczytów",
    AccountAction.SEE_DETAILS: "danych umowy",
    AccountAction.CHANGE_DETAILS: "zmiany danych",
    AccountAction.SEE_CONSENTS: "e-faktur i powiadomień",
    AccountAction.GIVE_CONSENTS: "włączania e-faktur i powiadomień",
    AccountAction.MANAGE_ACCESS: "decydowania, kto ma dostęp",
    AccountAction.SEE_VIEWERS: "listy osób, które oglądały dane",
}


def closed_places(held: HeldGrants) -> frozenset[str]:
    """The places that none of the grants opens. Without any grant none is closed: each says what will appear there."""
    if not held.grants:
        return frozenset()
    return frozenset(url for url, action in NEEDED.items() if not held.may_anywhere(action))


def not_covered(request: HttpRequest, *, action: AccountAction) -> HttpResponse:
    """403: say kindly what the person's access does not cover, and whom to ask."""
    return render(request, "portal/not_covered.html", {"what": _WORDS[action]}, status=403)
