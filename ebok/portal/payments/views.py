"""Answers for paying by transfer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ebok.access.domain import AccountAction
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.foundation.utility import utility
from ebok.portal.invoices.choices import whole_number
from ebok.portal.invoices.files import CHOSEN_AT_MOST, invoice_ids
from ebok.portal.looking import PAYING, looked
from ebok.portal.payments.owed import Owed, balance, chosen
from ebok.portal.payments.transfers import transfers
from ebok.portal.scope import customer_view

CHECKING = "Porównujemy saldo konta {number} z systemem rozliczeń. Kwotę przepisz z faktury albo zadzwoń: {phone}."


@customer_view(AccountAction.PAY)
@require_safe
def pay(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show what to write in a transfer: for chosen invoices, for one account, or for every account that owes."""
    asked = request.GET.getlist("faktura")
    owed = _chosen(asked, scope) if asked else _balance(request.GET.get("konto", ""), scope)
    looked(request, place=PAYING, account_ids=[one.account.id for one in owed])
    phone = utility().phone
    context = {
        "transfers": transfers(owed, today=clock.today()),
        "checked": [CHECKING.format(number=o.account.number, phone=phone) for o in owed if o.amount is None],
        "without_account": [o.account.number for o in owed if not o.nrb],
        "nothing_to_pay": "" if owed else _nothing(asked),
        "phone": phone,
        "back_url": reverse("invoices") if asked else "/panel/",
        "back_word": "Faktury" if asked else "Start",
    }
    return render(request, "portal/payments/pay.html", context)


def _chosen(asked: list[str], scope: CustomerScope) -> list[Owed]:
    ids = invoice_ids(asked[: CHOSEN_AT_MOST + 1])
    found = chosen(scope=scope, invoice_ids=ids, today=clock.today()) if len(ids) <= CHOSEN_AT_MOST else None
    if found is None:
        raise Http404
    return found


def _balance(asked: str, scope: CustomerScope) -> list[Owed]:
    if not asked:
        return balance(scope=scope, today=clock.today())
    account_id = whole_number(asked)
    if account_id is None or not scope.allows(account_id):
        raise Http404
    return balance(scope=scope.narrowed(account_id), today=clock.today())


def _nothing(asked: list[str]) -> str:
    if asked:
        return "Wybrane faktury są już zapłacone albo rozliczone."
    return "Wszystko zapłacone. Nowe wpłaty zobaczysz tu następnego dnia roboczego."
