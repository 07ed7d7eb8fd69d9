"""Invoices gathered for drawing, many at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef

from ebok.billing.domain.codec import from_content
from ebok.billing.domain.invoices import Description, InvoiceKind, IssuedInvoice
from ebok.billing.domain.ksef_code import issued_offline, verification_url
from ebok.billing.domain.recipients import recipient_of
from ebok.billing.domain.transfer_code import transfer_title
from ebok.billing.domain.use import use_of_meters
from ebok.billing.domain.visualization import InvoiceDocument, amount_asked_for
from ebok.billing.models import Invoice, InvoiceCorrection, KsefRegistration
from ebok.billing.queries.documents import office_facts, transfer_code_text
from ebok.customers import queries as customers
from ebok.customers.domain import Account, CustomerScope
from ebok.documents import queries as documents
from ebok.foundation.lookups import among

CHECK_PATH: Final = "/sprawdz-fakture/"
_Place = tuple[int, str, str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """An invoice as it is stored."""

    id: int
    account_id: int
    due_date: date
    payment_nrb: str
    xml_sha256: bytes
    invoice: IssuedInvoice


def invoice_documents(
    *, invoice_ids: Collection[int], check_urls: Mapping[int, str], duplicate_on: date | None = None
) -> dict[int, InvoiceDocument]:
    """Gather these invoices for the renderer: a handful of queries, and one file read for each.

    The caller has reached them through a scope, or makes documents for all. `check_urls` says by invoice id what the
    printed code leads to. What is compared and where it is posted never comes from another holder's papers.

    :raises ebok.documents.domain.DocumentUnavailable: when the XML of one cannot be read.
    """
    rows = _rows(invoice_ids)
    holders = _holders({row.account_id for row in rows})
    numbers = _ksef_numbers(row.xml_sha256 for row in rows)
    earlier = _periods_before(rows)
    return {
        row.id: _document(
            row,
            holder=holders[row.account_id],
            ksef_number=numbers.get(row.xml_sha256, ""),
            earlier=earlier.get(row.id, ()),
            check_url=check_urls.get(row.id, ""),
            duplicate_on=duplicate_on,
        )
        for row in rows
    }


def _document(
    row: _Row,
    *,
    holder: Account,
    ksef_number: str,
    earlier: Sequence[Sequence[Description]],
    check_url: str,
    duplicate_on: date | None,
) -> InvoiceDocument:
    invoice, nrb = row.invoice, row.payment_nrb or holder.payment_nrb
    to_pay, offline = amount_asked_for(invoice), issued_offline(invoice) and not ksef_number
    title = transfer_title(invoice_numbers=[invoice.number], customer_number=holder.number)
    return InvoiceDocument(
        invoice=invoice,
        account_number=holder.number,
        due_date=row.due_date,
        to_pay=to_pay,
        payment_nrb=nrb,
        transfer_title=title,
        transfer_code=transfer_code_text(nrb=nrb, amount=to_pay, title=title),
        ksef_number=ksef_number,
        verification_url=_ksef_url(row) if ksef_number or offline else "",
        office=office_facts(),
        xml=documents.read(sha256=row.xml_sha256),
        check_url=check_url,
        check_page=f"{settings.EBOK_PUBLIC_URL}{CHECK_PATH}",
        duplicate_on=duplicate_on,
        offline=offline,
        recipient=recipient_of(buyer=invoice.buyer, holder=holder.name, correspondence=holder.correspondence),
        use=use_of_meters(descriptions=invoice.descriptions, earlier=earlier),
    )


def _rows(invoice_ids: Collection[int]) -> list[_Row]:
    columns = ("id", "account_id", "due_date", "payment_nrb", "xml_sha256", "content")
    found = Invoice.objects.filter(among("id", set(invoice_ids))).order_by("id").values(*columns)
    return [_row(one) for one in found]


def _row(found: Mapping[str, Any]) -> _Row:
    return _Row(
        id=found["id"],
        account_id=found["account_id"],
        due_date=found["due_date"],
        payment_nrb=found["payment_nrb"],
        xml_sha256=bytes(found["xml_sha256"]),
        invoice=from_content(found["content"]),
    )


def _holders(account_ids: Collection[int]) -> dict[int, Account]:
    scope = CustomerScope.for_accounts(frozenset(account_ids), reason="invoice documents")
    return {account.id: account for account in customers.accounts(scope=scope)}


def _ksef_numbers(hashes: Iterable[bytes]) -> dict[bytes, str]:
    rows = KsefRegistration.objects.filter(among("xml_sha256", set(hashes)))
    return {bytes(sha256): number for sha256, number in rows.values_list("xml_sha256", "ksef_number")}


def _ksef_url(row: _Row) -> str:
    seller = row.invoice.seller.nip
    if not seller:
        return ""
    return verification_url(
        seller_nip=seller,
        issue_date=row.invoice.issue_date,
        xml_sha256=row.xml_sha256,
        site=settings.EBOK_KSEF_QR_URL,
    )


def _periods_before(rows: Sequence[_Row]) -> dict[int, list[Sequence[Description]]]:
    """For each invoice, what invoices of the period right before it say: of the same buyer, and never corrected."""
    comparable = [row for row in rows if row.invoice.kind is InvoiceKind.VAT and row.invoice.period is not None]
    said: dict[_Place, list[Sequence[Description]]] = {}
    for account_id, invoice in _issued_before({_place(row.account_id, row.invoice, end=False) for row in comparable}):
        said.setdefault(_place(account_id, invoice, end=True), []).append(invoice.descriptions)
    return {row.id: said.get(_place(row.account_id, row.invoice, end=False), []) for row in comparable}


def _place(account_id: int, invoice: IssuedInvoice, *, end: bool) -> _Place:
    """The account, its buyer, and the day on which the period of the invoice begins or ends."""
    period = invoice.period
    day = date.min if period is None else period.end if end else period.start
    return account_id, invoice.buyer.name, invoice.buyer.nip or "", day


def _issued_before(places: Collection[_Place]) -> Iterator[tuple[int, IssuedInvoice]]:
    corrected = InvoiceCorrection.objects.filter(
        corrected_number=OuterRef("number"), correction__account_id=OuterRef("account_id")
    )
    found = Invoice.objects.filter(
        among("account_id", {account for account, *_ in places}), among("period_end", {day for *_, day in places})
    )
    plain = found.filter(~Exists(corrected), kind=InvoiceKind.VAT.value)
    for account_id, content in plain.values_list("account_id", "content"):
        yield account_id, from_content(content)
