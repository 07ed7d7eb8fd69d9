"""Answers for entering a form that came on paper."""

from typing import Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from ebok.access.domain import StaffAction, StaffMember, grouped
from ebok.documents.operations import UnableToTakeScan
from ebok.enrolment.domain.application_views import StartedApplication
from ebok.enrolment.operations import ApplicationRefusal, UnableToApply, enter_paper_application
from ebok.foundation import clock
from ebok.office.applications.paper_forms import PaperForm
from ebok.office.frame import page
from ebok.office.scans import NO_SCAN
from ebok.office.scope import acting_staff, staff_view
from ebok.terms.queries import versions
from ebok.web.clause import CLAUSE_VERSION

NOT_TAKEN: Final = {
    ApplicationRefusal.TERMS: ("terms", "Wybierz wersję regulaminu jeszcze raz."),
    ApplicationRefusal.TOO_MANY_ACCOUNTS: ("account_numbers", "Wpisz najwyżej 20 numerów."),
}


@staff_view(StaffAction.DECIDE_APPLICATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Enter a paper form with its scan, once however often it is sent."""
    known = [one for one in versions() if one.valid_from <= clock.today()]
    if request.method != "POST":
        form = PaperForm(versions=known, initial={"client_id": uuid4()})
        return page(request, staff, "office/applications/paper.html", {"form": form})
    form = PaperForm(request.POST, request.FILES, versions=known)
    entered = _entered(request, staff, form) if form.is_valid() else None
    if entered is None:
        return page(request, staff, "office/applications/paper.html", {"form": form})
    return _confirmed(request, staff, entered)


def _confirmed(request: HttpRequest, staff: StaffMember, entered: StartedApplication) -> HttpResponse:
    """Confirm at once and not by a redirect: the code waits in no cookie and no session, and is shown this one time.

    The same form sent again is entered once and shows the same page.
    """
    shown = {"number": entered.number, "code": grouped(entered.code), "id": entered.application_id}
    answer = page(request, staff, "office/applications/paper_done.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer


def _entered(request: HttpRequest, staff: StaffMember, form: PaperForm) -> StartedApplication | None:
    said = form.cleaned_data
    try:
        return enter_paper_application(
            client_id=said["client_id"], answers=form.answers(), pesel=said["pesel_number"], scan=said["scan"],
            terms_version_id=said["terms"], clause_version=CLAUSE_VERSION, staff_id=staff.user_id,
            acting=acting_staff(request), now=clock.now(),
        )  # fmt: skip
    except UnableToTakeScan as unable:
        form.add_error("scan", NO_SCAN[unable.reason])
    except UnableToApply as unable:
        form.add_error(*NOT_TAKEN.get(unable.reason, (None, "Sprawdź pola: czegoś jeszcze brakuje.")))
    return None
