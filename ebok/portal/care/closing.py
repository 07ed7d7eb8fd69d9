"""Answer for closing one's login for good."""

from typing import Final

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ebok.access.domain import GrantRole
from ebok.access.operations import ClosingRefusal, UnableToClose, close_login
from ebok.foundation import clock
from ebok.portal.scope import acting_user, held_grants, signed_in
from ebok.portal.sign_in.views import CLEAR_SITE_DATA
from ebok.web.step_up import fresh_sign_in

REFUSED: Final = {
    ClosingRefusal.STAFF_LOGIN: "To login pracownika. Zamyka go administrator.",
    ClosingRefusal.CLOSED: "Ten login jest już zamknięty.",
}
DONE: Final = "Twój login jest zamknięty. Faktury i umowa na wodę zostają; masz pytania, zadzwoń do nas."


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Say what ends and what the law keeps, ask once, then close the login and sign out."""
    if request.method != "POST":
        return _page(request)
    try:
        close_login(user_id=request.user.pk or 0, acting=acting_user(request), now=clock.now())
    except UnableToClose as refused:
        return _page(request, refused=REFUSED[refused.reason])
    logout(request)
    messages.success(request, DONE)
    answer = redirect("start")
    answer["Clear-Site-Data"] = CLEAR_SITE_DATA
    return answer


def _page(request: HttpRequest, *, refused: str = "") -> HttpResponse:
    held = held_grants(request).grants
    owns = any(one.role is GrantRole.OWNER and not one.former for one in held)
    return render(request, "portal/care/close.html", {"refused": refused, "owns": owns, "person": request.user})
