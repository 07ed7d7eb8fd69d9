"""Answers for the home of the office and for its keys."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.domain import StaffAction, StaffMember
from ebok.foundation import clock
from ebok.foundation.formats import moment
from ebok.notifications.domain import Outcome, UndeliveredMessage
from ebok.notifications.queries import undelivered
from ebok.office import looking
from ebok.office.frame import KEYS_COOKIE, KEYS_OFF, KEYS_ON, page
from ebok.office.home.work import UNDELIVERED_FOR, waiting_work
from ebok.office.scope import staff_view
from ebok.web.appearance import COOKIE_SECONDS

LOST_SHOWN: Final = 200
WHY_LOST: Final = {
    Outcome.PERMANENT: "adres nie przyjmuje",
    Outcome.BOUNCED: "wróciło do nas",
    Outcome.GIVEN_UP: "długo nie było odpowiedzi",
    Outcome.UNREACHED: "nasza poczta nie działała",
}


@staff_view(StaffAction.ENTER)
@require_safe
def home(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show the work that waits for this role."""
    return page(request, staff, "office/home/home.html", {"queues": waiting_work(staff=staff, now=clock.now())})


@staff_view(StaffAction.SEARCH_CUSTOMERS)
@require_safe
def lost(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """Show messages that were not delivered. Addresses are shown, so that looking leaves a row of audit."""
    found = undelivered(since=clock.now() - UNDELIVERED_FOR, groups=False)[:LOST_SHOWN]
    looking.listed(request, action=looking.UNDELIVERED_LISTED, rows=len(found))
    return page(request, staff, "office/home/lost.html", {"messages_lost": [_lost(one) for one in found]})


@staff_view(StaffAction.ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, *, staff: StaffMember) -> HttpResponse:
    """List the keys, and switch them off or on for this browser (WCAG 2.1.4)."""
    if request.method != "POST":
        return page(request, staff, "office/home/keys.html", {})
    off = request.POST.get("keys") == KEYS_OFF
    messages.success(request, "Skróty klawiszy są wyłączone." if off else "Skróty klawiszy są włączone.")
    answer = redirect("office_keys")
    value = KEYS_OFF if off else KEYS_ON
    answer.set_cookie(
        KEYS_COOKIE, value, max_age=COOKIE_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return answer


def _lost(one: UndeliveredMessage) -> dict[str, str]:
    return {
        "to": one.recipient,
        "queued": moment(one.queued_at),
        "ended": moment(one.ended_at),
        "why": WHY_LOST.get(one.outcome, ""),
    }
