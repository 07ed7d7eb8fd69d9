"""Booked invoices for those who decide how they travel and tell of them, many at once."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Final

from django.db.models import OuterRef, Subquery

from ebok.billing.domain.invoices import InvoiceKind
from ebok.billing.domain.letters import BookedInvoice, InvoiceLetter
from ebok.billing.models import Invoice, InvoiceCorrection, KsefRegistration
from ebok.customers.domain import CustomerScope
from ebok.foundation.lookups import among
from ebok.kernel.money import ZERO
from ebok.kernel.periods import Period

_COLUMNS: Final = (
    "id", "account_id", "number", "kind", "issue_date", "due_date", "period_start", "period_end", "gross_total",
    "payment_nrb", "content__settlement", "content__paid",
)  # fmt: skip

_OF_CORRECTION: Final = InvoiceCorrection.objects.filter(correction=OuterRef("id"))
_CORRECTED: Final = _OF_CORRECTION.order_by("corrected_issue_date").values("corrected_issue_date")[:1]


def booked_invoices(*, invoice_ids: Collection[int]) -> list[BookedInvoice]:
    """What deciding asks of these invoices, in one query, by id."""
    rows = Invoice.objects.filter(among("id", invoice_ids)).order_by("id").annotate(corrected_on=Subquery(_CORRECTED))
    columns = ("id", "account_id", "issue_date", "buyer_nip", "period_end", "corrected_on")
    return [BookedInvoice(**row) for row in rows.values(*columns)]


def invoice_ids_after(*, after: int, limit: int) -> list[int]:
    """The next ids of invoices after this one, in order."""
    return list(Invoice.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True)[:limit])


def invoice_ids_in_scope(*, scope: CustomerScope, invoice_ids: Collection[int]) -> set[int]:
    """Those of these invoices that are in scope."""
    rows = Invoice.objects.in_scope(scope).filter(among("id", invoice_ids))
    return set(rows.values_list("id", flat=True))


def registered_in_ksef(*, invoice_ids: Collection[int]) -> set[int]:
    """Those of these invoices whose KSeF number is here."""
    hashes = {
        bytes(sha): i for i, sha in Invoice.objects.filter(among("id", invoice_ids)).values_list("id", "xml_sha256")
    }
    here = KsefRegistration.objects.filter(among("xml_sha256", hashes)).values_list("xml_sha256", flat=True)
    return {hashes[bytes(sha)] for sha in here}


def invoice_letters(*, invoice_ids: Collection[int]) -> dict[int, InvoiceLetter]:
    """What messages about these invoices say of them, in two queries."""
    rows = list(Invoice.objects.filter(among("id", invoice_ids)).order_by("id").values(*_COLUMNS))
    corrected: dict[int, list[str]] = {}
    corrections = [row["id"] for row in rows if row["kind"] == InvoiceKind.KOR.value]
    if corrections:
        links = InvoiceCorrection.objects.filter(among("correction_id", corrections)).order_by("id")
        for correction, number in links.values_list("correction_id", "corrected_number"):
            corrected.setdefault(correction, []).append(number)
    return {row["id"]: _letter(row, tuple(corrected.get(row["id"], ()))) for row in rows}


def _letter(row: Mapping[str, Any], corrects: tuple[str, ...]) -> InvoiceLetter:
    start, end = row["period_start"], row["period_end"]
    return InvoiceLetter(
        id=row["id"],
        account_id=row["account_id"],
        number=row["number"],
        kind=InvoiceKind(row["kind"]),
        issue_date=row["issue_date"],
        due_date=row["due_date"],
        period=Period(start=start, end=end) if start else None,
        gross_total=row["gross_total"],
        to_pay=_to_pay(row["gross_total"], row["content__settlement"], row["content__paid"]),
        payment_nrb=row["payment_nrb"],
        corrects=corrects,
    )


def _to_pay(gross: Decimal, settlement: Mapping[str, str] | None, paid: list[dict[str, str]] | None) -> Decimal:
    """As `amount_asked_for`, from the two parts of the content it looks at."""
    printed = settlement or {}
    if "amount_due" in printed:
        return max(Decimal(printed["amount_due"]), ZERO)
    if "overpaid" in printed:
        return ZERO
    return max(gross - sum((Decimal(part["amount"]) for part in paid or ()), ZERO), ZERO)
