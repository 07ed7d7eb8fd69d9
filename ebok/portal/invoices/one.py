"""The page of one invoice: what is printed, and where it stands today."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString

from ebok.access.domain import AccountAction
from ebok.billing import queries as billing
from ebok.billing.domain.invoices import InvoiceKind
from ebok.billing.domain.overview import InvoiceDetail, InvoiceRow, InvoiceStatus, LinkedInvoice
from ebok.einvoicing.domain import Transmission
from ebok.foundation.formats import long_date, moment, zloty
from ebok.portal.invoices.delivery import DeliveryPart, delivery_part
from ebok.portal.invoices.page import PrintedInvoice, printed
from ebok.portal.invoices.rows import status_words
from ebok.web.qr import qr_svg


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The one strong number of the page."""

    label: str
    amount: str
    note: str
    kind: str
    icon: str
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The other side of a correction; without `url` it is not here."""

    number: str
    day: str
    url: str
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KsefPart:
    """The KSeF number with its verification code."""

    number: str
    url: str
    qr: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceContext:
    """Everything the template shows. While the invoice waits for its KSeF number it has no files."""

    printed: PrintedInvoice
    headline: Headline
    pay_url: str
    ledger_url: str
    pdf_url: str
    xml_url: str
    duplicate_url: str
    waits_for_ksef: bool
    delivery: DeliveryPart | None
    corrects: tuple[Correction, ...]
    corrected_by: tuple[Correction, ...]
    ksef: KsefPart | None


def invoice_context(
    detail: InvoiceDetail,
    *,
    account_number: str,
    corrections: Mapping[int, InvoiceRow],
    may: Collection[AccountAction],
    way: Transmission | None,
    today: date,
) -> InvoiceContext:
    """Arrange one invoice. `corrections` are the rows of what corrects it, by id; `may` is allowed on its account."""
    row, waits = detail.row, bool(detail.invoice.buyer.nip) and not detail.ksef_number
    payable = row.status in {InvoiceStatus.DUE, InvoiceStatus.OVERDUE} and AccountAction.PAY in may
    return InvoiceContext(
        printed=printed(invoice=detail.invoice, account_number=account_number, due_date=row.due_date),
        headline=_headline(detail, today),
        pay_url=f"{reverse('pay')}?faktura={row.id}" if payable else "",
        ledger_url=reverse("ledger") if AccountAction.SEE_LEDGER in may else "",
        pdf_url="" if waits else reverse("invoice_pdf", args=[row.id]),
        xml_url="" if waits else reverse("invoice_xml", args=[row.id]),
        duplicate_url="" if waits else reverse("invoice_duplicate", args=[row.id]),
        waits_for_ksef=waits,
        delivery=delivery_part(way, may=may),
        corrects=tuple(_linked(one) for one in detail.corrects),
        corrected_by=tuple(_linked(one, corrections) for one in detail.corrected_by),
        ksef=_ksef(detail),
    )


def _headline(detail: InvoiceDetail, today: date) -> Headline:
    row = detail.row
    words = status_words(row, today=today)
    due = f"Termin: {long_date(row.due_date)}. " if row.gross_total > 0 else ""
    label, amount = "Kwota faktury", row.gross_total
    if row.outstanding > 0:
        label, amount = "Do zapłaty", row.outstanding
    elif row.kind is InvoiceKind.KOR:
        label = "Kwota korekty"
    return Headline(
        label=label,
        amount=zloty(amount),
        note=f"{due}{words.word}",
        kind=words.kind,
        icon=words.icon,
        as_of=f"Fakturę dostaliśmy {moment(detail.imported_at)} z systemu rozliczeń.",
    )


def _linked(one: LinkedInvoice, rows: Mapping[int, InvoiceRow] | None = None) -> Correction:
    row = (rows or {}).get(one.id) if one.id is not None else None
    return Correction(
        number=one.number,
        day=long_date(one.issue_date),
        url=reverse("invoice", args=[one.id]) if one.id is not None else "",
        amount=zloty(row.gross_total) if row is not None else "",
    )


def _ksef(detail: InvoiceDetail) -> KsefPart | None:
    url = billing.ksef_url(detail=detail)
    if not url:
        return None
    label = f"Kod weryfikacji faktury w KSeF, numer {detail.ksef_number}"
    return KsefPart(number=detail.ksef_number, url=url, qr=qr_svg(url, label=label))
