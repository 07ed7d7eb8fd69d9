"""Recovery codes: shown once after they were made, to print, copy or save; never again."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ebok.access.operations.factors import make_codes
from ebok.access.queries.factors import codes_left, has_second_factor, unused_codes
from ebok.foundation import clock
from ebok.foundation.utility import utility
from ebok.portal.scope import acting_user, signed_in
from ebok.portal.security.frame import page, person
from ebok.web.step_up import fresh_sign_in

SHOWN_UNTIL: Final = "recovery_codes_until"
SHOWN_SECONDS: Final = 10 * 60
FILE_NAME: Final = "ebok-kody-zapasowe.txt"
GROUP: Final = 5


def show_once(request: HttpRequest) -> HttpResponse:
    """Lead to the codes just made. This session sees them until they are said to be saved, ten minutes at most."""
    request.session[SHOWN_UNTIL] = clock.now().timestamp() + SHOWN_SECONDS
    return redirect("mfa_view_recovery_codes")


@signed_in
@fresh_sign_in
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Make ten new codes, after saying that the old ones stop working."""
    user = person(request)
    if not has_second_factor(user_id=user.pk):
        return redirect("security")
    if request.method == "POST":
        make_codes(user_id=user.pk, acting=acting_user(request), now=clock.now())
        return show_once(request)
    return page(request, "codes_make.html", {"left": unused_codes(user_id=user.pk)})


@signed_in
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the codes just made."""
    if not _may_see(request):
        return redirect("security")
    return page(request, "codes.html", {"codes": _grouped(request)})


@signed_in
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The codes just made, as a text file."""
    if not _may_see(request):
        return redirect("security")
    lines = [f"eBOK {utility().short_name}: kody zapasowe", "Każdy działa raz.", "", *_grouped(request), ""]
    answer = HttpResponse("\r\n".join(lines), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


@signed_in
@require_POST
def saved(request: HttpRequest) -> HttpResponse:
    """Hide the codes: their owner has them now."""
    request.session.pop(SHOWN_UNTIL, None)
    messages.success(request, "Kody zapasowe są gotowe. Trzymaj je tam, gdzie nikt inny ich nie zobaczy.")
    return redirect("security")


def _may_see(request: HttpRequest) -> bool:
    return bool(request.session.get(SHOWN_UNTIL, 0) > clock.now().timestamp())


def _grouped(request: HttpRequest) -> list[str]:
    codes = codes_left(user_id=person(request).pk)
    return [f"{code[:GROUP]} {code[GROUP:]}" for code in codes]
