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
from ebok.billing.ports import InvoiceRenderer
from ebok.customers import queries as customers
from ebok.customers.domain import CustomerScope
from ebok.documents import queries as documents
from ebok.documents.domain import DocumentUnavailable
from ebok.foundation import clock, ports
from ebok.foundation.utility import utility
from ebok.portal import downloads
from ebok.portal.invoices.bundle import BundledFile, file_stem, zip_stream
from ebok.portal.invoices.choices import whole_number
from ebok.portal.invoices.views import in_scope
from ebok.portal.looking import downloaded
from ebok.portal.scope import customer_view
from ebok.web.errors import file_unavailable, log_unavailable, too_many_downloads
from ebok.web.step_up import fresh_for_file

CHOSEN_AT_MOST: Final = 80
NOTE_NAME: Final = "czego-brakuje.txt"


@customer_view(AccountAction.SEE_INVOICES)
@require_safe
def invoice_pdf(request: HttpRequest, invoice_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Send the supplied PDF; without one, a PDF drawn now and kept nowhere."""
    detail = in_scope(invoice_id, scope)
    return _sent(request, detail, partial(pdf_of, detail, scope), media_type="application/pdf", kind="pdf")


@customer_view(AccountAction.SEE_INVOICES)
@require_safe
def invoice_xml(request: HttpRequest, invoice_id: int, *, scope: CustomerScope) -> HttpResponse:
    """Send the invoice itself, byte for byte."""
    detail = in_scope(invoice_id, scope)
    read = partial(documents.read, sha256=detail.xml_sha256)
    return _sent(request, detail, read, media_type="application/xml", kind="xml")


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


def pdf_of(detail: InvoiceDetail, scope: CustomerScope) -> bytes:
    """Return the PDF of one invoice in scope."""
    if detail.pdf_sha256 is not None:
        return documents.read(sha256=detail.pdf_sha256)
    account = customers.account(scope=scope, account_id=detail.row.account_id)
    document = billing.invoice_document(
        detail=detail,
        account_number=account.number if account else "",
        payment_nrb=account.payment_nrb if account else "",
    )
    return ports.adapter(InvoiceRenderer).render(document)


@fresh_for_file
def _bundle(request: HttpRequest, *, scope: CustomerScope, taken: Mapping[int, int]) -> HttpResponseBase:
    """Send the invoices of `taken`, each with its account, unless there were too many bundles."""
    if not downloads.allowed(request, downloads.BUNDLES):
        return too_many_downloads(request)
    downloaded(request, taken=[(f"invoice:{one}", account_id) for one, account_id in taken.items()], kind="zip")
    return _zip(list(taken), scope)


def _zip(ids: Sequence[int], scope: CustomerScope) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(zip_stream(_files(ids, scope)), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename="faktury.zip")
    return answer


def _files(ids: Sequence[int], scope: CustomerScope) -> Iterator[BundledFile]:
    """The files that can be read, and last a note that names those that cannot."""
    missing = []
    for invoice_id in ids:
        detail = in_scope(invoice_id, scope)
        for name, read in _makers(detail, scope):
            try:
                data = read()
            except DocumentUnavailable as fault:
                log_unavailable(fault)
                missing.append(name)
            else:
                yield BundledFile(name=name, day=detail.row.issue_date, data=data)
    if missing:
        yield BundledFile(name=NOTE_NAME, day=clock.today(), data=_note(missing).encode())


def _makers(detail: InvoiceDetail, scope: CustomerScope) -> list[tuple[str, Callable[[], bytes]]]:
    stem = _stem(detail)
    return [
        (f"{stem}.pdf", partial(pdf_of, detail, scope)),
        (f"{stem}.xml", partial(documents.read, sha256=detail.xml_sha256)),
    ]


def _note(missing: Sequence[str]) -> str:
    """What is missing and what to do, with the line ends that every editor understands."""
    names = [f"- {name}" for name in missing]
    call = f"Zadzwoń, wyślemy je: {utility().phone}, {utility().office_hours}."
    return "\r\n".join(["Tych plików nie możemy teraz otworzyć:", *names, "", call, ""])


def _stem(detail: InvoiceDetail) -> str:
    return file_stem(detail.row.number)


def _sent(
    request: HttpRequest, detail: InvoiceDetail, make: Callable[[], bytes], *, media_type: str, kind: str
) -> HttpResponse:
    """Make the file, note that it was taken and send it, unless there were too many or it cannot be read."""
    if not downloads.allowed(request, downloads.FILES):
        return too_many_downloads(request)
    try:
        data = make()
    except DocumentUnavailable as fault:
        return file_unavailable(request, fault)
    downloaded(request, taken=[(f"invoice:{detail.row.id}", detail.row.account_id)], kind=kind)
    return _attachment(data, media_type=media_type, name=f"{_stem(detail)}.{kind}")


def _attachment(data: bytes, *, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer
