"""Answers for the account's statement: the page, its CSV, one entry."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_safe

from ebok.access.domain import AccountAction
from ebok.billing import queries as billing
from ebok.billing.domain.overview import StatementLine
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.foundation.formats import long_date, short_date
from ebok.foundation.spreadsheets import Cell, csv_lines
from ebok.foundation.utility import utility
from ebok.payments import queries as payments
from ebok.portal import downloads
from ebok.portal.invoices.bundle import file_stem
from ebok.portal.invoices.choices import LARGEST_ID, options, whole_number
from ebok.portal.ledger.words import KIND, entry_context, listed, sums_words
from ebok.portal.looking import LEDGER, downloaded, looked
from ebok.portal.scope import chosen_account, customer_view
from ebok.web.errors import too_many_downloads
from ebok.web.step_up import fresh_for_file

LINES = 50
CSV_BATCH = 1_000
CSV_HEADER = ("Data", "Rodzaj", "Dokument", "Tytuł", "Obciążenie", "Wpłata", "Saldo po pozycji")


@customer_view(AccountAction.SEE_LEDGER)
@require_safe
def ledger(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show the account as a running sum, newest first."""
    chosen = chosen_account(request, scope)
    places = customers.premises(scope=scope)
    context: dict[str, Any] = {"premises": places, "chosen": chosen, "ledger_url": reverse("ledger")}
    place = next((place for place in places if place.account_id == chosen), None)
    context |= {"place": place, "closed_on": long_date(place.closed_on) if place and place.closed_on else ""}
    looked(request, place=LEDGER, account_ids=[chosen])
    if chosen is not None:
        context |= _page(request, scope.narrowed(chosen), chosen)
    return render(request, "portal/ledger/ledger.html", context)


def _page(request: HttpRequest, scope: CustomerScope, account_id: int) -> dict[str, Any]:
    years = billing.ledger_years(scope=scope, account_id=account_id)
    asked = whole_number(request.GET.get("rok", ""))
    year, cursor = (asked if asked in years else None), request.GET.get("po", "")
    page = billing.statement_of_account(scope=scope, account_id=account_id, year=year, cursor=cursor, limit=LINES)
    check = billing.balance_checks(scope=scope).get(account_id)
    return {
        "lines": [listed(line) for line in page.lines],
        "sums": sums_words(billing.ledger_sums(scope=scope, account_id=account_id, year=year)),
        "years": options([(one, str(one)) for one in years], chosen=year),
        "year": year,
        "differs_on": short_date(check.as_of) if check and check.differs else "",
        "newest_url": _url(year, "") if cursor else "",
        "older_url": _url(year, page.next_cursor) if page.next_cursor else "",
        "csv_url": reverse("ledger_csv") + (f"?{urlencode({'rok': year})}" if year else ""),
        **_known_until(),
    }


def _known_until() -> dict[str, str]:
    reach = payments.bank_reach(own_nrbs=utility().ibans)
    known = long_date(reach.last_day) if reach and reach.last_day else ""
    return {"today": long_date(clock.today()), "known_until": known}


def _url(year: int | None, cursor: str) -> str:
    said = {name: value for name, value in {"rok": year, "po": cursor}.items() if value}
    return reverse("ledger") + (f"?{urlencode(said)}" if said else "")


@customer_view(AccountAction.SEE_LEDGER)
@fresh_for_file
@require_safe
def ledger_csv(request: HttpRequest, *, scope: CustomerScope) -> HttpResponseBase:
    """Send the statement as CSV, newest first, as it is read."""
    chosen = chosen_account(request, scope)
    account = customers.account(scope=scope, account_id=chosen) if chosen is not None else None
    if account is None:
        raise Http404
    if not downloads.allowed(request, downloads.STATEMENTS):
        return too_many_downloads(request)
    year = whole_number(request.GET.get("rok", ""))
    downloaded(request, taken=[(f"page:{LEDGER}", account.id)], kind="csv")
    narrow = scope.narrowed(account.id)
    years = billing.ledger_years(scope=narrow, account_id=account.id)
    rows = (_csv_row(line) for line in _all_lines(narrow, account.id, year if year in years else None))
    response = StreamingHttpResponse(csv_lines(header=CSV_HEADER, rows=rows), content_type="text/csv; charset=utf-8")
    name = f"rozliczenia-{file_stem(account.number)}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _all_lines(scope: CustomerScope, account_id: int, year: int | None) -> Iterator[StatementLine]:
    cursor = ""
    while True:
        page = billing.statement_of_account(
            scope=scope, account_id=account_id, year=year, cursor=cursor, limit=CSV_BATCH
        )
        yield from page.lines
        cursor = page.next_cursor
        if not cursor:
            return


def _csv_row(line: StatementLine) -> tuple[Cell, ...]:
    charge, paid = (line.amount, None) if line.amount > 0 else (None, -line.amount)
    return line.booked_on, KIND[line.kind], line.document_number, line.title, charge, paid, line.balance


@customer_view(AccountAction.SEE_LEDGER)
@require_safe
def entry(request: HttpRequest, entry_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Show one entry and what it settles."""
    detail = billing.entry_detail(scope=scope, entry_id=entry_id) if entry_id <= LARGEST_ID else None
    if detail is None:
        raise Http404
    looked(request, place=LEDGER, account_ids=[detail.account_id])
    return render(request, "portal/ledger/entry.html", {"entry": entry_context(detail)})
