"""Registering KSeF numbers from receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet

from ebok.billing.domain.invoices import OfficialReceipt
from ebok.billing.models import Invoice, KsefRegistration
from ebok.foundation.bulk import lock_key
from ebok.foundation.locks import Lock


class Registration(StrEnum):
    """What became of one document of a receipt."""

    NEW = "new"
    SAME = "same"
    WAITS = "waits"
    OTHER_BYTES = "other_bytes"
    OTHER_NUMBER = "other_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredReceipt:
    """One document of a receipt and what became of it; `xml_sha256` is the invoice's here when it differs."""

    receipt: OfficialReceipt
    outcome: Registration
    xml_sha256: bytes | None = None


@transaction.atomic
def register_receipts(
    *, receipts: Sequence[OfficialReceipt], receipt_sha256: bytes, now: datetime
) -> list[RegisteredReceipt]:
    """Keep the KSeF number of each invoice, known by the hash of its bytes; the invoice may come later (`WAITS`).

    Refused, and said so: a hash that is not the one of the invoice of that number here (`OTHER_BYTES`), a hash
    or a KSeF number that is registered otherwise (`OTHER_NUMBER`).
    """
    lock_key(Lock.RECEIPTS)
    by_hash = {bytes(sha): number for sha, number in _registered(receipts).values_list("xml_sha256", "ksef_number")}
    by_number = {number: sha for sha, number in by_hash.items()}
    here = _hashes_here(receipts)
    outcomes, rows = [], []
    for receipt in receipts:
        outcome = _outcome(receipt, by_hash, by_number, here)
        outcomes.append(outcome)
        if outcome.outcome in (Registration.NEW, Registration.WAITS):
            by_hash[receipt.xml_sha256], by_number[receipt.ksef_number] = receipt.ksef_number, receipt.xml_sha256
            rows.append(_row(receipt, receipt_sha256, now))
    KsefRegistration.objects.bulk_create(rows)
    return outcomes


def _registered(receipts: Sequence[OfficialReceipt]) -> QuerySet[KsefRegistration]:
    hashes, numbers = [r.xml_sha256 for r in receipts], [r.ksef_number for r in receipts]
    return KsefRegistration.objects.filter(Q(xml_sha256__in=hashes) | Q(ksef_number__in=numbers))


def _hashes_here(receipts: Sequence[OfficialReceipt]) -> dict[str, set[bytes]]:
    here: dict[str, set[bytes]] = {}
    rows = Invoice.objects.filter(number__in={r.invoice_number for r in receipts})
    for number, sha in rows.values_list("number", "xml_sha256"):
        here.setdefault(number, set()).add(bytes(sha))
    return here


def _outcome(
    receipt: OfficialReceipt, by_hash: dict[bytes, str], by_number: dict[str, bytes], here: dict[str, set[bytes]]
) -> RegisteredReceipt:
    hashes = here.get(receipt.invoice_number, set())
    if by_hash.get(receipt.xml_sha256) == receipt.ksef_number:
        return RegisteredReceipt(receipt=receipt, outcome=Registration.SAME)
    if hashes and receipt.xml_sha256 not in hashes:
        return RegisteredReceipt(receipt=receipt, outcome=Registration.OTHER_BYTES, xml_sha256=min(hashes))
    if receipt.xml_sha256 in by_hash or receipt.ksef_number in by_number:
        return RegisteredReceipt(receipt=receipt, outcome=Registration.OTHER_NUMBER)
    return RegisteredReceipt(receipt=receipt, outcome=Registration.NEW if hashes else Registration.WAITS)


def _row(receipt: OfficialReceipt, receipt_sha256: bytes, now: datetime) -> KsefRegistration:
    return KsefRegistration(
        ksef_number=receipt.ksef_number,
        xml_sha256=receipt.xml_sha256,
        invoice_number=receipt.invoice_number,
        issue_date=receipt.issue_date,
        receipt_sha256=receipt_sha256,
        registered_at=now,
    )
