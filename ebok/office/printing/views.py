"""Answers for invoices on paper: what waits, making a batch, its file, and the note that it is printed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.audit.domain import AuditFact
from ebok.audit.operations import record
from ebok.documents import queries as documents
from ebok.documents.domain import DocumentUnavailable
from ebok.einvoicing.domain import PrintedBatch
from ebok.einvoicing.operations.documents import UnableToMakeDocuments
from ebok.einvoicing.operations.printing import (
    PrintRefusal,
    UnableToPrint,
    make_print_batch,
    mark_printed,
    reprint,
)
from ebok.einvoicing.queries.printing import file_name, paper_waiting, print_batch, print_batches, prints_here
from ebok.foundation import clock
from ebok.foundation.formats import grouped, moment
from ebok.office import looking
from ebok.office.frame import page
from ebok.office.scope import acting_staff, staff_view
from ebok.office.words import counted, names_of, waiting_for, who
from ebok.web.errors import file_unavailable

BATCHES_SHOWN: Final = 30
LATE_AFTER: Final = timedelta(minutes=30)
"""A file that is not there by then will not come by itself."""
REFUSALS: Final = {
    PrintRefusal.PRINTED_BY_BILLING: "Faktury na papierze drukuje system rozliczeń.",
    PrintRefusal.NOTHING_TO_PRINT: "Nie ma nic do wydruku albo pliki faktur jeszcze powstają. Spróbuj za chwilę.",
    PrintRefusal.NO_FILE_YET: "Plik tej partii jeszcze powstaje. Odśwież stronę za chwilę.",
    PrintRefusal.ALREADY_PRINTED: "Ktoś już oznaczył tę partię. Nic nie zmieniliśmy.",
    PrintRefusal.NOT_PRINTED: "Ta partia już czeka na wydruk. Nic nie zmieniliśmy.",
}


@staff_view(StaffAction.PRINT_INVOICES)
@require_safe
def printing(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show how many invoices wait for paper, and the batches there are."""
    found = print_batches(limit=BATCHES_SHOWN)
    names = names_of(name for one in found for name in (one.made_by, one.printed_by))
    context = {
        "waiting": _waiting(),
        "to_print": [_line(one, names) for one in found if one.printed_at is None],
        "printed": [_line(one, names) for one in found if one.printed_at is not None],
        "by_billing": not prints_here(),
    }
    return page(request, staff, "office/printing/list.html", context)


@staff_view(StaffAction.PRINT_INVOICES)
@require_POST
def prepare(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Put what waits into a batch; its file is made in the background."""
    try:
        make_print_batch(acting=acting_staff(request), now=clock.now())
        messages.success(request, "Partia przygotowana. Jej plik zobaczysz tu za chwilę.")
    except UnableToPrint as unable:
        messages.info(request, REFUSALS[unable.reason])
    except UnableToMakeDocuments as unable:
        messages.error(request, f"Plików faktur nie da się teraz zrobić. {unable}")
    return redirect("office_printing")


@staff_view(StaffAction.PRINT_INVOICES)
@require_POST
def pdf(request: HttpRequest, batch_id: int, *, staff: StaffMember) -> HttpResponse:
    """Give the file of a batch. Who has it is on record."""
    batch = _batch(batch_id)
    if batch.pdf_sha256 is None:
        messages.info(request, REFUSALS[PrintRefusal.NO_FILE_YET])
        return redirect("office_printing")
    try:
        content = documents.read(sha256=batch.pdf_sha256)
    except DocumentUnavailable as fault:
        return file_unavailable(request, fault)
    details = {"rows": batch.invoices}
    fact = AuditFact(action=looking.PRINT_BATCH_FETCHED, subject=f"print_batch:{batch_id}", details=details)
    record(facts=[fact], acting=acting_staff(request), now=clock.now())
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(batch)}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@staff_view(StaffAction.PRINT_INVOICES)
@require_POST
def printed(request: HttpRequest, batch_id: int, *, staff: StaffMember) -> HttpResponse:
    """Note that a batch is printed and posted. Asks once before it does."""
    batch = _batch(batch_id)
    if request.POST.get("sure") != "tak":
        return page(request, staff, "office/printing/sure.html", {"batch": _line(batch, {})})
    try:
        mark_printed(batch_id=batch_id, acting=acting_staff(request), now=clock.now())
        messages.success(request, f"Wydrukowano: {counted(batch.invoices, 'faktura', 'faktury', 'faktur')}.")
    except UnableToPrint as unable:
        messages.info(request, REFUSALS[unable.reason])
    return redirect("office_printing")


@staff_view(StaffAction.PRINT_INVOICES)
@require_POST
def again(request: HttpRequest, batch_id: int, *, staff: StaffMember) -> HttpResponse:
    """Take back that a batch is printed: the same file is printed once more."""
    _batch(batch_id)
    try:
        reprint(batch_id=batch_id, acting=acting_staff(request), now=clock.now())
        messages.success(request, f"Partia {batch_id} znów czeka na wydruk.")
    except UnableToPrint as unable:
        messages.info(request, REFUSALS[unable.reason])
    return redirect("office_printing")


def _batch(batch_id: int) -> PrintedBatch:
    found = print_batch(batch_id=batch_id)
    if found is None:
        raise Http404
    return found


def _waiting() -> dict[str, str]:
    waits = paper_waiting()
    if waits.oldest is None:
        return {"count": "", "since": "", "age": ""}
    return {
        "count": counted(waits.count, "faktura", "faktury", "faktur"),
        "since": moment(waits.oldest),
        "age": waiting_for(clock.now() - waits.oldest),
    }


def _line(batch: PrintedBatch, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": str(batch.batch_id),
        "made": moment(batch.made_at),
        "by": who(batch.made_by, names),
        "count": grouped(str(batch.invoices)),
        "words": counted(batch.invoices, "faktura", "faktury", "faktur"),
        "has_file": batch.pdf_sha256 is not None,
        "is_late": clock.now() - batch.made_at > LATE_AFTER,
        "printed": moment(batch.printed_at) if batch.printed_at else "",
        "printed_by": who(batch.printed_by, names),
    }
