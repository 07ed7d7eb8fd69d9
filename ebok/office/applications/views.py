"""Answers for the list of applications, one of them, and its scan."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.access.queries import login_names
from ebok.audit.domain import AuditFact
from ebok.audit.operations import record
from ebok.documents.domain import DocumentUnavailable
from ebok.enrolment.domain.application_views import ApplicationView, AskedAccount
from ebok.enrolment.domain.applications import ApplicationState
from ebok.enrolment.queries.application_checks import asked_accounts
from ebok.enrolment.queries.applications import application, applications, scan_of
from ebok.foundation import clock
from ebok.foundation.encryption import UnableToDecrypt
from ebok.foundation.formats import moment
from ebok.office import looking
from ebok.office.applications.words import (
    FILTERS,
    STATES,
    answers_facts,
    application_line,
    asked_line,
    staff_ids,
    step_lines,
)
from ebok.office.frame import page
from ebok.office.scans import scan_answer
from ebok.office.scope import acting_staff, staff_scope, staff_view
from ebok.web.errors import file_unavailable

ROWS: Final = 25


@staff_view(StaffAction.DECIDE_APPLICATIONS)
@require_safe
def listed(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show applications, the oldest first: those that wait for staff, or of one state."""
    chosen = request.GET.get("stan", "")
    found = applications(state=FILTERS.get(chosen))
    first = _first(request, len(found))
    before = f"?stan={chosen if chosen in FILTERS else ''}&od="
    shown = found[first : first + ROWS]
    looking.listed(request, action=looking.APPLICATIONS_LISTED, rows=len(shown))
    context = {
        "rows": [application_line(one, now=clock.now()) for one in shown],
        "filters": [(name, STATES[state][0], name == chosen) for name, state in FILTERS.items()],
        "chosen": chosen if chosen in FILTERS else "",
        "newer": f"{before}{max(first - ROWS, 0)}" if first else "",
        "older": f"{before}{first + ROWS}" if len(found) > first + ROWS else "",
    }
    return page(request, staff, "office/applications/list.html", context)


@staff_view(StaffAction.DECIDE_APPLICATIONS)
@require_safe
def one(request: HttpRequest, application_id: int, *, staff: StaffMember) -> HttpResponse:
    """Show one application beside what is on file, and what can be done."""
    view = found_or_404(application_id)
    asked = compared(request, staff, application_id)
    word, kind, icon = STATES[view.state]
    context = {
        "number": view.number,
        "id": str(view.application_id),
        "state": {"word": word, "kind": kind, "icon": icon},
        "facts": answers_facts(view.answers),
        "asked": [asked_line(row) for row in asked],
        "steps": step_lines(view.steps, names=login_names(user_ids=staff_ids(view))),
        "sent": moment(view.submitted_at),
        "decide_by": moment(view.decide_by),
        "has_scan": view.has_scan,
        "same_person": view.accepted_by == staff.user_id,
        "entered_it": view.entered_by == staff.user_id,
        "may": steps_open(view),
    }
    return page(request, staff, "office/applications/one.html", context)


@staff_view(StaffAction.DECIDE_APPLICATIONS)
@require_safe
def scan(request: HttpRequest, application_id: int, *, staff: StaffMember) -> HttpResponse:
    """Give the scan of a paper form; every download is on record."""
    view = found_or_404(application_id)
    try:
        kept = scan_of(application_id=view.application_id)
    except (DocumentUnavailable, UnableToDecrypt) as fault:
        return file_unavailable(request, fault)
    if kept is None:
        raise Http404
    _note_scan(request, staff, application_id)
    return scan_answer(kept)


def found_or_404(application_id: int) -> ApplicationView:
    """The application of this number.

    :raises Http404: when there is none, or it is a draft.
    """
    view = application(application_id=application_id)
    if view is None:
        raise Http404
    return view


def compared(request: HttpRequest, staff: StaffMember, application_id: int) -> list[AskedAccount]:
    """The accounts an application asks for, beside what is on file: whose data this shows is on record."""
    asked = _asked(staff, application_id)
    subject = f"application:{application_id}"
    looking.opened(request, action=looking.APPLICATION, subject=subject, account_ids=_known(asked))
    return asked


def steps_open(view: ApplicationView) -> dict[str, bool]:
    """Which steps staff can take now."""
    with_staff = view.state in {ApplicationState.RECEIVED, ApplicationState.ANSWERED}
    half = view.state is ApplicationState.HALF_ACCEPTED
    return {
        "accept": with_staff,
        "ask": with_staff or half,
        "confirm": half,
        "refuse": not view.state.is_final,
    }


def _first(request: HttpRequest, count: int) -> int:
    typed = request.GET.get("od", "")
    first = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len("000000000") else 0
    return first // ROWS * ROWS if first < count else 0


def _asked(staff: StaffMember, application_id: int) -> list[AskedAccount]:
    scope = staff_scope(staff, reason="applications")
    return asked_accounts(scope=scope, application_id=application_id, today=clock.today())


def _known(asked: list[AskedAccount]) -> set[int]:
    return {one.account_id for one in asked if one.account_id is not None}


def _note_scan(request: HttpRequest, staff: StaffMember, application_id: int) -> None:
    """A row for the form itself at every download, and one for each account it asks for."""
    known = sorted(_known(_asked(staff, application_id)))
    subject = f"application:{application_id}"
    facts = [AuditFact(action="application.scan", subject=subject, account_id=one) for one in [None, *known]]
    record(facts=facts, acting=acting_staff(request), now=clock.now())
