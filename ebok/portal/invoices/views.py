"""Answers for the list of invoices and for one of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ebok.access.domain import AccountAction
from ebok.billing import queries as billing
from ebok.billing.domain.overview import InvoiceDetail, InvoicePage
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope, Premises
from ebok.einvoicing.operations.openings import opened
from ebok.einvoicing.queries.transmissions import transmission
from ebok.foundation import clock
from ebok.portal.invoices.choices import LARGEST_ID, SIZES, STATES, Choices, choices, options
from ebok.portal.invoices.one import invoice_context
from ebok.portal.invoices.row_html import row_html
from ebok.portal.invoices.rows import listed
from ebok.portal.looking import INVOICES, looked
from ebok.portal.scope import customer_view, held_grants


@customer_view(AccountAction.SEE_INVOICES)
@require_safe
def invoice_list(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show a page of the invoices in scope, newest first."""
    today, chosen = clock.today(), choices(request.GET.dict(), scope=scope)
    page = billing.list_invoices(
        scope=scope, today=today, year=chosen.year, status=chosen.status, account_id=chosen.account_id,
        cursor=chosen.cursor, limit=chosen.size,
    )  # fmt: skip
    looked(request, place=INVOICES, account_ids=[row.account_id for row in page.rows])
    places = customers.premises(scope=scope)
    words = {p.account_id: p.address.place or p.name for p in places} if len(places) > 1 else {}
    here, held = reverse("invoices"), held_grants(request)
    context = {
        "told": bool((scope.account_ids or frozenset()) - scope.past_accounts),
        "may_pay": held.may_anywhere(AccountAction.PAY),
        "readings_url": reverse("readings") if held.may_anywhere(AccountAction.SEE_READINGS) else "",
        "rows": _rows(page, today=today, premises=words, list_url=here),
        **_filters(chosen, billing.invoice_years(scope=scope), places),
        **_neighbors(chosen, page),
    }
    return render(request, "portal/invoices/list.html", context)


@customer_view(AccountAction.SEE_INVOICES)
@require_safe
def invoice(request: HttpRequest, invoice_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Show one invoice in full."""
    detail = in_scope(invoice_id, scope)
    looked(request, place=INVOICES, account_ids=[detail.row.account_id])
    opened(invoice_ids=[invoice_id], now=clock.now())
    account = customers.account(scope=scope, account_id=detail.row.account_id)
    corrected_by = billing.invoices_by_id(
        scope=scope, invoice_ids=[c.id for c in detail.corrected_by if c.id is not None], today=clock.today()
    )
    context = invoice_context(
        detail,
        account_number=account.number if account else "",
        corrections=corrected_by,
        may=held_grants(request).actions_on(detail.row.account_id),
        way=transmission(scope=scope, invoice_id=invoice_id),
        today=clock.today(),
    )
    return render(request, "portal/invoices/detail.html", {"page": context, "list_url": reverse("invoices")})


def _rows(page: InvoicePage, *, today: date, premises: Mapping[int, str], list_url: str) -> list[str]:
    papers = billing.papers_of(invoice_ids=[row.id for row in page.rows])
    waiting = {one for one, its in papers.items() if its.waits_for_number}
    return [
        row_html(listed(row, today=today, premises=premises, list_url=list_url, waits_for_ksef=row.id in waiting))
        for row in page.rows
    ]


def in_scope(invoice_id: int, scope: CustomerScope) -> InvoiceDetail:
    """Return one invoice in full.

    :raises Http404: when it is not in scope.
    """
    if invoice_id <= LARGEST_ID:
        detail = billing.invoice_detail(scope=scope, invoice_id=invoice_id, today=clock.today())
        if detail is not None:
            return detail
    raise Http404


def _filters(chosen: Choices, years: tuple[int, ...], places: list[Premises]) -> dict[str, Any]:
    words = [(p.account_id, f"{p.address.place or p.name} ({p.number})") for p in places]
    return {
        "has_invoices": bool(years),
        "list_url": reverse("invoices"),
        "chosen_url": reverse("chosen_invoices"),
        "clear_url": reverse("invoices") if chosen.filtered else "",
        "years": options([(year, str(year)) for year in years], chosen=chosen.year),
        "states": options([(name, word) for name, (_, word) in STATES.items()], chosen=chosen.state),
        "places_to_choose": options(words, chosen=chosen.account_id) if len(places) > 1 else (),
        "sizes": options([(size, str(size)) for size in SIZES], chosen=chosen.size),
    }


def _neighbors(chosen: Choices, page: InvoicePage) -> dict[str, str]:
    here = reverse("invoices")
    return {
        "newest_url": here + chosen.query() if chosen.cursor else "",
        "older_url": here + chosen.query(cursor=page.next_cursor) if page.next_cursor else "",
    }
