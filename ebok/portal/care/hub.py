"""Answer for the person's own page: everything they can see and change about themselves, a press away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ebok.access.domain import AccountAction
from ebok.customers.domain import CustomerScope
from ebok.customers.queries import premises
from ebok.kernel.phones import shown_phone
from ebok.portal.scope import chosen_account, customer_view, held_grants

_ROWS = {
    "may_change": AccountAction.CHANGE_DETAILS,
    "may_see_data": AccountAction.SEE_DETAILS,
    "may_see_consents": AccountAction.SEE_CONSENTS,
    "may_see_viewers": AccountAction.SEE_VIEWERS,
}


@customer_view(AccountAction.SEE_ACCOUNT)
@require_safe
def me(request: HttpRequest, *, scope: CustomerScope) -> HttpResponse:
    """Show who is signed in, which premises are open to them, and what they can change; only what they may."""
    held = held_grants(request)
    context = {
        "person": request.user,
        "phone": shown_phone(getattr(request.user, "phone", "")),
        "premises": premises(scope=scope),
        "chosen": chosen_account(request, scope),
        **{name: bool(held.scope(action).account_ids) for name, action in _ROWS.items()},
    }
    return render(request, "portal/care/hub.html", context)
