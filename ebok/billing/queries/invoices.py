"""Invoices: lists, one in full, and by number or bytes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from ebok.billing.domain.codec import from_content
from ebok.billing.domain.invoices import InvoiceKind
from ebok.billing.domain.overview import (
    InvoiceDetail,
    InvoicePage,
    InvoiceRow,
    InvoiceStatus,
    LinkedInvoice,
    invoice_status,
)
from ebok.billing.models import Invoice, InvoiceCorrection, KsefRegistration
from ebok.billing.queries.cursors import Cursor, read_cursor, write_cursor
from ebok.customers.domain import CustomerScope
from ebok.foundation.lookups import among
from ebok.kernel.money import ZERO
from ebok.kernel.periods import Period

_CORRECTED = Exists(
    InvoiceCorrection.objects.filter(corrected_number=OuterRef("number"), correction__account_id=OuterRef("account_id"))
)
_COLUMNS = (
    "id", "account_id", "number", "kind", "issue_date", "due_date", "period_start", "period_end", "gross_total",
    "payment_nrb",
)  # fmt: skip


def list_invoices(
    *,
    scope: CustomerScope,
    today: date,
    year: int | None = None,
    status: InvoiceStatus | None = None,
    account_id: int | None = None,
    cursor: str = "",
    limit: int = 20,
) -> InvoicePage:
    """A page of the invoices in scope, newest first: one query, for two invoices or two thousand.

    A cursor that is none of ours starts from the beginning. Of an account one does not own any more it is not
    told where an invoice stands, so asking for any other status than that leaves its invoices out.
    """
    rows = _in_scope(scope, account_id)
    if year is not None:
        rows = rows.filter(issue_date__range=(date(year, 1, 1), date(year, 12, 31)))
    if status is not None:
        rows = _standing(rows, status, scope, today)
    rows = _after(rows, read_cursor(cursor)).order_by("-issue_date", "-id")[: limit + 1]
    found = [_row(row, today, scope) for row in _with_facts(rows)]
    more = len(found) > limit
    page = tuple(found[:limit])
    return InvoicePage(rows=page, next_cursor=write_cursor(page[-1].issue_date, page[-1].id) if more else "")


def invoices_outstanding(*, scope: CustomerScope, today: date, limit: int = 200) -> tuple[InvoiceRow, ...]:
    """Invoices in scope with something left to pay, oldest due first."""
    rows = _in_scope(scope, None).exclude(account_id__in=scope.past_accounts).filter(open_item__remaining__gt=0)
    return tuple(_row(row, today, scope) for row in _with_facts(rows.order_by("due_date", "id")[:limit]))


def invoices_by_id(*, scope: CustomerScope, invoice_ids: Iterable[int], today: date) -> dict[int, InvoiceRow]:
    """The invoices of these ids that are in scope, in one query."""
    rows = _in_scope(scope, None).filter(id__in=list(invoice_ids))
    return {row["id"]: _row(row, today, scope) for row in _with_facts(rows)}


def invoice_years(*, scope: CustomerScope) -> tuple[int, ...]:
    """The years in which invoices in scope were issued, newest first."""
    years = _in_scope(scope, None).annotate(year=ExtractYear("issue_date")).values_list("year", flat=True)
    return tuple(years.distinct().order_by("-year"))


def invoice_detail(*, scope: CustomerScope, invoice_id: int, today: date) -> InvoiceDetail | None:
    """Everything about one invoice, None when it is not in scope."""
    rows = _in_scope(scope, None).filter(id=invoice_id)
    row = next(iter(_with_facts(rows, "content", "xml_sha256", "imported_at", "supplied_pdf__sha256")), None)
    if row is None:
        return None
    sha, pdf = bytes(row["xml_sha256"]), row["supplied_pdf__sha256"]
    number = KsefRegistration.objects.filter(xml_sha256=sha).values_list("ksef_number", flat=True).first()
    return InvoiceDetail(
        row=_row(row, today, scope),
        invoice=from_content(row["content"]),
        xml_sha256=sha,
        pdf_sha256=bytes(pdf) if pdf is not None else None,
        ksef_number=number or "",
        corrects=_corrects(row, scope),
        corrected_by=_corrected_by(row, scope),
        imported_at=row["imported_at"],
    )


def _corrects(row: dict[str, Any], scope: CustomerScope) -> tuple[LinkedInvoice, ...]:
    links = InvoiceCorrection.objects.filter(correction_id=row["id"]).order_by("corrected_issue_date", "id")
    wanted = list(links.values_list("corrected_number", "corrected_issue_date"))
    here = dict(
        Invoice.objects.in_scope(scope)
        .filter(number__in=[n for n, _ in wanted], account_id=row["account_id"])
        .exclude(id=row["id"])
        .values_list("number", "id")
    )
    return tuple(LinkedInvoice(number=n, issue_date=day, id=here.get(n)) for n, day in wanted)


def _corrected_by(row: dict[str, Any], scope: CustomerScope) -> tuple[LinkedInvoice, ...]:
    seen = Invoice.objects.in_scope(scope)
    found = seen.filter(corrects__corrected_number=row["number"], account_id=row["account_id"])
    rows = found.exclude(id=row["id"]).order_by("issue_date", "id").values_list("number", "issue_date", "id")
    return tuple(LinkedInvoice(number=n, issue_date=day, id=i) for n, day, i in rows)


def find_invoices_by_number(*, scope: CustomerScope, numbers: Iterable[str]) -> dict[str, int]:
    """The account of each invoice in scope by its exact number; of an invoice and a correction, the invoice's."""
    rows = _in_scope(scope, None).filter(among("number", set(numbers))).order_by("kind")
    return dict(rows.values_list("number", "account_id"))


def invoice_ids_by_hash(*, hashes: Iterable[bytes]) -> dict[bytes, int]:
    """Ids of the invoices with these exact bytes."""
    rows = Invoice.objects.filter(among("xml_sha256", hashes)).values_list("xml_sha256", "id")
    return {bytes(sha): i for sha, i in rows}


def hashes_by_number(*, numbers: Iterable[str]) -> dict[tuple[str, InvoiceKind], bytes]:
    """The hash of the bytes of each invoice with one of these numbers, by number and kind."""
    rows = Invoice.objects.filter(among("number", set(numbers))).values_list("number", "kind", "xml_sha256")
    return {(number, InvoiceKind(kind)): bytes(sha) for number, kind, sha in rows}


def _in_scope(scope: CustomerScope, account_id: int | None) -> QuerySet[Invoice]:
    return Invoice.objects.in_scope(scope if account_id is None else scope.narrowed(account_id))


def _with_facts(rows: QuerySet[Invoice], *more: str) -> Iterable[dict[str, Any]]:
    with_facts = rows.annotate(remaining=F("open_item__remaining"), corrected=_CORRECTED)
    found: Iterable[dict[str, Any]] = with_facts.values(*_COLUMNS, "remaining", "corrected", *more)
    return found


def _after(rows: QuerySet[Invoice], cursor: Cursor | None) -> QuerySet[Invoice]:
    if cursor is None:
        return rows
    return rows.filter(Q(issue_date__lt=cursor.day) | Q(issue_date=cursor.day, id__lt=cursor.id))


def _standing(rows: QuerySet[Invoice], status: InvoiceStatus, scope: CustomerScope, today: date) -> QuerySet[Invoice]:
    past = Q(account_id__in=scope.past_accounts)
    return rows.filter(past) if status is InvoiceStatus.NOT_TOLD else rows.exclude(past).filter(_having(status, today))


def _having(status: InvoiceStatus, today: date) -> Q:
    left, none_left = Q(open_item__remaining__gt=0), Q(open_item__isnull=True, gross_total__gte=0)
    return {
        InvoiceStatus.CREDIT: Q(gross_total__lt=0),
        InvoiceStatus.DUE: left & Q(due_date__gte=today),
        InvoiceStatus.OVERDUE: left & Q(due_date__lt=today),
        InvoiceStatus.CORRECTED: none_left & Q(_CORRECTED),
        InvoiceStatus.PAID: none_left & ~Q(_CORRECTED),
    }[status]


def _row(row: dict[str, Any], today: date, scope: CustomerScope) -> InvoiceRow:
    told = row["account_id"] not in scope.past_accounts
    outstanding: Decimal = (row["remaining"] or ZERO) if told else ZERO
    start, end = row["period_start"], row["period_end"]
    return InvoiceRow(
        id=row["id"],
        account_id=row["account_id"],
        number=row["number"],
        kind=InvoiceKind(row["kind"]),
        issue_date=row["issue_date"],
        due_date=row["due_date"],
        period=Period(start=start, end=end) if start else None,
        gross_total=row["gross_total"],
        outstanding=outstanding,
        status=invoice_status(
            gross_total=row["gross_total"],
            outstanding=outstanding,
            due_date=row["due_date"],
            corrected=row["corrected"],
            today=today,
        )
        if told
        else InvoiceStatus.NOT_TOLD,
        payment_nrb=row["payment_nrb"],
    )
