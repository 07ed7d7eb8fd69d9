"""Whose data a view may show: the signed-in user's scope, asked anew on every request."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from ebok.access.domain import AccountAction, HeldGrants
from ebok.access.queries import grants_of, staff_member
from ebok.audit.domain import Actor, ActorKind
from ebok.customers.domain import CustomerScope
from ebok.foundation import clock
from ebok.portal.reach import closed_places, not_covered
from ebok.web.context import CLOSED
from ebok.web.rules import AccessRule, declare
from ebok.web.sessions import STAFF
from ebok.web.sign_in_first import network_address, to_sign_in

CHOSEN: Final = "account_id"
HOME: Final = "/panel/"
_HELD: Final = "ebok.held_grants"

CustomerView = Callable[..., HttpResponseBase]


def signed_in(view: CustomerView) -> CustomerView:
    """Only for people who are signed in; others are asked to sign in and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request, home=HOME)
        _tell_frame(request)
        return view(request, *args, **kwargs)

    return declare(guarded, AccessRule.SIGNED_IN)


def customer_view(action: AccountAction) -> Callable[[CustomerView], CustomerView]:
    """Only for people who are signed in; the view is given `scope`, the accounts on which they may do `action` now.

    A revoked grant is gone with the next request. What is not in scope is answered with 404 by the view. A page
    that names nothing, whose action the person's grants allow nowhere, says what they do not cover; without any
    grant it shows its empty state. Staff hold no grants: for them no customer's page is there, they have the office.
    """

    def bind(view: CustomerView) -> CustomerView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request, home=HOME)
            held, scope = held_grants(request), held_grants(request).scope(action)
            if not held.grants and staff_member(user_id=held.user_id) is not None:
                raise Http404
            _tell_frame(request)
            if held.grants and not scope.account_ids and not kwargs:
                return _outside(request, action) or view(request, *args, scope=scope, **kwargs)
            return view(request, *args, scope=scope, **kwargs)

        return declare(guarded, AccessRule.CUSTOMER, action.value)

    return bind


def _outside(request: HttpRequest, action: AccountAction) -> HttpResponseBase | None:
    """The answer to somebody with grants of which none allows the action.

    Every role sees its account; whoever has only papers of a past one starts at the papers, and finds other
    pages that show accounts empty.
    """
    if action is not AccountAction.SEE_ACCOUNT:
        return not_covered(request, action=action)
    return redirect("invoices") if request.path == HOME else None


def _tell_frame(request: HttpRequest) -> None:
    request.META[CLOSED] = lambda: closed_places(held_grants(request))


def held_grants(request: HttpRequest) -> HeldGrants:
    """Everything the signed-in person holds now, asked once a request. Nothing for people who are not signed in."""
    held: HeldGrants | None = request.META.get(_HELD)
    if held is None:
        held = grants_of(user_id=request.user.pk or 0, today=clock.today())
        request.META[_HELD] = held
    return held


def chosen_account(request: HttpRequest, scope: CustomerScope) -> int | None:
    """The premises the user looks at: the one they chose while it is in scope, else the first; None without any."""
    chosen = request.session.get(CHOSEN)
    if isinstance(chosen, int) and scope.allows(chosen):
        return chosen
    return min(scope.account_ids or (), default=None)


def kind_of(request: HttpRequest) -> ActorKind:
    """Staff while their post is in force, else a customer. The session's mark spares customers the question."""
    staff = STAFF in request.session and staff_member(user_id=request.user.pk or 0) is not None
    return ActorKind.STAFF if staff else ActorKind.USER


def acting_user(request: HttpRequest) -> Actor:
    """The person behind the request, for the audit trail."""
    address = network_address(request)
    if request.user.is_authenticated:
        return Actor(kind=kind_of(request), name=str(request.user.pk), address=address)
    return Actor(kind=ActorKind.ANONYMOUS, name="portal", address=address)
