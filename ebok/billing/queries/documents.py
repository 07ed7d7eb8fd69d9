"""An invoice gathered for drawing, and the bank code of a transfer to this utility."""

from decimal import Decimal

from django.conf import settings

from ebok.billing.domain.ksef_code import verification_url
from ebok.billing.domain.overview import InvoiceDetail
from ebok.billing.domain.transfer_code import (
    LARGEST_AMOUNT,
    TransferDetails,
    recipient_name,
    transfer_code,
    transfer_title,
)
from ebok.billing.domain.visualization import InvoiceDocument, OfficeFacts, amount_asked_for
from ebok.documents import queries as documents
from ebok.foundation.utility import utility
from ebok.kernel import identifiers
from ebok.kernel.money import ZERO


def transfer_code_text(*, nrb: str, amount: Decimal | None, title: str) -> str:
    """Return the text of the ZBP code for a transfer to the utility; empty when no valid code can be made.

    Without `amount`, or above what the code can carry, the payer types the amount.
    """
    office = utility()
    account, nip = identifiers.nrb(nrb), identifiers.nip(office.nip)
    if account is None or nip is None or (amount is not None and amount <= 0):
        return ""
    name = recipient_name(name=office.name, short_name=office.short_name)
    asked = amount if amount is not None and amount <= LARGEST_AMOUNT else ZERO
    return transfer_code(TransferDetails(nip=nip, nrb=account, amount=asked, name=name, title=title))


def invoice_document(*, detail: InvoiceDetail, account_number: str, payment_nrb: str) -> InvoiceDocument:
    """Gather one invoice, already reached through a scope, for the renderer.

    `payment_nrb` is the account's own; what the invoice prints comes first.

    :raises ebok.documents.domain.DocumentMissing: when the XML is no longer stored.
    """
    invoice, nrb = detail.invoice, detail.row.payment_nrb or payment_nrb
    to_pay = amount_asked_for(invoice)
    title = transfer_title(invoice_numbers=[invoice.number], customer_number=account_number)
    return InvoiceDocument(
        invoice=invoice,
        account_number=account_number,
        due_date=detail.row.due_date,
        to_pay=to_pay,
        payment_nrb=nrb,
        transfer_title=title,
        transfer_code=transfer_code_text(nrb=nrb, amount=to_pay, title=title),
        ksef_number=detail.ksef_number,
        verification_url=ksef_url(detail=detail),
        office=office_facts(),
        xml=documents.read(sha256=detail.xml_sha256),
    )


def ksef_url(*, detail: InvoiceDetail) -> str:
    """Where KSeF shows this invoice (KOD I); empty while it has no KSeF number."""
    seller = detail.invoice.seller.nip
    if not (detail.ksef_number and seller):
        return ""
    return verification_url(
        seller_nip=seller,
        issue_date=detail.invoice.issue_date,
        xml_sha256=detail.xml_sha256,
        site=settings.EBOK_KSEF_QR_URL,
    )


def office_facts() -> OfficeFacts:
    """How to reach the utility, for the foot of anything that is printed."""
    office = utility()
    return OfficeFacts(
        name=office.name,
        short_name=office.short_name,
        address=office.address,
        phone=office.phone,
        alarm_phone=office.alarm_phone,
        office_hours=office.office_hours,
        email=office.email,
        website=office.website,
    )
