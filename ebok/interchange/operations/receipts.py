"""Takes KSeF receipts (UPO): which number each invoice got. The invoice itself may come later."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db import transaction

from ebok.audit.domain import Actor, AuditFact
from ebok.audit.operations import record
from ebok.billing.domain.invoices import OfficialReceipt
from ebok.billing.operations.receipts import RegisteredReceipt, Registration, register_receipts
from ebok.documents.operations import store
from ebok.foundation.intake import SourceFile
from ebok.foundation.ports import adapter
from ebok.foundation.utility import utility
from ebok.interchange.domain import ImportReport
from ebok.interchange.ports import ReceiptReader
from ebok.kernel.refusals import Refusal, RefusalCode, UnableToTake

MAX_BYTES: Final = 32 * 1024 * 1024


def import_receipts(*, files: Iterator[SourceFile], acting: Actor, now: datetime) -> ImportReport:
    """Register the KSeF number of every invoice each receipt names; a document of a receipt is one row.

    A document that cannot stand is refused, the others of its receipt go in.

    Rows whose invoice is not here yet are `parked`: they show as soon as it comes.
    """
    report = ImportReport()
    for file in files:
        report.files += 1
        try:
            _take(file, report, acting=acting, now=now)
        except UnableToTake as unable:
            report.refuse_file(file.name, unable.refusal)
    return report


@transaction.atomic
def _take(file: SourceFile, report: ImportReport, *, acting: Actor, now: datetime) -> None:
    data = file.read(limit=MAX_BYTES)
    read = adapter(ReceiptReader).read(data)
    ours = [r for r in read.documents if r.seller_nip == utility().nip]
    refused = [*read.refused, *(_wrong_seller(r) for r in read.documents if r.seller_nip != utility().nip)]
    outcomes = register_receipts(receipts=ours, receipt_sha256=sha256(data).digest(), now=now)
    refused += [refusal for outcome in outcomes if (refusal := _refusal(outcome)) is not None]
    if len(refused) == len(read.documents) + len(read.refused):
        raise UnableToTake(refused[0].code, refused[0].reason)
    store(contents=[data], media_type="application/xml", now=now)
    for refusal in refused:
        report.refuse_row(file.name, refusal)
    new, waits = (sum(o.outcome is kind for o in outcomes) for kind in (Registration.NEW, Registration.WAITS))
    report.new, report.parked = report.new + new, report.parked + waits
    report.same += sum(o.outcome is Registration.SAME for o in outcomes)
    if new + waits:
        details = {"new": new, "parked": waits}
        fact = AuditFact(action="import.receipts", subject=sha256(data).hexdigest(), details=details)
        record(facts=[fact], acting=acting, now=now)


def _wrong_seller(receipt: OfficialReceipt) -> Refusal:
    return Refusal(
        code=RefusalCode.WRONG_SELLER,
        reason=f"UPO dotyczy sprzedawcy o NIP {receipt.seller_nip}, a nie {utility().nip}.",
    )


def _refusal(outcome: RegisteredReceipt) -> Refusal | None:
    number, digest = outcome.receipt.invoice_number, outcome.receipt.xml_sha256.hex()
    if outcome.outcome is Registration.OTHER_BYTES and outcome.xml_sha256 is not None:
        return Refusal(
            code=RefusalCode.SAME_NUMBER_OTHER_BYTES,
            reason=f"Skrót w UPO ({digest}) nie jest skrótem wczytanej faktury {number} ({outcome.xml_sha256.hex()}).",
        )
    if outcome.outcome is Registration.OTHER_NUMBER:
        return Refusal(
            code=RefusalCode.BAD_NUMBER,
            reason=f"Faktura {number} albo numer {outcome.receipt.ksef_number} są już zapisane z innego UPO inaczej.",
        )
    return None
