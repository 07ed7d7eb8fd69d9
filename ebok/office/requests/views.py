"""Answers for requests for access: what waits, and deciding one."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.domain import StaffAction, StaffMember, WaitingRequest
from ebok.access.operations import GrantRefusal, UnableToGrant, decide_request
from ebok.access.queries import waiting_requests
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.office import looking
from ebok.office.frame import page
from ebok.office.requests.forms import DecisionForm
from ebok.office.scope import acting_staff, staff_scope, staff_view
from ebok.office.words import waiting_for

METHODS: Final = {"invoice": "kwota z faktury", "letter": "kod z listu", "data": "dane i kod", "application": "wniosek"}
REFUSED: Final = {
    GrantRefusal.HAS_OWNER: ("decision", "To konto ma właściciela. Najpierw zakończ jego własność albo daj inną rolę."),
    GrantRefusal.ENDS_BEFORE_IT_STARTS: ("until", "Wybierz dzień po dzisiejszym albo zostaw puste pole."),
}
NOT_GIVEN: Final = "Tej roli nie można teraz nadać. Wybierz inną albo odmów."


@staff_view(StaffAction.DECIDE_ACCESS)
@require_safe
def requests(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show the requests nobody has decided, the longest waiting first."""
    waiting = waiting_requests(scope=staff_scope(staff, reason="requests"))
    looking.listed(request, action=looking.REQUESTS_LISTED, rows=len(waiting))
    return page(request, staff, "office/requests/list.html", {"asked": [_line(one) for one in waiting]})


@staff_view(StaffAction.DECIDE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, request_id: int, *, staff: StaffMember) -> HttpResponse:
    """Grant one request or refuse it."""
    asked = _waiting(staff, request_id)
    if asked is None and request.method == "POST":
        messages.info(request, "Ktoś już zdecydował o tej prośbie. Nic nie zmieniliśmy.")
        return redirect("office_requests")
    if asked is None:
        raise Http404
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _decided(request, staff, request_id, form):
        messages.success(request, f"Zapisaliśmy decyzję. {asked.who} dostanie wiadomość.")
        return redirect("office_requests")
    subject = f"request:{asked.request_id}"
    looking.opened(request, action=looking.REQUEST, subject=subject, account_ids=[asked.account_id])
    return page(request, staff, "office/requests/decide.html", {"form": form, "asked": _line(asked)})


def _decided(request: HttpRequest, staff: StaffMember, request_id: int, form: DecisionForm) -> bool:
    try:
        decide_request(
            scope=staff_scope(staff, reason="requests"), request_id=request_id, today=clock.today(),
            acting=acting_staff(request), now=clock.now(), **form.answers(),
        )  # fmt: skip
    except UnableToGrant as unable:
        form.add_error(*REFUSED.get(unable.reason, ("decision", NOT_GIVEN)))
        return False
    return True


def _waiting(staff: StaffMember, request_id: int) -> WaitingRequest | None:
    waiting = waiting_requests(scope=staff_scope(staff, reason="requests"))
    return next((one for one in waiting if one.request_id == request_id), None)


def _line(one: WaitingRequest) -> dict[str, str]:
    return {
        "id": str(one.request_id),
        "account_id": str(one.account_id),
        "account": one.account_number,
        "who": one.who,
        "method": METHODS.get(one.method, one.method),
        "since": moment(one.asked_at),
        "age": waiting_for(clock.now() - one.asked_at),
    }
