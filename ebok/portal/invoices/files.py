"""The files of invoices: PDF, XML, and several in one ZIP."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_POST, require_safe

from ebok.access.domain import AccountAction
from ebok.billing import queries as billing
from ebok.billing.domain.overview import InvoiceDetail
from ebok.customers.domain import CustomerScope
from ebok.documents import queries as documents
from ebok.documents.domain import DocumentUnavailable
from ebok.einvoicing.domain.documents import NotYet
from ebok.einvoicing.operations.documents import DocumentNotYet, document_of, duplicate_of
from ebok.einvoicing.operations.openings import opened
from ebok.foundation import clock
from ebok.foundation.utility import utility
from ebok.portal import downloads
from ebok.portal.invoices.bundle import BundledFile, file_stem, zip_stream
from ebok.portal.invoices.choices import whole_number
from ebok.portal.invoices.views import in_scope
from ebok.portal.looking import downloaded
from ebok.portal.scope import acting_user, customer_view
from ebok.web.errors import file_unavailable, log_unavailable, too_many_downloads
from ebok.web.step_up import fresh_for_file

CHOSEN_AT_MOST: Final = 80
NOTE_NAME: Final = "czego-brakuje.txt"


@customer_view(AccountAction.SEE_INVOICES)
@require_safe
def invoice_pdf(request: HttpRequest, invoice_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Send the sealed document, the same bytes every time; the first time it may have to be made."""
    detail = in_scope(invoice_id, scope)
    return _sent(request, detail, partial(pdf_of, detail), kind="pdf")


@customer_view(AccountAction.SEE_INVOICES)
@require_POST
def duplicate(request: HttpRequest, invoice_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Make today's duplicate and send it."""
    detail = in_scope(invoice_id, scope)

    def made() -> bytes:
        sha256 = duplicate_of(invoice_id=detail.row.id, on=clock.today(), acting=acting_user(request), now=clock.now())
        return documents.read(sha256=sha256)

    return _sent(request, detail, made, kind="pdf", name=f"{_stem(detail)}-duplikat")


@customer_view(AccountAction.SEE_INVOICES)
@require_safe
def invoice_xml(request: HttpRequest, invoice_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Send the invoice itself, byte for byte."""
    detail = in_scope(invoice_id, scope)
    return _sent(request, detail, partial(xml_of, detail), kind="xml")


@customer_view(AccountAction.SEE_INVOICES)
@require_POST
def chosen_invoices(request: HttpRequest, *, scope: CustomerScope) -> HttpResponseBase:
    """Lead to paying the ticked invoices, or send them as one ZIP."""
    ids = invoice_ids(request.POST.getlist("faktura"))
    if not ids:
        messages.error(request, "Zaznacz co najmniej jedną fakturę.")
        return redirect("invoices")
    if len(ids) > CHOSEN_AT_MOST:
        messages.error(request, f"Zaznacz najwyżej {CHOSEN_AT_MOST} faktur naraz.")
        return redirect("invoices")
    found = billing.invoices_by_id(scope=scope, invoice_ids=ids, today=clock.today())
    if len(found) < len(ids):
        raise Http404
    if request.POST.get("co") == "zip":
        return _bundle(request, scope=scope, taken={one: found[one].account_id for one in ids})
    return redirect(f"{reverse('pay')}?{urlencode([('faktura', i) for i in ids])}")


def invoice_ids(texts: Sequence[str]) -> list[int]:
    """Read invoice ids, each once, in their order.

    :raises Http404: when one is no id.
    """
    ids = [whole_number(text) for text in texts]
    if None in ids:
        raise Http404
    return list(dict.fromkeys(i for i in ids if i is not None))


def pdf_of(detail: InvoiceDetail) -> bytes:
    """Return the document of one invoice in scope.

    :raises DocumentNotYet: when it has none now.
    :raises DocumentUnavailable: when it cannot be read.
    """
    return documents.read(sha256=document_of(invoice_id=detail.row.id, now=clock.now()))


def xml_of(detail: InvoiceDetail) -> bytes:
    """Return the XML of one invoice in scope.

    For a buyer with a NIP it is an invoice only once KSeF has taken it (art. 106na ustawy o VAT): before that it may
    still be refused and come back different, so nobody gets it.

    :raises DocumentNotYet: when it waits for its KSeF number.
    :raises DocumentUnavailable: when it cannot be read.
    """
    if detail.invoice.buyer.nip and not detail.ksef_number:
        raise DocumentNotYet(NotYet.WAITS_FOR_KSEF)
    return documents.read(sha256=detail.xml_sha256)


@fresh_for_file
def _bundle(request: HttpRequest, *, scope: CustomerScope, taken: Mapping[int, int]) -> HttpResponseBase:
    """Send the invoices of `taken`, each with its account, unless there were too many bundles."""
    if not downloads.allowed(request, downloads.BUNDLES):
        return too_many_downloads(request)
    downloaded(request, taken=[(f"invoice:{one}", account_id) for one, account_id in taken.items()], kind="zip")
    opened(invoice_ids=list(taken), now=clock.now())
    return _zip(list(taken), scope)


def _zip(ids: Sequence[int], scope: CustomerScope) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(zip_stream(_files(ids, scope)), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename="faktury.zip")
    return answer


def _files(ids: Sequence[int], scope: CustomerScope) -> Iterator[BundledFile]:
    """The files that can be read, and last a note that names those that cannot."""
    missing, waiting = list[str](), list[str]()
    for invoice_id in ids:
        detail = in_scope(invoice_id, scope)
        for name, read in _makers(detail):
            try:
                data = read()
            except (DocumentUnavailable, DocumentNotYet) as fault:
                (waiting if _waits(fault) else missing).append(name)
                log_unavailable(fault)
            else:
                yield BundledFile(name=name, day=detail.row.issue_date, data=data)
    if missing or waiting:
        yield BundledFile(name=NOTE_NAME, day=clock.today(), data=_note(missing, waiting).encode())


def _waits(fault: Exception) -> bool:
    return isinstance(fault, DocumentNotYet) and fault.reason is NotYet.WAITS_FOR_KSEF


def _makers(detail: InvoiceDetail) -> list[tuple[str, Callable[[], bytes]]]:
    stem = _stem(detail)
    return [
        (f"{stem}.pdf", partial(pdf_of, detail)),
        (f"{stem}.xml", partial(xml_of, detail)),
    ]


def _note(missing: Sequence[str], waiting: Sequence[str]) -> str:
    """What is missing and what to do, with the line ends that every editor understands."""
    lines = list[str]()
    if missing:
        call = f"Zadzwoń, wyślemy je: {utility().phone}, {utility().office_hours}."
        lines += ["Tych plików nie możemy teraz otworzyć:", *(f"- {name}" for name in missing), "", call, ""]
    if waiting:
        lines += ["Te faktury czekają na numer KSeF. Pobierzesz je, gdy go dostaną:", *(f"- {n}" for n in waiting), ""]
    return "\r\n".join(lines)


def _stem(detail: InvoiceDetail) -> str:
    return file_stem(detail.row.number)


def _sent(
    request: HttpRequest, detail: InvoiceDetail, make: Callable[[], bytes], *, kind: str, name: str = ""
) -> HttpResponse:
    """Make the file, note that it was taken and send it, unless there were too many or there is none now."""
    if not downloads.allowed(request, downloads.FILES):
        return too_many_downloads(request)
    try:
        data = make()
    except (DocumentUnavailable, DocumentNotYet) as fault:
        if _waits(fault):
            messages.info(request, "Ta faktura czeka na numer KSeF. Pobierzesz ją, gdy go dostanie.")
            return redirect("invoice", invoice_id=detail.row.id)
        return file_unavailable(request, fault)
    downloaded(request, taken=[(f"invoice:{detail.row.id}", detail.row.account_id)], kind=kind)
    opened(invoice_ids=[detail.row.id], now=clock.now())
    return _attachment(data, media_type=f"application/{kind}", name=f"{name or _stem(detail)}.{kind}")


def _attachment(data: bytes, *, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
