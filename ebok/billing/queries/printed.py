"""What booked invoices print of their payment, for checks that anybody may make. Names no person and no balance.

Each costs the same whether or not there is such an invoice, as nearly as one look into an index can.
"""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet

from ebok.billing.domain.codec import from_content
from ebok.billing.domain.printed import PrintedPayment
from ebok.billing.domain.visualization import amount_asked_for
from ebok.billing.models import Invoice, SuppliedPdf
from ebok.foundation.lookups import among

_COLUMNS: Final = ("id", "account_id", "gross_total", "due_date", "content")


def printed_by_number(*, numbers: Collection[str]) -> tuple[PrintedPayment, ...]:
    """The invoices with one of these exact numbers; an invoice and a correction may share one."""
    return _printed(Invoice.objects.filter(among("number", numbers)))


def printed_payment(*, invoice_id: int) -> PrintedPayment | None:
    """What one invoice prints, None when there is none of this id."""
    return next(iter(_printed(Invoice.objects.filter(id=invoice_id))), None)


def prints_account(*, nrb: str) -> bool:
    """Say whether a booked invoice prints this bank account (26 digits), first or beside others."""
    first = Invoice.objects.exclude(payment_nrb="").filter(payment_nrb=nrb)
    several = Invoice.objects.filter(content__payment_accounts__1__isnull=False)
    beside = several.filter(content__payment_accounts__contains=[{"nrb": nrb}])
    return first.exists() | beside.exists()


def any_printed() -> bool:
    """Say whether any invoice that prints a bank account is booked."""
    return Invoice.objects.exclude(payment_nrb="").exists()


def prints_sum(*, nrb: str, gross_total: Decimal, holders: Collection[int]) -> bool:
    """Say whether an invoice with this gross total is paid to this account.

    `holders` are the customer accounts it belongs to: their invoices that print no account are paid to it.
    """
    printed = Invoice.objects.exclude(payment_nrb="").filter(payment_nrb=nrb, gross_total=gross_total)
    unprinted = Invoice.objects.filter(account_id__in=holders, payment_nrb="", gross_total=gross_total)
    return printed.exists() | unprinted.exists()


def invoice_of_supplied_pdf(*, sha256: bytes) -> int | None:
    """The invoice for which the billing system supplied the PDF with this hash, as it supplied it."""
    found = SuppliedPdf.objects.filter(sha256=sha256).order_by("id")
    return found.values_list("invoice_id", flat=True).first()


def invoices_with_pdfs(*, digests: Collection[bytes]) -> dict[bytes, bytes]:
    """Of these supplied PDFs those that are the document of an invoice here: the SHA-256 of its XML, by theirs."""
    rows = SuppliedPdf.objects.filter(among("sha256", digests)).order_by("-id")
    return {bytes(pdf): bytes(xml) for pdf, xml in rows.values_list("sha256", "invoice__xml_sha256")}


def _printed(rows: QuerySet[Invoice]) -> tuple[PrintedPayment, ...]:
    return tuple(_payment(row) for row in rows.order_by("id").values(*_COLUMNS))


def _payment(row: dict[str, Any]) -> PrintedPayment:
    invoice = from_content(row["content"])
    return PrintedPayment(
        invoice_id=row["id"],
        account_id=row["account_id"],
        nrbs=tuple(account.nrb for account in invoice.payment_accounts),
        gross_total=row["gross_total"],
        to_pay=amount_asked_for(invoice),
        due_date=row["due_date"],
    )
