"""Answer for who of staff had a customer's data before them.

A customer is told the role and the number of the member of staff, not the name: that says whether the office
or, say, the readers looked, and lets the utility answer a question about one person, while clerks are not named
to everybody they ever served (art. 15 RODO gives a right to recipients and to the reasons, not to the names of an
employer's people: TSUE C-579/21, Pankki S).
"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ebok.access.domain import AccountAction, StaffRole
from ebok.access.queries import staff_roles
from ebok.audit.domain import StaffView
from ebok.audit.queries import staff_views
from ebok.customers.domain import CustomerScope, Premises
from ebok.customers.queries import premises, seen_since
from ebok.foundation.formats import NBSP, moment
from ebok.portal.scope import chosen_account, customer_view

EVERYWHERE: Final = "wszystkie"
SHOWN: Final = 200
WORDS: Final = {
    "customer.open": "Otwarcie Twoich danych",
    "application.view": "Sprawdzenie wniosku o dostęp do eBOK przy danych Twojego konta",
    "application.scan": "Pobranie skanu wniosku o dostęp do Twojego konta",
    "request.view": "Obejrzenie prośby o dostęp do konta",
    "access.decide": "Decyzja o dostępie do konta",
    "customers.data_change_viewed": "Obejrzenie prośby o zmianę danych",
    "customers.data_change_decided": "Decyzja o zmianie danych",
    "grant.end": "Zmiana dostępu do konta",
    "grant.give": "Zmiana dostępu do konta",
    "grant.revoke": "Zmiana dostępu do konta",
    "letter.order": "Zamówienie listu z kodem",
    "letter.pdf": "List aktywacyjny: pobrano do druku",
    "letter.print": "Wydruk listu z kodem",
    "activation_code.make": "Kod aktywacyjny",
    "consent.scan": "Pobranie skanu formularza zgody",
    "consent.view": "Obejrzenie zgody",
    "consent.give": "Zapisanie zgody z formularza",
    "consent.change": "Zapisanie zmiany adresu w zgodzie",
    "consent.withdraw": "Zapisanie wycofania zgody",
    "einvoicing.send_again": "Ponowna wysyłka faktury",
    "einvoicing.on_paper": "Faktura na papierze, bo e-mail nie doszedł",
    "einvoicing.failure_settled": "Sprawdzenie, dlaczego e-mail z fakturą nie doszedł",
}
OTHER_WORK: Final = "Praca przy Twoim koncie"


@customer_view(AccountAction.SEE_VIEWERS)
@require_safe
def show(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show who looked, when and why: of the chosen account, or of all of them when asked to."""
    places, chosen = premises(scope=scope), chosen_account(request, scope)
    everywhere = request.GET.get("lokale") == EVERYWHERE and len(places) > 1
    looked_at = scope if everywhere or chosen is None else scope.narrowed(chosen)
    since = seen_since(scope=looked_at)
    found = staff_views(account_ids=looked_at.account_ids or (), limit=SHOWN, seen_since=since)
    context = {
        "premises": places,
        "chosen": chosen,
        "everywhere": everywhere,
        "several": str(len(places)) if len(places) > 1 else "",
        "here": reverse("viewers"),
        "views": _lines(found, places),
        "cut": str(SHOWN) if len(found) == SHOWN else "",
    }
    return render(request, "portal/care/viewers.html", context)


def _lines(found: list[StaffView], places: list[Premises]) -> list[dict[str, Any]]:
    roles = staff_roles(user_ids={one.staff_id for one in found})
    named = {one.account_id: f"{one.address.place or one.name}, konto {one.number}" for one in places}
    return [
        {
            "who": _who(roles.get(one.staff_id), one.staff_id),
            "at": moment(one.at),
            "what": WORDS.get(one.action, OTHER_WORK),
            "why": one.reason,
            "account": named.get(one.account_id, ""),
        }
        for one in found
    ]


def _who(role: StaffRole | None, number: int) -> str:
    return f"{role.word}, pracownik nr{NBSP}{number}" if role else f"Pracownik nr{NBSP}{number}"
