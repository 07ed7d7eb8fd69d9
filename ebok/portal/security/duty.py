"""Setting up a second factor: what staff must do first, and the offer of a passkey to customers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ebok.access.operations.offers import decline_offer
from ebok.access.queries.factors import has_second_factor
from ebok.foundation import clock
from ebok.portal.scope import signed_in
from ebok.portal.security.frame import page, person
from ebok.web.step_up import safe_next


@signed_in
@require_safe
def set_up(request: HttpRequest) -> HttpResponse:
    """Say that staff sign in with a second factor, and offer both kinds."""
    return page(request, "set_up.html", {"has_factor": has_second_factor(user_id=person(request).pk)})


@signed_in
@require_http_methods(["GET", "POST"])
def offer_passkey(request: HttpRequest) -> HttpResponse:
    """Offer a passkey; it may be put off or declined for good."""
    back = safe_next(request, default="/panel/")
    if request.method == "POST":
        if request.POST.get("answer") == "never":
            decline_offer(user_id=person(request).pk, now=clock.now())
        return redirect(back)
    return page(request, "passkey_offer.html", {"next": back})
