"""What is known of the papers of many invoices at once, and which invoice a stored file belongs to."""

from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from ebok.billing.domain.papers import InvoicePapers
from ebok.billing.models import Invoice, KsefRegistration, SuppliedPdf
from ebok.foundation.lookups import among

_NUMBER = KsefRegistration.objects.filter(xml_sha256=OuterRef("xml_sha256")).values("ksef_number")[:1]
_COLUMNS = ("id", "account_id", "number", "issue_date", "buyer_nip", "supplied_pdf__sha256", "ksef")


def papers_of(*, invoice_ids: Collection[int]) -> dict[int, InvoicePapers]:
    """What decides about the documents of these invoices, in one query. The caller has reached them through a scope."""
    rows = Invoice.objects.filter(among("id", invoice_ids)).annotate(ksef=Subquery(_NUMBER)).order_by("id")
    return {
        row["id"]: InvoicePapers(
            invoice_id=row["id"],
            account_id=row["account_id"],
            number=row["number"],
            issue_date=row["issue_date"],
            buyer_has_nip=bool(row["buyer_nip"]),
            ksef_number=row["ksef"] or "",
            supplied_sha256=None if row["supplied_pdf__sha256"] is None else bytes(row["supplied_pdf__sha256"]),
        )
        for row in rows.values(*_COLUMNS)
    }


def invoice_numbers_of_files(*, digests: Collection[bytes]) -> dict[bytes, list[str]]:
    """Which invoices have their XML, supplied PDF or KSeF receipt under these hashes: their numbers."""
    wanted, found = list(digests), dict[bytes, list[str]]()
    pairs = [
        *Invoice.objects.filter(xml_sha256__in=wanted).values_list("xml_sha256", "number"),
        *SuppliedPdf.objects.filter(sha256__in=wanted).values_list("sha256", "invoice__number"),
        *KsefRegistration.objects.filter(receipt_sha256__in=wanted).values_list("receipt_sha256", "invoice_number"),
    ]
    for sha256, number in pairs:
        found.setdefault(bytes(sha256), []).append(number)
    return found
