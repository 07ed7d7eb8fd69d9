"""Answers for reports of suspect invoices."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.einvoicing.domain.checks import Finding, OpenReport
from ebok.einvoicing.operations.reports import ReportRefusal, UnableToSettleReport, settle_report
from ebok.einvoicing.queries.reports import open_reports
from ebok.foundation import clock
from ebok.foundation.formats import NBSP, moment, nrb_groups
from ebok.kernel.identifiers import NRB_LENGTH
from ebok.office.frame import page
from ebok.office.scope import acting_staff, staff_view
from ebok.office.words import counted
from ebok.web.findings import FOUND, TYPED, WAYS

FOREIGN: Final = frozenset({Finding.NOT_OUR_ACCOUNT, Finding.FILE_ALTERED})
"""What is a forgery beyond doubt."""
ALREADY: Final = "Ktoś już załatwił to zgłoszenie. Nic nie zmieniliśmy."


@staff_view(StaffAction.SEND_INVOICES)
@require_safe
def suspects(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show the reports nobody has dealt with. They say what was typed, and nothing of whoever typed it."""
    return page(request, staff, "office/suspects/list.html", {"reports": [_line(one) for one in open_reports()]})


@staff_view(StaffAction.SEND_INVOICES)
@require_POST
def settle(request: HttpRequest, report_id: int, *, staff: StaffMember) -> HttpResponse:
    """Note that a report, and every one that says the same, is dealt with."""
    try:
        count = settle_report(report_id=report_id, acting=acting_staff(request), now=clock.now())
        messages.success(request, f"Załatwione: {counted(count, 'zgłoszenie', 'zgłoszenia', 'zgłoszeń')}.")
    except UnableToSettleReport as unable:
        if unable.reason is ReportRefusal.NOT_FOUND:
            raise Http404 from unable
        messages.info(request, ALREADY)
    return redirect("office_suspects")


def _line(one: OpenReport) -> dict[str, Any]:
    said = [(TYPED.get(name, name), _shown(name, value)) for name, value in one.typed.items() if value]
    return {
        "id": str(one.id),
        "way": WAYS[one.way],
        "finding": FOUND[one.finding],
        "kind": "late" if one.finding in FOREIGN else "soon",
        "said": [*said, *([("Skrót pliku", one.file_sha256)] if one.file_sha256 else [])],
        "times": "" if one.times == 1 else counted(one.times, "raz", "razy", "razy"),
        "at": moment(one.last_at),
    }


def _shown(name: str, value: str) -> str:
    """An account in the groups it is printed in, between which a line may break; anything else as it was typed."""
    is_account = name == "account" and len(value) == NRB_LENGTH and value.isdecimal()
    return nrb_groups(value).replace(NBSP, " ") if is_account else value
